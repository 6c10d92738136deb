#!/usr/bin/env bash
# How near operating points found on a model come to the plant's own best, and how many break a
# limit in truth: the ethane cracker, 400 rows with 1 % noise, several seeds of the data.
#
# usage: operating_points.sh CUPEL FOLDER [SEED ...]     (about a minute a seed on 2 cores)
set -euo pipefail

cupel=$(realpath "$1")
mkdir -p "$2"
cd "$2"
shift 2
[ $# -gt 0 ] || set -- 1 2 3 4 5 6
for s in "$@"; do
  "$cupel" simulate ethane-cracker --rows 400 --noise 0.01 --seed "$s" --output "cracker$s.csv"
  "$cupel" design "cracker$s.csv" --inputs feed_kg_h,S_kg_kg,COT_C,P_out_bar \
    --target yield_C2H4,SEC,conversion,P_in_bar --trials 60 --quiet --output "cracker$s" >/dev/null
  for interval in reading plant; do
    echo "seed $s, interval of $interval"
    "$cupel" optimize "cracker$s.model" --maximize yield_C2H4 --minimize SEC \
      --limit 'conversion<=0.72' --limit 'P_in_bar<=2.6 bar' --interval $interval \
      --check ethane-cracker 2>/dev/null | sed -n '/Against/,$p'
  done
done
