#!/usr/bin/env bash
# Images a second in training against PyTorch, in one run: three rounds, one thread each.
#   bench/images/compare.sh BUILD_FOLDER
set -euo pipefail
here=$(dirname "$0")
export OMP_NUM_THREADS=1
for round in 1 2 3; do
  "$1/bench_images" 1 5
  # Kept memory: what PyTorch gives back to the system each step is the larger part of its time.
  MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2000000000 \
    /usr/bin/python3 "$here/images_torch.py" 4 channels_last
  /usr/bin/python3 "$here/images_torch.py" 2
done
