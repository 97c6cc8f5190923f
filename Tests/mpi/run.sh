#!/usr/bin/env bash
# run.sh TEST COMMAND: tests the sum of vectors over processes with the C program TEST, and training over MPI with
# a command recur that was built with MPI. `make check-distributed` builds both.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
test=$(realpath "$1")
recur=$(realpath "$2")
source "$root/Tests/install/check.sh"
source "$root/Tests/mpi/failures.sh"
source "$root/Tests/mpi/hosts.sh"
cd "$work"

# Open MPI refuses to run as root, and more processes than cores, unless it is told to.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_hwloc_base_binding_policy=none

ranks() { # N ARGUMENT...: trains with N processes
  local count=$1
  shift
  mpirun --quiet -n "$count" "$recur" train "$@"
}

# The same file on any number of ranks. Batches of 6 sequences leave shards empty.
text=(text text.txt --hidden-size 24 --embedding-size 8 --sequence-length 16 --clip-norm 0.1)
short=("${text[@]}" --epochs 2)
# mpirun may take a second to pass a signal on.
long=("${text[@]}" --epochs 100 --patience 0)
series=(series series.csv --horizon 4 --hidden-size 6 --members 1 --epochs 2 --batch-size 12)
panel=(panel shops.csv --id shop --horizon 6 --known-input promotion --hidden-size 6 --steps 12 --batch-size 12)
make_data() {
  cp "$root/Examples/data/shops.csv" .
  head -c 8000 "$root/Examples/data/alice-in-wonderland.txt" >text.txt
  python3 - >series.csv <<'END'
import math
print("date,value")
for k in range(120):
    print(f"{2000 + k // 12}-{k % 12 + 1:02},{10 + math.sin(k) + math.cos(k / 3):.6f}")
END
}

checksum() { # FOLDER: of the checkpoint and the model
  cat "$1"/checkpoint.safetensors "$1"/model.safetensors | sha256sum
}

same() { # FOLDER FOLDER
  [ "$(checksum "$1")" = "$(checksum "$2")" ]
}

fails_with() { # STATUS MESSAGE COMMAND...: fails with one of the statuses "1|2", and prints the message once
  local status=0 expected=$1 message=$2
  shift 2
  "$@" >out 2>err || status=$?
  cat out err
  [[ "$status" =~ ^($expected)$ ]] && [ "$(grep -cF "$message" err)" = 1 ]
}

test_bits() {
  local count
  for count in 1 2 4 8; do
    check "text on $count" ranks "$count" "${short[@]}" --output "text$count"
    check "dropout on $count" ranks "$count" "${short[@]}" --layers 2 --dropout 0.2 --batch-size 6 \
      --output "dropout$count"
    check "series on $count" ranks "$count" "${series[@]}" --output "series$count"
    check "panel on $count" ranks "$count" "${panel[@]}" --output "panel$count"
  done
  check "long text" ranks 1 "${long[@]}" --output long
  for count in 2 4 8; do
    check "same text on $count" same text1 "text$count"
    check "same dropout on $count" same dropout1 "dropout$count"
    check "same series on $count" same series1 "series$count"
    check "same panel on $count" same panel1 "panel$count"
  done
  check "text with threads" ranks 2 "${short[@]}" --threads 2 --output threads
  check "same text with threads" same text1 threads
  check "text without mpirun" "$recur" train "${short[@]}" --shards 8 --output alone
  check "same text without mpirun" same text1 alone
}

test_errors() {
  check "three ranks" fails_with 2 "mpirun started 3 processes, expected a power of two" \
    ranks 3 "${short[@]}"
  check "more ranks than shards" fails_with 2 \
    "mpirun started 4 processes, expected a power of two up to 2, the number of shards" \
    ranks 4 "${short[@]}" --shards 2
  check "no file" fails_with 2 "absent.txt: " ranks 2 text absent.txt
  check "another subcommand" fails_with 2 "mpirun started 2 processes, which only recur train uses" \
    mpirun --quiet -n 2 "$recur" info text1/model.safetensors
  check "a run without shards" "$recur" train "${short[@]}" --output undivided
  check "resumed on two" fails_with 2 "is a run without --shards" \
    ranks 2 text text.txt --resume undivided/checkpoint.safetensors
  # The second rank reads another file than the first.
  mkdir -p other
  check "a file missing on one rank" fails_with "1|2" "rank 1: " \
    mpirun --quiet -n 1 "$recur" train "${short[@]}" : -n 1 -wdir other "$recur" train "${short[@]}"
}

make_data
for count in 1 2 3 4 8; do
  check "sum over $count" mpirun --quiet -n "$count" "$test"
done
test_bits
test_errors
test_stops
test_kills
test_full_disk
test_machines
summary
