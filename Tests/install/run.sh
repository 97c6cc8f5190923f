#!/bin/bash
# Tests the installed C libraries: `make install` and `make install-files`, the headers, the exported symbols,
# pkg-config, CMake, C and C++, gcc and clang.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
source "$here/check.sh"

prefix=$work/prefix
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib

# gcc and g++ are required; clang and clang++ are optional.
c_compilers=(gcc)
cxx_compilers=(g++)
for name in clang clang++; do
  if ! command -v "$name" >/dev/null; then
    echo "skipped: $name is not installed"
  elif [ "$name" = clang ]; then
    c_compilers+=(clang)
  else
    cxx_compilers+=(clang++)
  fi
done

# install_into PREFIX DESTDIR TARGET: README's test has built the libraries in the same folder.
install_into() {
  make -C "$root" --no-print-directory PREFIX="$1" DESTDIR="$2" "$3"
}

headers_of() { # FOLDER...: prints the names of the files in their folders recur
  find "${@/%//recur}" -type f -printf '%f\n' | sort
}

# configure PROJECT BUILD VERSION [FILES]: configures a project that requires that version of Recur, and the
# library of files for the source FILES.
configure() {
  cmake -S "$1" -B "$2" -DCMAKE_PREFIX_PATH="$prefix" -DWANTED="$3" -DFILES="${4:-}" \
    -DEXAMPLE="$root/Examples/c/train.c"
}

refuses() {
  ! "$@"
}

test_install() {
  local name
  check "install into PREFIX" install_into "$prefix" "" install
  check "every header of the library" diff <(ls "$root/include/recur") <(ls "$prefix/include/recur")
  check "configure without the library of files" configure "$here" "$work/cmake-alone" ""
  check "COMPONENTS files fails without it" refuses configure "$here" "$work/cmake-files" "" \
    "$root/Examples/c/run.c"
  check "install files into PREFIX" install_into "$prefix" "" install-files
  check "install into DESTDIR" install_into /usr "$work/stage" install-files
  check "the same files in DESTDIR" same_files "$prefix" "$work/stage/usr"
  check "nothing else in DESTDIR" test "$(ls "$work/stage")" = usr
  for name in recur recur-files; do
    check "PREFIX in $name.pc" grep -qx "prefix=$prefix" "$prefix/lib/pkgconfig/$name.pc"
    check "no DESTDIR in $name.pc" grep -qx "prefix=/usr" "$work/stage/usr/lib/pkgconfig/$name.pc"
  done
  check "every header" diff <(headers_of "$root/include" "$root/CFiles/include") \
    <(headers_of "$prefix/include")
  check "no placeholders left" bash -c "! grep -r '@[A-Z]*@' '$prefix/lib/pkgconfig' \
    '$prefix/lib/cmake'"
}

exported() { # LIBRARY
  nm -D --defined-only --format=posix "$prefix/lib/$1.so" | cut -d ' ' -f 1 | LC_ALL=C sort
}

dynamic() { # LIBRARY TAG: prints the names of that tag in the shared library
  readelf -d "$prefix/lib/$1.so" | sed -n "s/.*($2).*\[\(.*\)\]/\1/p"
}

test_library() { # LIBRARY PACKAGE SYMBOLS NEEDED: NEEDED is a pattern of the libraries that it needs
  local version
  version=$(sed -n 's/^#define RECUR_VERSION "\(.*\)"/\1/p' "$root/include/recur/version.h")
  check "soname of $1" test "$(dynamic "$1" SONAME)" = "$1.so.0"
  check "link of the soname of $1" test "$(readlink "$prefix/lib/$1.so.0")" = "$1.so.$version"
  check "link for the linker to $1" test "$(readlink "$prefix/lib/$1.so")" = "$1.so.0"
  check "version of $2.pc" test "$(pkg-config --modversion "$2")" = "$version"
  check "exported symbols of $1" diff "$here/$3" <(exported "$1")
  check "only some libraries in $1" test -z "$(dynamic "$1" NEEDED | grep -vE "^($4)")"
  check "nothing undefined in $1" bash -c "! ldd -r '$prefix/lib/$1.so' 2>&1 | grep undefined"
}

