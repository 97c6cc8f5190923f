#!/usr/bin/env bash
# Builds and runs the examples that read recordings, with a detector and a pedal that it makes; and with published
# models in the folder of RECUR_MODELS, ../shared/models if it is not set, if that exists.
#
# Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
unset MAKEFLAGS MAKELEVEL MFLAGS
source "$root/Tests/install/check.sh"

# Tests/readme/run.sh and Tests/chapters/run.sh use the same folder, so that Recur is built once.
packages=$root/build/packages
prefix=$work/prefix
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib

build_swift() { # FOLDER PRODUCT
  swift build -c release --package-path "$root/$1" --scratch-path "$packages" --product "$2" &&
    rm -f "$root/$1/Package.resolved"
}

# Uses the command line from the comment at the top of the example.
build_c() {
  make -C "$root" --no-print-directory PREFIX="$prefix" DESTDIR= install-files || return
  local compile
  compile=$(sed -n 's/^ *\(cc voice_activity\.c .*\)$/\1/p' "$root/Examples/c/voice_activity.c")
  cd "$root/Examples/c" &&
    eval "${compile/-o voice_activity/-Wall -Wextra -Werror -o $work/voice_activity}"
}

run() { # PROGRAM ARGUMENT...
  "$packages/release/$1" "${@:2}"
}

# Both programs print the expected segments.
detects() { # MODEL EXPECTED
  run voice-activity "$1" "$work/speech.wav" --save "$work/detector.safetensors" >"$work/swift.out" &&
    "$work/voice_activity" "$work/detector.safetensors" "$work/speech.wav" >"$work/c.out" &&
    diff "$work/swift.out" "$work/c.out" &&
    diff "$work/swift.out" <(echo "$2")
}

plays() { # MODEL OPTION...
  run amplifier "$1" "$work/dry.wav" "$work/wet.wav" "${@:2}" >"$work/share" &&
    grep -qE '^157 blocks of 64 samples: [0-9.]+% of real time, at most [0-9.]+%$' "$work/share"
}

refuses() { # PATTERN PROGRAM ARGUMENT...
  ! run "${@:2}" 2>"$work/refusal" && grep -qE "$1" "$work/refusal"
}

# Noise from 0.5 to 1.6 s and from 3.0 to 3.5 s. Segments consist of frames of 32 ms and 30 ms at both ends.
noise='0.45 to 1.66 s
2.95 to 3.55 s'

# The result of get_speech_timestamps in the Python package silero-vad 6.2.3 for the same recording.
speech='0.00 to 2.05 s
2.66 to 4.70 s
4.96 to 6.88 s
9.31 to 9.60 s'

check "build make-recordings" build_swift Tests/recordings make-recordings
check "build voice-activity" build_swift Examples/swift voice-activity
check "build amplifier" build_swift Examples/swift amplifier
check "build voice_activity.c" build_c
check "make the files" run make-recordings write "$work"
check "voice activity" detects "$work/detector.onnx" "$noise"
check "the pedal plays" plays "$work/pedal.json" --knobs 0.75
check "wet.wav" run make-recordings check "$work"
check "a knob is missing" refuses 'has 1 knobs' amplifier "$work/pedal.json" "$work/dry.wav" "$work/wet.wav"
check "another sampling rate" refuses '1 channels at 44100 Hz, expected 1 at 16000 Hz' \
  voice-activity "$work/detector.onnx" "$work/dry.wav"

models=${RECUR_MODELS:-$root/../shared/models}
if [ -d "$models" ]; then
  check "the published recording" \
    run make-recordings speech "$models/silero-vad/expected.safetensors" "$work"
  check "voice activity, published" \
    detects "$models/silero-vad/silero_vad_16k_op15.onnx" "$speech"
  for name in ht11 ht12 lstm-lpb1; do
    check "$name plays" plays "$models/guitar/$name.json"
  done
  check "conditioned-ds1 plays" plays "$models/guitar/conditioned-ds1.json" --knobs 0.25,0.75
else
  echo "skipped: there is no folder of published models"
fi
summary
