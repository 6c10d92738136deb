# bench_training: loss and gradient and whole trainings, beside a plain Eigen twin. The twin is
# compiled for this machine's processor; the kernels are the library's own.
add_executable(bench_training ${CMAKE_CURRENT_LIST_DIR}/training_bench.cpp
                              ${CMAKE_CURRENT_LIST_DIR}/eigen_twin.cpp)
target_link_libraries(bench_training PRIVATE cupel_training fmt::fmt)
target_include_directories(bench_training PRIVATE ${PROJECT_SOURCE_DIR})
cupel_compile_options(bench_training)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/eigen_twin.cpp PROPERTIES  # GCC 12 warns of its own header
  COMPILE_OPTIONS "-O3;-march=native;-ffp-contract=fast;-Wno-uninitialized;-Wno-maybe-uninitialized;-Wno-shadow")
# bench_inner_solver: the bounded least-squares solver beside IPOPT.
add_executable(bench_inner_solver ${CMAKE_CURRENT_LIST_DIR}/inner_solver_bench.cpp)
target_link_libraries(bench_inner_solver PRIVATE cupel_training fmt::fmt)
target_include_directories(bench_inner_solver PRIVATE ${PROJECT_SOURCE_DIR})
cupel_compile_options(bench_inner_solver)
