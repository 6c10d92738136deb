#!/usr/bin/env bash
# From a plant to operating points: builds the program, simulates a cracking furnace, designs a model
# of it, optimizes the furnace on the model, and checks every point against the simulated
# furnace. May be run again; it only ever removes its own out/demo/.
set -euo pipefail
cd "$(dirname "$0")/.."

cupel=build/release/cupel
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
echo "The plant: a furnace that cracks ethane to ethylene. 400 operating points, 1 % noise."
step $cupel simulate ethane-cracker --rows 400 --noise 0.01 --seed 1 --output $out/cracker.csv
step $cupel design $out/cracker.csv --inputs feed_kg_h,S_kg_kg,COT_C,P_out_bar \
  --target yield_C2H4,SEC,conversion,P_in_bar --trials "${DEMO_TRIALS:-60}" --seed 1 --output $out/cracker

echo
echo "Where to run it: much ethylene for little energy, at a conversion and a pressure that the"
echo "rest of the plant bears. Each point is then simulated."
step $cupel optimize $out/cracker.model --maximize yield_C2H4 --minimize SEC \
  --limit 'conversion<=0.72' --limit 'P_in_bar<=2.6 bar' --confidence 0.9 --seed 1 \
  --check ethane-cracker --output $out/operation

echo
echo "Done. Everything is in $out/:"
ls -l $out | awk 'NR > 1 {printf "  %-28s %9d bytes\n", $9, $5}'
echo "Open $PWD/$out/operation.html in a browser: where to run the furnace, and why."
echo "$PWD/$out/cracker.html: how good the model is."
