/* Short forms of nodes for tests: x is an input of features, y an output that reads x, and p a node
   between them that reads x.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef SHORT_NODES_H
#define SHORT_NODES_H

#include <recur/node.h>

#define X(size_)                                                                                   \
  { .name = "x", .kind = RECUR_NODE_FEATURES, .size = (size_) }
#define Y(...)                                                                                     \
  { .name = "y", .from = {"x"}, .output = true, .kind = RECUR_NODE_##__VA_ARGS__ }
#define PART(...)                                                                                  \
  { .name = "p", .from = {"x"}, .kind = RECUR_NODE_##__VA_ARGS__ }
#define ROW PART(LAST_STEP)
#define STEPS(...) Y(CONVOLUTION, .convolution = {RECUR_AXIS_STEPS, __VA_ARGS__})
#define POSITIONS(...) Y(CONVOLUTION, .convolution = {RECUR_AXIS_POSITIONS, __VA_ARGS__})
#define ZEROS RECUR_PADDING_ZEROS

#endif
