#!/bin/bash
# Tests a Swift package that depends on a version of Recur and uses only the product Recur, in a debug
# build and in a static release build.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
source "$here/check.sh"

version=$(sed -n 's/^#define RECUR_VERSION "\(.*\)"/\1/p' "$root/include/recur/version.h")

# Creates a repository of the current sources with a version tag.
make_repository() {
  mkdir "$work/recur"
  cd "$root"
  git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents -t "$work/recur"
  cd "$work/recur"
  git init -q
  git add -A
  git -c user.name=test -c user.email=test@localhost commit -q -m "Recur"
  git tag "$version"
}

make_package() {
  mkdir -p "$work/package/Sources/Program"
  cd "$work/package"
  cat >Package.swift <<END
// swift-tools-version: 6.0
import PackageDescription
let package = Package(
  name: "package",
  dependencies: [.package(url: "file://$work/recur", from: "$version")],
  targets: [
    .executableTarget(
      name: "Program", dependencies: [.product(name: "Recur", package: "recur")])
  ])
END
  cat >Sources/Program/main.swift <<'END'
import Recur

let network = try LSTM<Float>(inputSize: 3, hiddenSize: 5, seed: 1)
let y = try network(SequenceBatch(steps: 7, batchSize: 2, features: 3))
print(y.outputs.features)
END
}

prints_5() {
  test "$("$@")" = 5
}

test_debug() {
  check "debug build" swift build -v --cache-path "$work/cache"
  cp "$work/log" "$work/commands"
  check "no dependency but Recur" test "$(ls .build/checkouts)" = recur
  grep 'clang .*-c .*/CKernels/.*\.c ' "$work/commands" >"$work/kernels" || true
  check "kernels are compiled" grep -q . "$work/kernels"
  check "with optimization" bash -c "! grep -v -- '-O0 .*-O2 ' '$work/kernels'"
  check "recordings are not compiled" bash -c "! grep RecurAudio '$work/commands'"
  check "training over MPI is not compiled" bash -c "! grep -E 'RecurMPI|CMPI' '$work/commands'"
  check "the debug build runs" prints_5 .build/debug/Program
}

test_static() {
  check "static release build" swift build -c release --static-swift-stdlib --cache-path "$work/cache"
  check "no GSL or Swift libraries" \
    bash -c "! readelf -d .build/release/Program | grep NEEDED | grep -iE 'gsl|swift'"
  check "the release build runs" prints_5 .build/release/Program
}

check "repository" make_repository
check "package" make_package
cd "$work/package"
test_debug
test_static
summary
