# bench_nsga2: NSGA-II against that of pagmo2, when pagmo2 is there.
find_package(Pagmo QUIET)
if(Pagmo_FOUND)
  add_executable(bench_nsga2 ${CMAKE_CURRENT_LIST_DIR}/nsga2_bench.cpp)
  target_link_libraries(bench_nsga2 PRIVATE cupel_search Pagmo::pagmo fmt::fmt)
  target_include_directories(bench_nsga2 PRIVATE ${PROJECT_SOURCE_DIR})
  cupel_compile_options(bench_nsga2)
else()
  message(STATUS "bench_nsga2 is left out: pagmo2 was not found (package libpagmo-dev)")
endif()

# bench_bayesian: the values that optuna_tpe.py compares with those of Optuna.
add_executable(bench_bayesian ${CMAKE_CURRENT_LIST_DIR}/bayesian_bench.cpp)
target_link_libraries(bench_bayesian PRIVATE cupel_search fmt::fmt)
cupel_compile_options(bench_bayesian)
