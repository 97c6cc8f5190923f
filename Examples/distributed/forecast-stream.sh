#!/bin/sh
# forecast-stream.sh ID MODEL [BLOCK]: a filter like `recur forecast -`, with one process per core:
#
#   zcat sales.csv.gz | forecast-stream.sh store model.safetensors >forecast.csv
#
# GNU parallel cuts standard input into blocks of about BLOCK bytes (10M), always between two series, and
# gives each block the header. No name of a column has a comma, and no field before ID.
#
# If a block fails, the script fails, and the output lacks its series: run the script again. GNU parallel
# 20221122 loses headers with --retries and --resume-failed; for parts that can be run again one by one,
# see forecast-parts.sh.
set -eu

id=$1
export MODEL="$2"

# GNU parallel finds no name in quotes, after a byte-order mark or before a carriage return.
IFS= read -r header || true
header=$(printf '%s\n' "$header" | LC_ALL=C sed 's/^\xEF\xBB\xBF//' | tr -d '"\r')
case ",$header," in
  *",$id,"*) ;;
  *) echo "forecast-stream.sh: the header has no column $id" >&2 && exit 1 ;;
esac

status=$(mktemp)
trap 'rm -f "$status"' EXIT
{
  { printf '%s\n' "$header" && cat; } |
    parallel --pipe --header : --colsep , --group-by "$id" --block "${3:-10M}" --halt now,fail=1 \
      'recur forecast - --model "$MODEL" --output - --threads 1 --quiet' || echo failed >"$status"
} | awk 'NR == 1 { header = $0; print } $0 != header'
[ ! -s "$status" ]
