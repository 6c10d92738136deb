#!/usr/bin/env bash
# Feeds every reader (build/fuzz/NAME_fuzz) damaged files for some seconds each, starting
# from tests/fuzz/corpus/NAME and from what earlier runs found (NAME.tar.xz there). What is new
# and interesting goes to out/fuzz/NAME; an input that crashes goes to out/fuzz/ and ends the run
# with an error.
#   tools/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

tools/setup.sh build fuzz
cmake --preset fuzz
cmake --build --preset fuzz --target fuzz_targets

ran=0
for program in build/fuzz/*_fuzz; do
  [ -x "$program" ] && [ -f "$program" ] || continue
  name=${program##*/}; name=${name%_fuzz}
  mkdir -p "out/fuzz/$name" "tests/fuzz/corpus/$name"
  found=tests/fuzz/corpus/$name.tar.xz  # what earlier runs found, reduced to what covers as much
  [ -n "$(ls -A "out/fuzz/$name")" ] || [ ! -f "$found" ] || tar -C "out/fuzz/$name" -xJf "$found"
  printf '\n== %s, %s s\n' "$name" "$seconds"
  "$program" -max_total_time="$seconds" -artifact_prefix="out/fuzz/$name-" -print_final_stats=1 \
    "out/fuzz/$name" "tests/fuzz/corpus/$name"
  ran=$((ran + 1))
done
[ $ran -gt 0 ] || { echo "fuzz: no build/fuzz/*_fuzz was built" >&2; exit 1; }
