#define CUPEL_KERNEL_SET v3_set
#define CUPEL_KERNEL_NAME "v3"
#define CUPEL_KERNELS_V3
#include "cupel/network/mlp/kernels_source.inl"
