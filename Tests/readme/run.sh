#!/usr/bin/env bash
# Everything that README.md shows, done: its shell commands, and its programs built and run as a user
# would, from an installation and from a package that depends on this one.
set -euo pipefail
cd "$(dirname "$0")/../.."

root=$PWD
# Its commands are to behave as they do outside of `make test`.
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # check NAME COMMAND...
  local name=$1
  shift
  # Not in a condition, where bash would go on after a command that fails.
  set +e
  (set -e && "$@") >"$work/log" 2>&1
  local status=$?
  set -e
  if [ "$status" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "README: $name failed:" >&2
    tail -n 40 "$work/log" >&2
  fi
}

# block LANGUAGE N: the N-th block of that language.
block() {
  awk -v language="$1" -v wanted="$2" '
    /^```/ { if (inside) { inside = 0; next }
             if ($0 == "```" language) { n++; inside = (n == wanted) } ; next }
    inside' README.md
}

count() { grep -c "^\`\`\`$1\$" README.md; }

# The shell blocks are these, and no others; "make test" is what runs this script.
expected_commands=$'make demo\nmake test\ncc example.c $(pkg-config --cflags --libs recur) -o example'
commands=$(for n in $(seq "$(count sh)"); do block sh "$n"; done)
check "list of commands" test "$commands" = "$expected_commands"
check "number of programs" test "$(count swift) $(count c)" = "2 1"

demo() {
  make demo | tee "$work/demo"
  tail -n 1 "$work/demo" | grep -E '^demo: mean absolute error: forecast [0-9.]+ ppm, seasonal-naive [0-9.]+ ppm, seasonal-naive with drift [0-9.]+ ppm, autoregressive [0-9.]+ ppm$'
}
check "make demo" demo

c_example() {
  make install PREFIX="$work/prefix" DESTDIR=
  export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig LD_LIBRARY_PATH=$work/prefix/lib
  mkdir -p "$work/c"
  block c 1 >"$work/c/example.c"
  local compile
  compile=$(block sh 3)
  cd "$work/c"
  eval "$compile"
  ./example | tee "$work/c.out"
  grep -qE '^h_T\[0\] = -?0\.[0-9]{6}$' "$work/c.out"
}
check "the C example" c_example

# The dependency and the products as the page gives them, on a folder of another name.
swift_examples() {
  local package=$work/package dependency products
  dependency=$(grep -o '\.package(name: [^)]*)' README.md)
  products=$(grep -o '\.product([^)]*)' README.md | paste -sd,)
  ln -s "$root" "$work/elsewhere"
  cat >"$package.swift" <<END
// swift-tools-version: 6.2
import PackageDescription
let package = Package(
  name: "Examples",
  dependencies: [${dependency/..\/recur/$work/elsewhere}],
  targets: [1, 2].map { n in
    .executableTarget(name: "Example\(n)", dependencies: [$products])
  })
END
  for n in 1 2; do
    mkdir -p "$package/Sources/Example$n"
    block swift "$n" >"$package/Sources/Example$n/main.swift"
  done
  mv "$package.swift" "$package/Package.swift"
  swift run --package-path "$package" Example1 | tee "$work/swift1.out"
  grep -qx '12 true' "$work/swift1.out"
  swift run --package-path "$package" Example2 | tee "$work/swift2.out"
  grep -qx 'forecasts: \[0.4, 0.2\]' "$work/swift2.out"
  grep -qx '128 192' "$work/swift2.out"
}
check "the Swift examples" swift_examples

# The network that keeps its state learns; the one that forgets cannot.
echo_example() {
  swift run -c release --package-path Examples/swift --scratch-path "$work/echo" echo |
    tee "$work/echo.out"
  grep -qE 'carried .* 0\.0[0-9]*$' "$work/echo.out"
  grep -qE 'forgotten .* 0\.[1-9][0-9]*$' "$work/echo.out"
  rm -f Examples/swift/Package.resolved
}
check "Examples/swift" echo_example

textbook() {
  "$(swift build -c release --show-bin-path)/RecurCommand" textbook
}
check "recur textbook" textbook

echo "README: $passed passed, $failed failed"
[ "$failed" = 0 ]