# Compiles every public header on its own, included twice to test its include guard.
test_headers() {
  local header name compiler strict=(-Wall -Wextra -pedantic -Werror -fsyntax-only)
  for header in "$prefix"/include/recur/*.h; do
    name=$(basename "$header")
    printf '#include <recur/%s>\n#include <recur/%s>\ntypedef int not_empty;\n' "$name" "$name" \
      >"$work/alone.c"
    # <complex.h> defines I.
    printf '#include <complex.h>\n#include <recur/%s>\n' "$name" >"$work/complex.c"
    for compiler in "${c_compilers[@]}"; do
      check "$name alone, $compiler" \
        "$compiler" -std=c11 "${strict[@]}" "-I$prefix/include" "$work/alone.c"
      check "$name after complex.h, $compiler" \
        "$compiler" -std=c11 "${strict[@]}" "-I$prefix/include" "$work/complex.c"
    done
    for compiler in "${cxx_compilers[@]}"; do
      check "$name alone, $compiler" \
        "$compiler" -x c++ -std=c++17 "${strict[@]}" "-I$prefix/include" "$work/alone.c"
    done
  done
}

# build PROGRAM SOURCE FLAGS... -- COMPILER...: builds as described in the example, but with strict warnings.
build() {
  local program=$1 source=$2
  shift 2
  local flags=()
  while [ "$1" != -- ]; do
    flags+=("$1")
    shift
  done
  shift
  "$1" -Wall -Wextra -Werror "${@:2}" "$source" "${flags[@]}" -o "$program"
}

# Checks that the classifier learns: its accuracy is at least 0.990.
learns() {
  "$1" | tee "$work/output"
  grep -q '^batch  250  loss 0\.' "$work/output" && grep -qE '^accuracy (1\.000|0\.99.)$' "$work/output"
}

# Checks that the tagger learns its labels, which depend on both ends of a sequence.
tags() {
  "$1" | tee "$work/output"
  grep -q '^weight_hh_l1_reverse *36 x 12$' "$work/output" &&
    grep -qE '^batch 600 .*accuracy of the last 100 (1\.000|0\.99.)$' "$work/output"
}

# Checks that forecasts of held-out values are better than last year's values, with and without last
# year's growth.
forecasts() {
  "$1" "$root/Examples/data/co2-weekly-mauna-loa.csv" | tee "$work/output"
  grep -qE '^the next 12 months:( 37[0-9]\.[0-9]){12}$' "$work/output" &&
    sed -n 's/^error: LSTM \(.*\), seasonal-naive \(.*\), with drift \(.*\)$/\1 \2 \3/p' "$work/output" |
    awk '{ found = 1; better = $1 < 0.5 * $2 && $1 < $3 } END { exit !(found && better) }'
}

# Checks that a model file is written, and that it runs.
runs() {
  (cd "$work" && ./model_file) && echo 1 0.5403 -0.4161 | "$1" "$work/amp.safetensors" | tee "$work/output"
  [ "$(xargs <"$work/output")" = "1.119 0.605 -0.325" ]
}

# Checks that a model of tokens runs, and that numbers that are no steps of the model are refused.
runs_tokens() {
  (cd "$work" && ./token_model) && echo 1 2 0 | "$1" "$work/tokens.safetensors" | tee "$work/output"
  [ "$(xargs <"$work/output")" = "2.000 20.000 5.000 50.000 6.000 60.000" ]
}

# refuses_numbers PROGRAM NUMBERS MESSAGE
refuses_numbers() {
  ! echo "$2" | "$1" "$work/tokens.safetensors" 2>"$work/output" && grep -q "$3" "$work/output"
}

test_files() { # NAME FLAGS... -- COMPILER...
  local name=$1
  shift
  check "build model_file, $name" build "$work/model_file" "$root/Examples/c/headers/model_file.c" "$@"
  check "build run, $name" build "$work/run" "$root/Examples/c/run.c" "$@"
  check "run run, $name" runs "$work/run"
  check "build token_model, $name" build "$work/token_model" "$here/token_model.c" "$@"
  check "run run with tokens, $name" runs_tokens "$work/run"
  check "run refuses tokens, $name" refuses_numbers "$work/run" "1 3" "has token 3 at step 0"
  check "run refuses text, $name" refuses_numbers "$work/run" "1 x" "expected a number"
}

test_program() { # NAME FLAGS... -- COMPILER...
  local name=$1
  shift
  check "build $name" build "$work/train" "$root/Examples/c/train.c" "$@"
  check "run $name" learns "$work/train"
  check "build tag, $name" build "$work/tag" "$root/Examples/c/tag.c" "$@"
  check "run tag, $name" tags "$work/tag"
  check "build forecast, $name" build "$work/forecast" "$root/Examples/c/forecast.c" "$@"
  check "run forecast, $name" forecasts "$work/forecast"
}

test_programs() {
  local compiler shared both static files
  read -ra shared <<<"$(pkg-config --cflags --libs recur)"
  read -ra both <<<"$(pkg-config --cflags --libs gsl recur)"
  static=("-I$prefix/include" "$prefix/lib/librecur.a" -lgsl -lgslcblas -lm)
  read -ra files <<<"$(pkg-config --cflags --libs recur-files)"
  for compiler in "${c_compilers[@]}"; do
    test_program "$compiler" "${shared[@]}" -- "$compiler"
    test_program "$compiler, strict C11" "${shared[@]}" -- "$compiler" -std=c11 -pedantic
    test_program "$compiler, gsl recur" "${both[@]}" -- "$compiler"
    test_program "$compiler, static" "${static[@]}" -- "$compiler"
    test_files "$compiler" "${files[@]}" -lm -- "$compiler" -std=c11 -pedantic
    test_files "$compiler, static" "-I$prefix/include" "$prefix/lib/librecurfiles.a" "${static[@]}" \
      -ljansson -lz -- "$compiler"
  done
  for compiler in "${cxx_compilers[@]}"; do
    # The programs omit fields of structs, which is common in C.
    test_program "$compiler" "${shared[@]}" -- "$compiler" -x c++ -std=c++20 -pedantic \
      -Wno-missing-field-initializers -Wno-missing-designated-field-initializers
    test_files "$compiler" "${files[@]}" -lm -- "$compiler" -x c++ -std=c++20 -pedantic \
      -Wno-missing-field-initializers -Wno-missing-designated-field-initializers
  done
}

test_cmake() {
  local build=$work/cmake
  check "configure with CMake" configure "$here" "$build" "" "$root/Examples/c/run.c"
  check "build with CMake" cmake --build "$build"
  check "run what CMake built" learns "$build/train"
  check "run what CMake built with files" runs "$build/run"
  check "find_package(recur 0.1)" configure "$here" "$work/cmake-0.1" 0.1
  check "find_package(recur 0.2) fails" refuses configure "$here" "$work/cmake-0.2" 0.2
  check "find_package(recur 1.0) fails" refuses configure "$here" "$work/cmake-1.0" 1.0
}

test_install
test_library librecur recur exported-symbols.txt 'libc|libm|ld-'
test_library librecurfiles recur-files exported-symbols-files.txt 'libc|libm|ld-|librecur\.so\.0|libjansson|libz'
test_headers
test_programs
test_cmake
summary
