# `cmake --install`: the public headers, the libraries with their CMake package; tools/ adds the `moult` command. The headers
# of lang/, codegen/ and gc/ are internal and are not installed; the libraries are, since static linking needs them.

include(CMakePackageConfigHelpers)
set(MOULT_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/moult)

install(DIRECTORY include/moult DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(TARGETS moult_base moult_lang moult_codegen moult_gc moult_runtime EXPORT moultTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT moultTargets NAMESPACE moult:: DESTINATION ${MOULT_CMAKE_DIR})
configure_package_config_file(cmake/moultConfig.cmake.in ${PROJECT_BINARY_DIR}/moultConfig.cmake
                              INSTALL_DESTINATION ${MOULT_CMAKE_DIR})
# Before 1.0 a minor version may change the API.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/moultConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/moultConfig.cmake ${PROJECT_BINARY_DIR}/moultConfigVersion.cmake
              cmake/MoultDependencies.cmake
        DESTINATION ${MOULT_CMAKE_DIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
