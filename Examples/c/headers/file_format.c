/* recur/file_format.h: the formats of three beginnings of files.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/file_format.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  const char *const files[] = {"{\"layers\":[]}", "\x08\x08\x12\x07",
                               "month,sales\n"};
  for (size_t k = 0; k < 3; k++) {
    const recur_file_format format =
        recur_file_format_of(files[k], strlen(files[k]));
    printf("%s\n", recur_file_format_name(format));
  }
  return 0;
}

/* prints:
a JSON file
an ONNX model
a file of an unknown format
*/
