# shellcheck shell=bash
# What the tests of installations share: a folder to work in, and a count of what holds.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME COMMAND...: counts whether the command succeeds; what it says is shown if it does not.
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
