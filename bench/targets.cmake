# Each folder of benchmarks brings its own targets.
file(GLOB bench_targets CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*/targets.cmake)
foreach(targets ${bench_targets})
  include(${targets})
endforeach()
