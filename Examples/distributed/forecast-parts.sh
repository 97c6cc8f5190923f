#!/bin/sh
# forecast-parts.sh PARTS MODEL FORECASTS: forecasts the panels PARTS/*.csv with GNU parallel, one process
# per core, and writes files of the same names to the folder FORECASTS.
#
# A forecast has its name only when it is complete. The script fails if a part fails. The same command
# then runs only the parts whose forecast is missing, or older than the part or the model.
set -eu

parts=$1
export MODEL="$2" FORECASTS="$3"
mkdir -p "$FORECASTS"

for forecast in "$FORECASTS"/*.csv; do
  if [ -e "$forecast" ] && [ ! -e "$parts/${forecast##*/}" ]; then
    echo "forecast-parts.sh: $forecast has no part in $parts: remove it" >&2
    exit 2
  fi
done

# {} is the path of a part, {/} its name.
parallel --joblog "$FORECASTS/jobs.log" '
  [ "$FORECASTS"/{/} -nt {} ] && [ "$FORECASTS"/{/} -nt "$MODEL" ] ||
    { rm -f "$FORECASTS"/{/} && recur forecast {} --model "$MODEL" --output - --threads 1 --quiet >"$FORECASTS"/{/}.partial &&
      mv "$FORECASTS"/{/}.partial "$FORECASTS"/{/}; }' ::: "$parts"/*.csv
