# shellcheck shell=bash
# Code shared by the installation tests: a temporary folder, and counts of passed and failed checks.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME COMMAND...: runs and counts a check; prints the output of the command if it fails.
check() {
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "failed: $name"
    sed 's/^/  /' "$work/log"
  fi
}

same_files() {
  diff <(cd "$1" && find . | sort) <(cd "$2" && find . | sort)
}

summary() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
