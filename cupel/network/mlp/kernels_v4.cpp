#define CUPEL_KERNEL_SET v4_set
#define CUPEL_KERNEL_NAME "v4"
#define CUPEL_KERNELS_V4
#include "cupel/network/mlp/kernels_source.inl"
