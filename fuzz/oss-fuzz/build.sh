#!/bin/bash
# Builds the C targets, or the Swift targets if FUZZING_LANGUAGE is swift, with seeds, options and
# dictionaries, into $OUT. OSS-Fuzz sets CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, SANITIZER, SRC, WORK
# and OUT.
set -euo pipefail
cd "$SRC/recur"

# add_files LANGUAGE TARGET: the files next to a program. zip has status 12 if there is nothing to do.
add_files() {
  local option options=fuzz/$1/options
  zip -qjr "$OUT/$2_seed_corpus.zip" "fuzz/corpora/$2" || [ $? = 12 ]
  [ ! -f "fuzz/dictionaries/$2.dict" ] || cp "fuzz/dictionaries/$2.dict" "$OUT"
  [ ! -f "fuzz/$1/$2.options" ] || options=fuzz/$1/$2.options
  [ -f "$options" ] || return 0
  echo "[libfuzzer]" >"$OUT/$2.options"
  for option in $(<"$options"); do
    option=${option#-}
    echo "${option/=/ = }" >>"$OUT/$2.options"
  done
}

build_c() {
  local targets target
  read -ra targets <<<"$(fuzz/c/build --list | tr '\n' ' ')"
  make -j"$(nproc)" BUILD="$WORK/recur" FUZZ_FOLDER="$OUT" CC="$CC" CXX="$CXX" CFLAGS="$CFLAGS" \
    CXXFLAGS="$CXXFLAGS" LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" "${targets[@]/#/$OUT/}"
  for target in "${targets[@]}"; do add_files c "$target"; done
}

build_swift() {
  local folder target options
  # shellcheck disable=SC1091
  . precompile_swift
  # The flags for packages of Swift 6.2. The compiler uses only the last option -sanitize.
  read -ra options <<<"-c release $SWIFT6_2FLAGS"
  [ "$SANITIZER" = coverage ] || options+=(-Xswiftc "-sanitize=fuzzer,$SANITIZER")
  cd fuzz/swift
  swift build "${options[@]}" --product targets
  folder=$(swift build "${options[@]}" --show-bin-path)
  cd ../..
  for target in $(fuzz/swift/build --list); do
    # The program runs the target whose name it has.
    cp "$folder/targets" "$OUT/$target"
    # The image that runs the targets lacks all libraries but those of C and C++. SwiftPM makes programs look in
    # their own folder.
    ldd "$folder/targets" | awk '/=> \// && !/lib(c|m|pthread|dl|rt|gcc_s|stdc\+\+)\.so/ { print $3 }' |
      xargs cp -t "$OUT"
    add_files swift "$target"
  done
}

if [ "${FUZZING_LANGUAGE:-c}" = swift ]; then
  build_swift
else
  build_c
fi
