/* recur/node.h: the nodes of a small spectrum model, and the shapes
   of their values.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier:
   GPL-3.0-or-later */

#include <recur/model.h>
#include <stdio.h>

int main(void) {
  const recur_node nodes[] = {
      {.name = "frame", .kind = RECUR_NODE_FEATURES, .size = 512},
      {.name = "samples",
       .from = {"frame"},
       .kind = RECUR_NODE_RESHAPE,
       .size = 512},
      {.name = "spectrum",
       .from = {"samples"},
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = {.axis = RECUR_AXIS_POSITIONS,
                       .output_size = 130,
                       .kernel_size = 128,
                       .stride = 128,
                       .dilation = 1,
                       .groups = 1}},
      {.name = "magnitude",
       .from = {"spectrum"},
       .kind = RECUR_NODE_MAGNITUDE},
      {.name = "smooth",
       .from = {"magnitude"},
       .kind = RECUR_NODE_DENSE,
       .size = 32,
       .bias = true,
       .output = true},
  };
  enum { COUNT = sizeof nodes / sizeof *nodes };
  recur_model *model = recur_model_alloc(nodes, COUNT);
  for (size_t k = 0; model != NULL && k < COUNT; k++) {
    recur_model_shape shape;
    if (recur_model_value_shape(model, k, 10, 1, &shape) == GSL_SUCCESS)
      printf("%-9s %3zu positions x %3zu channels\n", nodes[k].name,
             shape.positions, shape.channels);
  }
  recur_model_free(model);
  return 0;
}

/* prints:
frame       1 positions x 512 channels
samples   512 positions x   1 channels
spectrum    4 positions x 130 channels
magnitude   4 positions x  65 channels
smooth      1 positions x  32 channels
*/
