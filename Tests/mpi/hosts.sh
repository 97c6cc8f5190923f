# shellcheck shell=bash disable=SC2154
# Two network namespaces stand for two machines: run.sh includes this file. A cable joins them, and they share
# the files of this machine, but neither its network, nor its name, nor its shared memory.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

machines=(10.77.0.1 10.77.0.2)

make_machines() {
  local k
  for k in 1 2; do
    ip netns add "recur-10.77.0.$k"
  done
  ip link add recur1 netns recur-10.77.0.1 type veth peer name recur2 netns recur-10.77.0.2
  for k in 1 2; do
    ip -n "recur-10.77.0.$k" addr add "10.77.0.$k/24" dev "recur$k"
    ip -n "recur-10.77.0.$k" link set "recur$k" up
    ip -n "recur-10.77.0.$k" link set lo up
  done
  # What ssh is on real machines.
  cat >on <<'END'
#!/usr/bin/env bash
# on ADDRESS COMMAND...
address=$1
shift
exec ip netns exec "recur-$address" unshare --uts --ipc bash -c "hostname machine-${address##*.} && $*"
END
  chmod +x on
}

remove_machines() {
  local machine
  for machine in "${machines[@]}"; do
    ip netns del "recur-$machine" 2>"$work/none" || true
  done
}

# Trains with one rank on each machine; mpirun runs on the first one.
on_machines() { # ARGUMENT...
  ./on "${machines[0]}" "cd $work && mpirun --quiet --mca plm rsh --mca plm_rsh_agent $work/on \
    --mca oob_tcp_if_include 10.77.0.0/24 --mca btl self,tcp --mca btl_tcp_if_include 10.77.0.0/24 \
    -H 10.77.0.1,10.77.0.2 -n 2 $recur train $*"
}

test_machines() {
  remove_machines
  if ! make_machines 2>"$work/none"; then
    echo "skipped: two machines, which need network namespaces (root and iproute2)"
    return
  fi
  trap 'remove_machines; rm -rf "$work"' EXIT
  check "text on two machines" on_machines "${short[@]}" --output machines
  check "same text on two machines" same text1 machines
  check "panel on two machines" on_machines "${panel[@]}" --output machines-panel
  check "same panel on two machines" same panel1 machines-panel
  on_machines "${long[@]}" --checkpoint-every 1 --output remote >remote.out 2>remote.err &
  run=$!
  while kill -0 "$run" 2>"$work/none" && ! [ -e remote/checkpoint.safetensors ]; do sleep 0.02; done
  kill -KILL "$(processes remote | tail -n 1)"
  check "a kill on the second machine ends all ranks" ended remote
  check "resumed on one machine" ranks 1 text text.txt --resume remote/checkpoint.safetensors --output remote
  check "same text after the kill" same long remote
}
