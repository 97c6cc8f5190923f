/* The checksum of a file: see recur/safetensors.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "safetensors.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

const unsigned char *rf_checksum_place(const unsigned char *file, size_t header_end) {
  static const char before[] = "\"" RF_CHECKSUM "\":\"";
  const size_t length = strlen(before);
  for (size_t k = 0; k + length + RF_DIGITS <= header_end; k++)
    if (memcmp(file + k, before, length) == 0)
      return file + k + length;
  return NULL;
}

void rf_checksum_compute(const rf_chunk *chunks, size_t count, rf_checksum digits) {
  uLong crc = 0;
  /* zlib resets the checksum if the address is NULL. */
  for (size_t k = 0; k < count; k++)
    if (chunks[k].size > 0)
      crc = crc32_z(crc, chunks[k].data, chunks[k].size);
  snprintf(digits, RF_DIGITS + 1, "%08lx", (unsigned long)crc & 0xffffffff);
}
