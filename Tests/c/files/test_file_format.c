/* recur_file_format_of: the beginnings of files, and the same bytes cut short.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/check.h"

#include <recur/file_format.h>
#include <recur/safetensors.h>

#define ZIP(name, length) "PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" length "\0\0\0" name

#define EXAMPLE(format, text)                                                                      \
  { format, text, sizeof(text) - 1 }

static const struct {
  recur_file_format format;
  const char *bytes;
  size_t size;
} examples[] = {
    EXAMPLE(RECUR_FILE_SAFETENSORS, "\2\0\0\0\0\0\0\0{}"),
    EXAMPLE(RECUR_FILE_ONNX, "\x08\x08\x12\x07pytorch"),
    EXAMPLE(RECUR_FILE_ONNX, "\x08\x07:\x10"),
    EXAMPLE(RECUR_FILE_JSON, "{\"layers\":[]}"),
    EXAMPLE(RECUR_FILE_JSON, "\n [1]"),
    EXAMPLE(RECUR_FILE_RNNN, "rnnoise-nu model file version 1\n"),
    EXAMPLE(RECUR_FILE_NPY, "\x93NUMPY\1\0"),
    EXAMPLE(RECUR_FILE_NPZ, ZIP("weight.npy", "\12")),
    EXAMPLE(RECUR_FILE_PYTORCH, ZIP("model/data.pkl", "\16")),
    EXAMPLE(RECUR_FILE_KERAS, ZIP("metadata.json", "\15")),
    EXAMPLE(RECUR_FILE_ZIP, ZIP("readme.txt", "\12")),
    EXAMPLE(RECUR_FILE_HDF5, "\x89HDF\r\n\x1a\n\2"),
    EXAMPLE(RECUR_FILE_PICKLE, "\x80\4\x95"),
    EXAMPLE(RECUR_FILE_TFLITE, "\x1c\0\0\0TFL3"),
    EXAMPLE(RECUR_FILE_WAV, "RIFF\0\0\0\0WAVEfmt "),
    EXAMPLE(RECUR_FILE_FLAC, "fLaC\0"),
    EXAMPLE(RECUR_FILE_OGG, "OggS\0"),
    EXAMPLE(RECUR_FILE_GZIP, "\x1f\x8b\x08"),
    EXAMPLE(RECUR_FILE_UNKNOWN, "month,sales\n"),
    EXAMPLE(RECUR_FILE_UNKNOWN, "\1\2\3"),
};

static void test_examples(void) {
  bool seen[RECUR_FILE_FORMATS] = {false};
  for (size_t k = 0; k < sizeof examples / sizeof *examples; k++) {
    CHECK(recur_file_format_of(examples[k].bytes, examples[k].size) == examples[k].format);
    seen[examples[k].format] = true;
    /* The bytes stand at the end of an allocation, so that a sanitizer sees a byte too many. */
    for (size_t size = 0; size < examples[k].size; size++) {
      unsigned char *const copy = malloc(size);
      memcpy(copy, examples[k].bytes, size);
      (void)recur_file_format_of(copy, size);
      free(copy);
    }
  }
  for (size_t k = 0; k < RECUR_FILE_FORMATS; k++)
    CHECK(seen[k]);
  CHECK(recur_file_format_of(NULL, 0) == RECUR_FILE_UNKNOWN);
}

static void test_names(void) {
  for (int k = 0; k < RECUR_FILE_FORMATS; k++)
    CHECK(strncmp(recur_file_format_name((recur_file_format)k), "a", 1) == 0);
  CHECK(recur_file_format_name(RECUR_FILE_FORMATS) == NULL);
}

/* A reader of another format names the format. */
static void test_reader(void) {
  static const char onnx[] = "\x08\x08\x12\x07pytorch";
  CHECK(recur_safetensors_from_memory(onnx, sizeof onnx) == NULL);
  CHECK(strstr(recur_last_error()->message, "is an ONNX model, expected a safetensors file") !=
        NULL);
}

int main(void) {
  check_begin();
  test_examples();
  test_names();
  test_reader();
  return check_end();
}
