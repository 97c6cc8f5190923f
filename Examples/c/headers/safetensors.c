/* recur/safetensors.h: a file with a tensor and a string, written and
   read.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/safetensors.h>
#include <stdio.h>

int main(void) {
  const float elements[] = {0.5f, -1, 2, 0, 0.25f, 3};
  const recur_tensor weight = {.name = "weight",
                               .type = RECUR_TENSOR_F32,
                               .rank = 2,
                               .shape = {2, 3},
                               .data = elements};
  const recur_metadata note = {"note", "an example"};
  if (recur_safetensors_write("weight.safetensors", &weight, 1, &note,
                              1) != GSL_SUCCESS)
    printf("%s\n", recur_last_error()->message);

  recur_safetensors *file =
      recur_safetensors_open("weight.safetensors");
  for (size_t k = 0; k < recur_safetensors_count(file); k++) {
    const recur_tensor *t = recur_safetensors_tensor(file, k);
    printf("%s: %s, %zu x %zu\n", t->name,
           recur_tensor_type_name(t->type), t->shape[0], t->shape[1]);
  }
  printf("note: %s\n", recur_safetensors_string(file, "note"));
  double values[6];
  gsl_vector_view v = gsl_vector_view_array(values, 6);
  int status = recur_tensor_read(recur_safetensors_find(file, "weight"),
                                 &v.vector);
  printf("last element: %g\n", values[5]);
  recur_safetensors_close(file);
  return status;
}

/* prints:
weight: F32, 2 x 3
note: an example
last element: 3
*/
