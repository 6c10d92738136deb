# bench_windows: trainings of networks that read windows; window_peers.py does the same with PyTorch.
add_executable(bench_windows ${CMAKE_CURRENT_LIST_DIR}/window_bench.cpp)
target_link_libraries(bench_windows PRIVATE cupel_training fmt::fmt)
target_include_directories(bench_windows PRIVATE ${PROJECT_SOURCE_DIR})
cupel_compile_options(bench_windows)
