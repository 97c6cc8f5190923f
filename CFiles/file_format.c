/* The format of a file by its first bytes: see recur/file_format.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "safetensors.h"

#include <recur/file_format.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
  const unsigned char *data;
  size_t size;
} beginning;

static bool has(beginning b, size_t offset, const char *text, size_t length) {
  return offset <= b.size && length <= b.size - offset &&
         memcmp(b.data + offset, text, length) == 0;
}

/* Bytes that begin every file of a format. */
static const struct {
  recur_file_format format;
  unsigned char offset, length;
  const char *text;
} signatures[] = {
    {RECUR_FILE_RNNN, 0, 13, "rnnoise-nu mo"},
    {RECUR_FILE_NPY, 0, 6, "\x93NUMPY"},
    {RECUR_FILE_HDF5, 0, 8, "\x89HDF\r\n\x1a\n"},
    {RECUR_FILE_TFLITE, 4, 4, "TFL3"},
    {RECUR_FILE_WAV, 8, 4, "WAVE"},
    {RECUR_FILE_FLAC, 0, 4, "fLaC"},
    {RECUR_FILE_OGG, 0, 4, "OggS"},
    {RECUR_FILE_GZIP, 0, 2, "\x1f\x8b"},
};

/* ZIP archives: the name of the first file decides. */
static recur_file_format archive(beginning b) {
  enum { NAME_LENGTH = 26, NAME = 30 };
  static const struct {
    recur_file_format format;
    const char *end;
  } members[] = {{RECUR_FILE_NPZ, ".npy"},
                 {RECUR_FILE_PYTORCH, "/data.pkl"},
                 {RECUR_FILE_KERAS, "metadata.json"}};
  if (b.size < NAME)
    return RECUR_FILE_ZIP;
  const size_t length = b.data[NAME_LENGTH] + 256u * b.data[NAME_LENGTH + 1];
  for (size_t k = 0; k < sizeof members / sizeof *members; k++) {
    const size_t tail = strlen(members[k].end);
    if (length >= tail && has(b, NAME + length - tail, members[k].end, tail))
      return members[k].format;
  }
  return RECUR_FILE_ZIP;
}

/* A length of 8 bytes and a JSON object. */
static bool is_safetensors(beginning b) {
  uint64_t length;
  if (b.size <= RF_LENGTH_BYTES || b.data[RF_LENGTH_BYTES] != '{')
    return false;
  memcpy(&length, b.data, sizeof length);
  return length <= RF_LONGEST_HEADER;
}

/* An ONNX model is a protocol buffer. Exporters write its version first, as field 1 with a number
   below 128, and then one of the other fields. */
static bool is_onnx(beginning b) {
  static const char next[] = {0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72};
  return b.size > 2 && b.data[0] == 0x08 && b.data[1] > 0 && b.data[1] < 0x80 &&
         memchr(next, b.data[2], sizeof next) != NULL;
}

/* Protocols 2 to 5: older ones cannot be told from text. */
static bool is_pickle(beginning b) {
  return b.size > 1 && b.data[0] == 0x80 && b.data[1] >= 2 && b.data[1] <= 5;
}

static bool is_json(beginning b) {
  size_t k = 0;
  while (k < b.size && memchr(" \t\r\n", b.data[k], 4) != NULL)
    k++;
  return k < b.size && (b.data[k] == '{' || b.data[k] == '[');
}

recur_file_format recur_file_format_of(const void *bytes, size_t size) {
  const beginning b = {bytes, size};
  for (size_t k = 0; k < sizeof signatures / sizeof *signatures; k++)
    if (has(b, signatures[k].offset, signatures[k].text, signatures[k].length))
      return signatures[k].format;
  if (has(b, 0, "PK\3\4", 4))
    return archive(b);
  if (is_safetensors(b))
    return RECUR_FILE_SAFETENSORS;
  if (is_onnx(b))
    return RECUR_FILE_ONNX;
  if (is_pickle(b))
    return RECUR_FILE_PICKLE;
  return is_json(b) ? RECUR_FILE_JSON : RECUR_FILE_UNKNOWN;
}

const char *recur_file_format_name(recur_file_format format) {
  static const char *const names[] = {
      [RECUR_FILE_UNKNOWN] = "a file of an unknown format",
      [RECUR_FILE_SAFETENSORS] = "a safetensors file",
      [RECUR_FILE_ONNX] = "an ONNX model",
      [RECUR_FILE_JSON] = "a JSON file",
      [RECUR_FILE_RNNN] = "an RNNoise model",
      [RECUR_FILE_NPY] = "a NumPy array",
      [RECUR_FILE_NPZ] = "a NumPy archive (.npz)",
      [RECUR_FILE_PYTORCH] = "a PyTorch archive (.pt)",
      [RECUR_FILE_KERAS] = "a Keras archive (.keras)",
      [RECUR_FILE_ZIP] = "a ZIP archive",
      [RECUR_FILE_HDF5] = "an HDF5 file",
      [RECUR_FILE_PICKLE] = "a Python pickle",
      [RECUR_FILE_TFLITE] = "a TensorFlow Lite model",
      [RECUR_FILE_WAV] = "a WAV recording",
      [RECUR_FILE_FLAC] = "a FLAC recording",
      [RECUR_FILE_OGG] = "an Ogg recording",
      [RECUR_FILE_GZIP] = "a gzip-compressed file",
  };
  return (size_t)format < RECUR_FILE_FORMATS ? names[format] : NULL;
}
