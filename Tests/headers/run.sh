#!/bin/bash
# Compiles and runs the example of each public header, Examples/c/headers/NAME.c for recur/NAME.h, and
# compares the output with the comment at its end.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
source "$here/../install/check.sh"

libraries=(build/librecurfiles.a build/librecur.a)
make -C "$root" --no-print-directory files-dependencies "${libraries[@]}"

compile() { # NAME
  "${CC:-cc}" -std=c11 -Wall -Wextra -Werror "-I$root/include" "-I$root/CFiles/include" \
    "$root/Examples/c/headers/$1.c" "${libraries[@]/#/$root/}" -ljansson -lz -lgsl -lgslcblas -lm -pthread -o "$work/$1"
}

expected() { # NAME: the lines between "/* prints:" and "*/"
  sed -n '/^\/\* prints:$/,/^ *\*\/$/p' "$root/Examples/c/headers/$1.c" | sed '1d;$d'
}

prints() { # NAME
  expected "$1" >"$work/expected" && test -s "$work/expected" && (cd "$work" && "./$1") >"$work/found" &&
    diff "$work/expected" "$work/found"
}

for header in "$root"/include/recur/*.h "$root"/CFiles/include/recur/*.h; do
  name=$(basename "$header" .h)
  # attributes.h has no function and no type.
  [ "$name" != attributes ] || continue
  check "compile $name.c" compile "$name"
  check "run $name.c" prints "$name"
done
summary
