#!/usr/bin/env bash
# From a CSV file to a model and a report: builds the program and takes it through its main
# jobs on a small real data set. May be run again; it only ever removes its own out/demo/.
set -euo pipefail
cd "$(dirname "$0")/.."

cupel=build/release/cupel
data=samples/yacht.csv
out=out/demo

# Shows a command as a user would type it, then runs it.
step() {
  printf '\n\033[1m$ %s\033[0m\n' "${*/#$cupel/cupel}"
  "$@"
}

make --no-print-directory build
rm -rf "$out"
mkdir -p "$out"

echo
echo "The data: 308 towing-tank trials of yacht hulls. How much does a hull resist?"
step $cupel check $data --target resid_resistance
step $cupel design $data --target resid_resistance --output $out/yacht --seed 1
step $cupel predict $out/yacht.model $data >$out/predictions.csv
echo "(written to $out/predictions.csv; its first rows:)"
head -n 4 $out/predictions.csv

echo
echo "Done. Everything is in $out/:"
ls -l $out | awk 'NR > 1 {printf "  %-28s %9d bytes\n", $9, $5}'
echo "Open $PWD/$out/yacht.html in a browser: the report."
