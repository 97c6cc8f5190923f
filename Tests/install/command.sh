#!/bin/bash
# What a user of the installed command meets: `make command install-command`, the program, its manual
# page and completions.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
source "$here/check.sh"

prefix=$work/prefix
version=$(sed -n 's/^#define RECUR_VERSION "\(.*\)"/\1/p' "$root/include/recur/version.h")

build_command() {
  make -C "$root" --no-print-directory command
}

install_into() {
  make -C "$root" --no-print-directory PREFIX="$1" DESTDIR="$2" install-command
}

files=./bin/recur
files+=$'\n./share/bash-completion/completions/recur'
files+=$'\n./share/fish/vendor_completions.d/recur.fish'
files+=$'\n./share/man/man1/recur.1'
files+=$'\n./share/zsh/site-functions/_recur'

test_install() {
  check "build" build_command
  check "install into PREFIX" install_into "$prefix" ""
  check "install into DESTDIR" install_into /usr "$work/stage"
  check "the same files in DESTDIR" same_files "$prefix" "$work/stage/usr"
  check "nothing else in DESTDIR" test "$(ls "$work/stage")" = usr
  check "these files and no others" \
    diff <(echo "$files") <(cd "$prefix" && find . -type f -size +0 | LC_ALL=C sort)
}

# Away from where it was built, and without Swift's libraries.
test_program() {
  cd "$work"
  check "version" test "$(env -i "$prefix/bin/recur" --version)" = "$version"
  check "textbook" env -i "$prefix/bin/recur" textbook
  check "no library of Swift's" bash -c "! ldd '$prefix/bin/recur' | grep -i swift"
}

completes_in_bash() {
  bash -c "source '$prefix/share/bash-completion/completions/recur' && complete -p recur"
}

test_share() {
  local share=$prefix/share command
  for command in forecast train generate info; do
    check "$command in the manual page" grep -qw "$command" "$share/man/man1/recur.1"
  done
  check "title of the manual page" grep -qx '\.Dt RECUR 1' "$share/man/man1/recur.1"
  check "completions for bash" completes_in_bash
  check "completions for zsh" grep -qx '#compdef recur' "$share/zsh/site-functions/_recur"
  check "completions for fish" \
    grep -q "^complete -c 'recur'" "$share/fish/vendor_completions.d/recur.fish"
}

test_install
test_program
test_share
summary
