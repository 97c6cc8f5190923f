#!/usr/bin/env bash
# Every block of code on the chapters' pages, compiled and run. The Swift blocks of a page are one
# program, in their order; a C or Python block is a program by itself; a shell block is run in a folder
# where recur is on the path. A block of text that follows is what the program prints, to the letter.
#
#   run.sh [PAGE...]     those pages; all if none is named
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
unset MAKEFLAGS MAKELEVEL MFLAGS

pages=("$@")
[ ${#pages[@]} -gt 0 ] || pages=(Sources/RecurTraining/RecurTraining.docc/*.md)
work=$root/build/chapters
mkdir -p "$work"
python3 Tests/chapters/extract.py "$work" "${pages[@]}"

# All pages' programs in one package, so that what they depend on is built once.
swift build -c release --package-path "$work/package"
binaries=$(swift build -c release --package-path "$work/package" --show-bin-path)
swift build -c release --product RecurCommand
mkdir -p "$work/bin"
ln -sf "$(swift build -c release --show-bin-path)/RecurCommand" "$work/bin/recur"
PATH=$work/bin:$PATH
make --no-print-directory install PREFIX="$work/prefix" DESTDIR= >"$work/install.log"
export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig LD_LIBRARY_PATH=$work/prefix/lib

failed=0
check() { # check NAME EXPECTED COMMAND...: EXPECTED is a file, or there is none
  local name=$1 expected=$2
  shift 2
  if ! "$@" >"$work/output" 2>"$work/messages"; then
    echo "chapters: $name failed:" >&2
    tail -n 20 "$work/output" "$work/messages" >&2
    failed=1
  elif [ -f "$expected" ] && ! diff -u "$expected" "$work/output" >&2; then
    echo "chapters: $name prints something else" >&2
    failed=1
  else
    echo "chapters: $name"
  fi
}

c_program() {
  # shellcheck disable=SC2046
  cc -std=c11 -Wall -Wextra "$1" $(pkg-config --cflags --libs recur) -lm -o "$work/program"
  "$work/program"
}

for program in "$work"/programs/*; do
  name=$(basename "$program")
  expected=$work/expected/$name
  case $name in
  *.swift) check "$name" "$expected" "$binaries/${name%.swift}Page" ;;
  *.c) check "$name" "$expected" c_program "$program" ;;
  *.py) check "$name" "$expected" python3 "$program" ;;
  *.sh)
    folder=$work/folders/${name%.sh}
    rm -rf "$folder"
    mkdir -p "$folder"
    cp Examples/data/*.csv "$folder"
    cd "$folder"
    check "$name" "$expected" bash -euo pipefail "$program"
    cd "$root"
    ;;
  esac
done
exit "$failed"
