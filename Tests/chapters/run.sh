#!/usr/bin/env bash
# Compiles and runs every code block on the chapters' pages. The Swift blocks of a page form one program,
# in their order. Each C, Python or shell block is a separate program. Each program runs in its own folder,
# with recur on the path. A text block after a program must equal its output.
#
#   run.sh [PAGE...]     the pages to test; all by default
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
unset MAKEFLAGS MAKELEVEL MFLAGS

pages=("$@")
[ ${#pages[@]} -gt 0 ] || pages=(
  Sources/RecurTraining/RecurTraining.docc/*.md
  Sources/Recur/Recur.docc/Models.md
)
work=$root/build/chapters
mkdir -p "$work"
python3 Tests/chapters/extract.py "$work" "${pages[@]}"

# The programs of all pages are in one package, which shares its build folder with Tests/readme/run.sh.
build=(swift build -c release --package-path "$work/package" --scratch-path build/packages)
"${build[@]}"
binaries=$("${build[@]}" --show-bin-path)
swift build -c release --product RecurCommand
mkdir -p "$work/bin"
ln -sf "$(swift build -c release --show-bin-path)/RecurCommand" "$work/bin/recur"
PATH=$work/bin:$PATH
make --no-print-directory install PREFIX="$work/prefix" DESTDIR= >"$work/install.log"
export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig LD_LIBRARY_PATH=$work/prefix/lib

failed=0
check() { # check NAME EXPECTED COMMAND...: the file EXPECTED need not exist
  local name=$1 expected=$2
  shift 2
  if ! "$@" >"$work/output" 2>"$work/messages"; then
    echo "chapters: $name failed:" >&2
    tail -n 20 "$work/output" "$work/messages" >&2
    failed=1
  elif [ -f "$expected" ] && ! diff -u "$expected" "$work/output" >&2; then
    echo "chapters: $name prints unexpected output" >&2
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
  folder=$work/folders/$name
  rm -rf "$folder"
  mkdir -p "$folder"
  cp Examples/data/*.csv "$folder"
  cd "$folder"
  case $name in
  *.swift) check "$name" "$expected" "$binaries/${name%.swift}Page" ;;
  *.c) check "$name" "$expected" c_program "$program" ;;
  *.py) check "$name" "$expected" python3 "$program" ;;
  *.sh) check "$name" "$expected" bash -euo pipefail "$program" ;;
  esac
  cd "$root"
done
exit "$failed"
