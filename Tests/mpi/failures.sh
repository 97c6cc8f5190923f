# shellcheck shell=bash disable=SC2154
# Runs over MPI that end early: run.sh includes this file.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

kills=${RECUR_KILLS:-10}

processes() { # prints the ids of the ranks, in their order
  pgrep -f -- "^$recur train text text.txt.*--output $1( |$)" || true
}

begin() { # FOLDER ARGUMENT...: begins a run of two ranks that saves every step, and waits for the first checkpoint
  local folder=$1
  shift
  mkdir -p "$folder"
  touch "$folder/start"
  mpirun --quiet -n 2 "$recur" train "$@" --checkpoint-every 1 --output "$folder" \
    >"$folder.out" 2>"$folder.err" &
  run=$!
  while kill -0 "$run" 2>"$work/none" && ! [ "$folder/checkpoint.safetensors" -nt "$folder/start" ]; do
    sleep 0.02
  done
}

# Waits for the end of all processes of a run.
ended() { # FOLDER
  local k status=0
  wait "$run" || status=$?
  for ((k = 0; k < 100; k++)); do
    [ -n "$(processes "$1")" ] || break
    sleep 0.1
  done
  [ -z "$(processes "$1")" ] && [ "$status" != 0 ]
}

# Ctrl-C, which mpirun passes on as SIGTERM.
test_stops() {
  local signal
  for signal in INT TERM; do
    begin "stop$signal" "${long[@]}"
    kill -s "$signal" "$run"
    check "SIG$signal ends all ranks" ended "stop$signal"
    check "one message after SIG$signal" test "$(grep -c 'stopped after step' "stop$signal.err")" = 1
    check "resumed on 4 after SIG$signal" \
      ranks 4 text text.txt --resume "stop$signal/checkpoint.safetensors" --output "stop$signal"
    check "same text after SIG$signal" same long "stop$signal"
  done
}

# Kills a random rank at a random time, and resumes the run on one, two or four ranks.
test_kills() {
  local k=0 victim counts=(1 2 4)
  RANDOM=2026
  begin killed "${long[@]}"
  while [ "$k" -lt "$kills" ]; do
    sleep "0.$((RANDOM % 20 + 10))"
    victim=$(processes killed | sed -n "$((RANDOM % 2 + 1))p")
    if [ -z "$victim" ]; then # The run is finished: another one begins.
      wait "$run" || true
      check "same text after $k kills" same long killed
      rm -rf killed
      begin killed "${long[@]}"
      continue
    fi
    kill -KILL "$victim" 2>"$work/none" || true
    k=$((k + 1))
    check "kill $k ends all ranks" ended killed
    check "kill $k left a checkpoint" "$recur" info killed/checkpoint.safetensors
    begin killed text text.txt --resume killed/checkpoint.safetensors
  done
  wait "$run" || true
  echo "killed $k times"
  check "some kills" test "$k" -gt 0
  check "resumed after kills" ranks "${counts[RANDOM % 3]}" text text.txt \
    --resume killed/checkpoint.safetensors --output killed
  check "same text after kills" same long killed
}

# A limit of the size of files stands for a full disk: of the first rank, which writes, and of the second.
limited() { # RANK ARGUMENT...
  local rank=$1
  shift
  # shellcheck disable=SC2016
  mpirun --quiet -n 2 bash -c 'if [ "$OMPI_COMM_WORLD_RANK" = '"$rank"' ]; then ulimit -f 16; fi; exec "$@"' \
    bash "$recur" train "$@"
}

test_full_disk() {
  # Shared memory of Open MPI is a file, too.
  export OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=lo
  check "a full disk of the first rank" fails_with 1 "checkpoint.safetensors: " \
    limited 0 "${short[@]}" --checkpoint-every 5 --output full
  check "no partial file" test "$(ls -A full)" = ""
  check "a full disk of the second rank" limited 1 "${short[@]}" --output full
  check "same text with a full disk" same text1 full
  unset OMPI_MCA_btl OMPI_MCA_btl_tcp_if_include
}
