# Every tests/fuzz/NAME_fuzz.cpp becomes the executable NAME_fuzz (preset "fuzz"). Seeds are in
# tests/fuzz/corpus/NAME.
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "fuzz targets need clang: cmake --preset fuzz")
endif()

add_custom_target(fuzz_targets)
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_fuzz.cpp)
foreach(source ${fuzz_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE cupel_process fmt::fmt)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  cupel_compile_options(${name})
  add_dependencies(fuzz_targets ${name})
endforeach()
