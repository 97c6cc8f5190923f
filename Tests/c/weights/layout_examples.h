/* Parameters in each layout, written by hand from each system's documentation. The digits of a
   weight are the gate in Recur's order (hundreds or tens), the unit (tens) and the column (ones).
   In bias_ih, 2001 is the first unit of the second gate; in bias_hh, it is 20010.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef LAYOUT_EXAMPLES_H
#define LAYOUT_EXAMPLES_H

#include "weights/layout_networks.h"

#define LSTM_WEIGHTS                                                                               \
  11, 12, 21, 22, 31, 32, 41, 42, 111, 112, 121, 122, 211, 212, 221, 222, 311, 312, 321, 322, 411, \
      412, 421, 422
#define LSTM_BIASES                                                                                \
  1001, 1002, 2001, 2002, 3001, 3002, 4001, 4002, 10010, 10020, 20010, 20020, 30010, 30020, 40010, \
      40020
#define GRU_WEIGHTS                                                                                \
  11, 12, 21, 22, 31, 32, 111, 112, 121, 122, 211, 212, 221, 222, 311, 312, 321, 322
#define GRU_BIASES 1001, 1002, 2001, 2002, 3001, 3002, 10010, 10020, 20010, 20020, 30010, 30020
#define LSTM_TRANSPOSED                                                                            \
  11, 12, 21, 22, 31, 32, 41, 42, 111, 121, 211, 221, 311, 321, 411, 421, 112, 122, 212, 222, 312, \
      322, 412, 422
#define LSTM_SUMS 11011, 11022, 22011, 22022, 33011, 33022, 44011, 44022
#define GRU_TRANSPOSED                                                                             \
  21, 22, 11, 12, 31, 32, 211, 221, 111, 121, 311, 321, 212, 222, 112, 122, 312, 322

enum { MOST = 60 };

static const struct {
  recur_cell_kind kind;
  int options;
  size_t sizes[4]; /* I H L D */
  recur_layout layout;
  double ours[MOST], theirs[MOST];
  double imported[MOST]; /* if the first is not 0: the result of an import, if it is not `ours` */
} examples[] = {
    /* i o f c; peepholes i o f */
    {RECUR_CELL_LSTM,
     PEEPHOLES,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONNX,
     {LSTM_WEIGHTS, LSTM_BIASES, 71, 72, 81, 82, 91, 92},
     {11,    12,    41,    42,    21,   22,   31,   32,   111,   112,   121,   122,
      411,   412,   421,   422,   211,  212,  221,  222,  311,   312,   321,   322,
      1001,  1002,  4001,  4002,  2001, 2002, 3001, 3002, 10010, 10020, 40010, 40020,
      20010, 20020, 30010, 30020, 71,   72,   91,   92,   81,    82},
     {0}},
    /* coupled: i g o in Recur, i o f c in ONNX */
    {RECUR_CELL_LSTM,
     PEEPHOLES | COUPLED | NO_BIAS,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONNX,
     {11,  12,  31,  32,  41,  42,  111, 112, 121, 122, 311,
      312, 321, 322, 411, 412, 421, 422, 71,  72,  91,  92},
     {11,  12, 41, 42, 0, 0,   31,  32,  111, 112, 121, 122, 411, 412, 421,
      422, 0,  0,  0,  0, 311, 312, 321, 322, 71,  72,  91,  92,  0,   0},
     {0}},
    /* i f c o, transposed, one bias */
    {RECUR_CELL_LSTM,
     0,
     {1, 2, 1, 1},
     RECUR_LAYOUT_KERAS,
     {LSTM_WEIGHTS, LSTM_BIASES},
     {LSTM_TRANSPOSED, LSTM_SUMS},
     {LSTM_WEIGHTS, LSTM_SUMS}},
    {RECUR_CELL_LSTM,
     PEEPHOLES,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONEDNN,
     {LSTM_WEIGHTS, LSTM_BIASES, 71, 72, 81, 82, 91, 92},
     {LSTM_TRANSPOSED, LSTM_SUMS, 71, 72, 81, 82, 91, 92},
     {LSTM_WEIGHTS, LSTM_SUMS, 0, 0, 0, 0, 0, 0, 0, 0, 71, 72, 81, 82, 91, 92}},
    /* H = 3, P = 2: projection H x P */
    {RECUR_CELL_LSTM,
     PROJECTION | NO_BIAS,
     {1, 3, 1, 1},
     RECUR_LAYOUT_ONEDNN,
     {11,  12,  13,  21,  22,  23,  31,  32,  33,  41,  42,  43,  111, 112,
      121, 122, 131, 132, 211, 212, 221, 222, 231, 232, 311, 312, 321, 322,
      331, 332, 411, 412, 421, 422, 431, 432, 711, 712, 713, 721, 722, 723},
     {11,  12,  13,  21,  22,  23,  31,  32,  33,  41,  42,  43,  111, 121,
      131, 211, 221, 231, 311, 321, 331, 411, 421, 431, 112, 122, 132, 212,
      222, 232, 312, 322, 332, 412, 422, 432, 711, 721, 712, 722, 713, 723},
     {0}},
    /* z r h; both biases */
    {RECUR_CELL_GRU,
     0,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONNX,
     {GRU_WEIGHTS, GRU_BIASES},
     {21,  22,  11,  12,   31,   32,   211,  212,  221,  222,   111,   112,   121,   122,   311,
      312, 321, 322, 2001, 2002, 1001, 1002, 3001, 3002, 20010, 20020, 10010, 10020, 30010, 30020},
     {0}},
    {RECUR_CELL_GRU,
     BEFORE | NO_BIAS,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONNX,
     {GRU_WEIGHTS},
     {21, 22, 11, 12, 31, 32, 211, 212, 221, 222, 111, 112, 121, 122, 311, 312, 321, 322},
     {0}},
    /* z r h, transposed; reset after two biases, before one */
    {RECUR_CELL_GRU,
     0,
     {1, 2, 1, 1},
     RECUR_LAYOUT_KERAS,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 2001, 2002, 1001, 1002, 3001, 3002, 20010, 20020, 10010, 10020, 30010, 30020},
     {0}},
    {RECUR_CELL_GRU,
     BEFORE,
     {1, 2, 1, 1},
     RECUR_LAYOUT_KERAS,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 22011, 22022, 11011, 11022, 33011, 33022},
     {GRU_WEIGHTS, 11011, 11022, 22011, 22022, 33011, 33022}},
    /* u r o, transposed; reset after u r o and b_hn */
    {RECUR_CELL_GRU,
     0,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONEDNN,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 22011, 22022, 11011, 11022, 3001, 3002, 30010, 30020},
     {GRU_WEIGHTS, 11011, 11022, 22011, 22022, 3001, 3002, 0, 0, 0, 0, 30010, 30020}},
    {RECUR_CELL_GRU,
     BEFORE,
     {1, 2, 1, 1},
     RECUR_LAYOUT_ONEDNN,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 22011, 22022, 11011, 11022, 33011, 33022},
     {GRU_WEIGHTS, 11011, 11022, 22011, 22022, 33011, 33022}},
    /* I = 3 */
    {RECUR_CELL_RNN,
     NO_BIAS,
     {3, 2, 1, 1},
     RECUR_LAYOUT_KERAS,
     {11, 12, 13, 21, 22, 23, 111, 112, 121, 122},
     {11, 21, 12, 22, 13, 23, 111, 121, 112, 122},
     {0}},
    {RECUR_CELL_RNN,
     NO_BIAS,
     {3, 2, 1, 1},
     RECUR_LAYOUT_ONNX,
     {11, 12, 13, 21, 22, 23, 111, 112, 121, 122},
     {11, 12, 13, 21, 22, 23, 111, 112, 121, 122},
     {0}},
    /* two layers, two directions; D*P = 2 */
    {RECUR_CELL_RNN,
     0,
     {1, 1, 2, 2},
     RECUR_LAYOUT_ONNX,
     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18},
     {1, 5, 2, 6, 3, 4, 7, 8, 9, 10, 14, 15, 11, 16, 12, 13, 17, 18},
     {0}},
    {RECUR_CELL_RNN,
     0,
     {1, 1, 2, 2},
     RECUR_LAYOUT_KERAS,
     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18},
     {1, 2, 7, 5, 6, 15, 9, 10, 11, 25, 14, 15, 16, 35},
     {1, 2, 7, 0, 5, 6, 15, 0, 9, 10, 11, 25, 0, 14, 15, 16, 35, 0}},
};

#endif
