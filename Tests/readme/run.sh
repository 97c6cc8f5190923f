#!/usr/bin/env bash
# Tests README.md: runs its shell commands, and builds and runs its programs as a user would, from an
# installation and from a package that depends on this one.
set -euo pipefail
cd "$(dirname "$0")/../.."

root=$PWD
# The commands must behave as they do outside `make test`.
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # check NAME COMMAND...
  local name=$1
  shift
  # In a condition, bash would continue after a failed command.
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

# block LANGUAGE N: prints the N-th block of that language.
block() {
  awk -v language="$1" -v wanted="$2" '
    /^```/ { if (inside) { inside = 0; next }
             if ($0 == "```" language) { n++; inside = (n == wanted) } ; next }
    inside' README.md
}

count() { grep -c "^\`\`\`$1\$" README.md; }

# README.md must contain exactly these shell commands. This script runs all but `make test`.
forecast_command='swift run -c release RecurCommand forecast \
  Examples/data/co2-weekly-mauna-loa.csv --horizon 52 --output build'
expected_commands="make demo
$forecast_command
make test
"'cc example.c $(pkg-config --cflags --libs recur) -o example'
commands=$(for n in $(seq "$(count sh)"); do block sh "$n"; done)
check "list of commands" test "$commands" = "$expected_commands"
check "number of programs" test "$(count swift) $(count c)" = "1 1"

demo() {
  make demo | tee "$work/demo"
  tail -n 1 "$work/demo" | grep -E '^demo: mean absolute error: forecast [0-9.]+ ppm, seasonal-naive [0-9.]+ ppm, seasonal-naive with drift [0-9.]+ ppm, autoregressive [0-9.]+ ppm$'
}
check "make demo" demo

forecast() {
  eval "$(block sh 2)" | tee "$work/forecast"
  grep -q 'MASE' "$work/forecast"
  test -s build/forecast.csv
}
check "the forecast" forecast

c_example() {
  make install PREFIX="$work/prefix" DESTDIR=
  export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig LD_LIBRARY_PATH=$work/prefix/lib
  mkdir -p "$work/c"
  block c 1 >"$work/c/example.c"
  local compile
  compile=$(block sh 4)
  cd "$work/c"
  eval "$compile"
  ./example | tee "$work/c.out"
  grep -qE '^status 0, last output -?0\.[0-9]{6}$' "$work/c.out"
}
check "the C example" c_example

# The Swift packages share a build folder, also with Tests/chapters/run.sh, so that Recur is built once.
packages=$root/build/packages

# Uses the dependency and the products from README.md, with the path of this checkout.
swift_examples() {
  local package=$work/package dependency products
  dependency=$(grep -o '\.package(name: [^)]*)' README.md)
  products=$(grep -o '\.product([^)]*)' README.md | paste -sd,)
  mkdir -p "$package/Sources/Example"
  cat >"$package/Package.swift" <<END
// swift-tools-version: 6.2
import PackageDescription
let package = Package(
  name: "Examples",
  dependencies: [${dependency/..\/recur/$root}],
  targets: [.executableTarget(name: "Example", dependencies: [$products])])
END
  block swift 1 >"$package/Sources/Example/main.swift"
  swift run -c release --package-path "$package" --scratch-path "$packages" Example |
    tee "$work/swift.out"
  grep -qx 'forecasts: \[0.4, 0.2\]' "$work/swift.out"
}
check "the Swift examples" swift_examples

# The network with a carried state learns; the network without cannot.
echo_example() {
  swift run -c release --package-path Examples/swift --scratch-path "$packages" echo |
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
