#!/usr/bin/env bash
# From a plant to operating points: builds the program, simulates a cracking furnace and a
# polymerisation, designs a model of each, optimizes on it, and checks every point against the
# simulated plant. About two minutes on 2 cores. May be run again; it only ever removes its own
# out/demo/.
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
echo "The same model for colleagues with a spreadsheet program and nothing else."
step $cupel export $out/cracker.model --to xlsx

echo
echo "A second plant: batches that polymerise styrene. 600 of them, 1 % noise."
step $cupel simulate styrene --rows 600 --noise 0.01 --seed 1 --range T_C=75:90 \
  --range t_min=40:240 --output $out/styrene.csv
step $cupel design $out/styrene.csv --inputs I0_mol_m3,T_C,t_min --target x,Mw_g_mol \
  --trials "${DEMO_TRIALS:-60}" --seed 1 --output $out/styrene

echo
echo "Much conversion in little time, with a molar mass that the product may have."
step $cupel optimize $out/styrene.model --maximize x --minimize t_min \
  --limit '140000<=Mw_g_mol<=160000' --confidence 0.9 --seed 1 --check styrene \
  --output $out/batches

echo
echo "Done. Everything is in $out/:"
ls -l $out | awk 'NR > 1 {printf "  %-28s %9d bytes\n", $9, $5}'
echo "Open $PWD/$out/operation.html in a browser: where to run the furnace, and why."
echo "$PWD/$out/batches.html: the same for the batches."
echo "$PWD/$out/cracker.html, styrene.html: how good the models are."
echo "$PWD/$out/cracker.xlsx: type an operating point, read the prediction."
