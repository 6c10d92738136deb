#!/usr/bin/env bash
# Measures speed: builds the release program with its benchmarks, then runs every script in
# bench/ (bench/*.py, bench/*.sh), each of which writes its own page beside it.
#   tools/bench.sh [NAME...]    only these scripts, for example: tools/bench.sh training
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh build test bench
cmake --preset release -DCUPEL_BENCH=ON
cmake --build --preset release

ran=0
for script in bench/*.py bench/*.sh; do
  [ -x "$script" ] || continue
  name=$(basename "${script%.*}")
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
  printf '\n== %s\n' "$script"
  "$script" build/release
  ran=$((ran + 1))
done
[ $ran -gt 0 ] || { echo "bench: no script ${*:-} in bench/" >&2; exit 1; }
