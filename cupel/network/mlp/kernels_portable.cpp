#define CUPEL_KERNEL_SET portable_set
#define CUPEL_KERNEL_NAME "portable"
#include "cupel/network/mlp/kernels_source.inl"
