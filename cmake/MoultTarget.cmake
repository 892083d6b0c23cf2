# Helpers that give every target of the project the same warnings, include roots and sanitizer.

add_library(moult_options INTERFACE)
target_compile_options(moult_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
# At -O3 g++ 12 gives these two of the standard library's own strings and optionals (GCC bugs 105651 and 80635).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(moult_options INTERFACE $<$<CONFIG:Release>:-Wno-restrict -Wno-maybe-uninitialized>)
endif()
if(MOULT_SANITIZE)
  target_compile_options(moult_options INTERFACE -fsanitize=${MOULT_SANITIZE} -fno-omit-frame-pointer
                                                 -fno-sanitize-recover=all)
  target_link_options(moult_options INTERFACE -fsanitize=${MOULT_SANITIZE})
endif()

# The public headers, <moult/...>: plain values that every layer may use.
add_library(moult_base INTERFACE)
add_library(moult::base ALIAS moult_base)
set_target_properties(moult_base PROPERTIES EXPORT_NAME base)
target_include_directories(moult_base INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(moult_base INTERFACE cxx_std_20)

# moult_layer(NAME DEPENDS...): the static library moult_NAME from the .cc files of the current folder. Headers are
# included from the root of the tree ("lang/ir.h").
function(moult_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(moult_${name} STATIC ${sources})
  add_library(moult::${name} ALIAS moult_${name})
  set_target_properties(moult_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(moult_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(moult_${name} PRIVATE $<BUILD_INTERFACE:moult_options>)
  target_link_libraries(moult_${name} PUBLIC moult_base ${ARGN})
  # tests/fuzz/coverage.cc is what the code then calls: only programs of that folder link.
  if(MOULT_FUZZ)
    target_compile_options(moult_${name} PRIVATE -fsanitize-coverage=trace-pc)
  endif()
endfunction()

# What the sanitizers' run-times need to know; see docs/embedding.md, "Sanitizers".
set(MOULT_TEST_ENVIRONMENT_address "ASAN_OPTIONS=detect_stack_use_after_return=0")
set(MOULT_TEST_ENVIRONMENT_undefined "UBSAN_OPTIONS=print_stacktrace=1")
set(MOULT_TEST_ENVIRONMENT_thread "TSAN_OPTIONS=second_deadlock_stack=1")

# moult_test(NAME DEPENDS... [SOURCES FILES...]): one GoogleTest program from the .cc files of the current folder, or from those
# named. The target moult_tests builds all of them.
function(moult_test name)
  cmake_parse_arguments(test "" "" "SOURCES" ${ARGN})
  if(NOT test_SOURCES)
    file(GLOB test_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  endif()
  add_executable(${name} ${test_SOURCES})
  add_dependencies(moult_tests ${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE moult_options ${test_UNPARSED_ARGUMENTS} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE MOULT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             MOULT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  set(properties TIMEOUT 600)
  if(MOULT_SANITIZE)
    string(REPLACE "," ";" sanitizers "${MOULT_SANITIZE}")
    foreach(sanitizer IN LISTS sanitizers)
      list(APPEND environment "${MOULT_TEST_ENVIRONMENT_${sanitizer}}")
    endforeach()
    list(APPEND properties ENVIRONMENT "${environment}")
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${MOULT_TEST_PREFIX}" DISCOVERY_TIMEOUT 120 DISCOVERY_MODE PRE_TEST
                       NO_PRETTY_VALUES
                       PROPERTIES ${properties})
endfunction()
