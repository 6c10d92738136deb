# bench_images: training of a small image network; its peer is images_torch.py, and
# bench/images/compare.sh runs both.
add_executable(bench_images ${CMAKE_CURRENT_LIST_DIR}/images_bench.cpp)
target_link_libraries(bench_images PRIVATE cupel_network cupel_parallel)
target_include_directories(bench_images PRIVATE ${PROJECT_SOURCE_DIR})
cupel_compile_options(bench_images)
