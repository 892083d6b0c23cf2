# What the libraries are built on. Read by the top CMakeLists.txt and, once installed, by moultConfig.cmake: an embedding project
# finds exactly what the libraries were built with.

# CMake packages.
set(MOULT_PACKAGES Threads fmt asmjit simdjson PkgConfig)
# pkg-config modules, each as the target PkgConfig::NAME; Debian 12 ships no CMake package for these.
set(MOULT_MODULES bdw-gc re2)
