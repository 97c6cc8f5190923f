#!/bin/sh
# forecast-parts.sh PARTS MODEL FORECASTS: forecasts the panels PARTS/*.csv with GNU parallel, one process
# per core, and writes files of the same names to the folder FORECASTS.
#
# A forecast has its name only when it is complete. The script fails if a part fails. The same command
# then runs only the parts without a forecast, and those that are newer than theirs.
set -eu

parts=$1
export MODEL="$2" FORECASTS="$3"
mkdir -p "$FORECASTS"

# {} is the path of a part, {/} its name.
parallel --joblog "$FORECASTS/jobs.log" '
  [ "$FORECASTS"/{/} -nt {} ] ||
    { recur forecast {} --model "$MODEL" --output - --threads 1 --quiet >"$FORECASTS"/{/}.partial &&
      mv "$FORECASTS"/{/}.partial "$FORECASTS"/{/}; }' ::: "$parts"/*.csv
