/* recur/parameters.h: parts and their names, gate orders against examples written by hand, and
   every network in every layout there and back.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/arguments.h"
#include "support/check.h"
#include "support/matrices.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/parameters.h>
#include <recur/residual.h>
#include <recur/rnn.h>

static const recur_layout layouts[] = {RECUR_LAYOUT_PYTORCH, RECUR_LAYOUT_ONNX, RECUR_LAYOUT_KERAS,
                                       RECUR_LAYOUT_ONEDNN};

enum {
  NO_BIAS = 1,
  BEFORE = 2,
  PEEPHOLES = 4,
  COUPLED = 8,
  PROJECTION = 16,
  OPTIONS = 32,
  NORMALIZED = 32
};

static recur_network make(recur_cell_kind kind, size_t I, size_t H, int options) {
  recur_network (*const constructors[])(size_t, size_t) = {recur_rnn, recur_residual, recur_gru,
                                                           recur_lstm};
  recur_network n = constructors[kind](I, H);
  n.cell.bias = !(options & NO_BIAS);
  n.cell.reset = options & BEFORE ? RECUR_RESET_BEFORE : RECUR_RESET_AFTER;
  n.cell.peepholes = options & PEEPHOLES;
  n.cell.coupled = options & COUPLED;
  n.cell.projection_size = options & PROJECTION ? H - 1 : 0;
  n.cell.layer_norm = options & NORMALIZED;
  return n;
}

static bool exists(recur_cell_kind kind, int options) {
  if (kind == RECUR_CELL_LSTM)
    return !(options & BEFORE);
  return !(options & ~(kind == RECUR_CELL_GRU ? NO_BIAS | BEFORE : NO_BIAS));
}

static bool has_place(recur_layout layout, recur_cell_kind kind, int options) {
  switch (layout) {
  case RECUR_LAYOUT_ONNX:
    return kind != RECUR_CELL_RESIDUAL && !(options & PROJECTION);
  case RECUR_LAYOUT_KERAS:
    return kind != RECUR_CELL_RESIDUAL && !(options & (PROJECTION | COUPLED | PEEPHOLES));
  case RECUR_LAYOUT_ONEDNN:
    return kind != RECUR_CELL_RESIDUAL && !(options & COUPLED);
  default:
    return true;
  }
}

/* Of how many gates both biases are added up. */
static size_t added_gates(const recur_network *n, recur_layout layout) {
  const bool after = n->cell.kind == RECUR_CELL_GRU && n->cell.reset == RECUR_RESET_AFTER;
  if (!n->cell.bias || layout == RECUR_LAYOUT_PYTORCH || layout == RECUR_LAYOUT_ONNX)
    return 0;
  if (after)
    return layout == RECUR_LAYOUT_KERAS ? 0 : 2; /* r z */
  return n->cell.kind == RECUR_CELL_GRU ? 3 : n->cell.kind == RECUR_CELL_LSTM ? 4 : 1;
}

/* Names, shapes and order of all parts, one after another without a hole. */
static const struct {
  recur_cell_kind kind;
  int options;
  size_t I, H, L, D;
  recur_layout layout;
  const char *parts;
} lists[] = {
    {RECUR_CELL_LSTM, PEEPHOLES | PROJECTION, 4, 3, 2, 2, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 12x4, weight_hh_l0 12x2, bias_ih_l0 12x1, bias_hh_l0 12x1, weight_hr_l0 2x3, "
     "weight_peephole_l0 3x3, weight_ih_l0_reverse 12x4, weight_hh_l0_reverse 12x2, "
     "bias_ih_l0_reverse 12x1, bias_hh_l0_reverse 12x1, weight_hr_l0_reverse 2x3, "
     "weight_peephole_l0_reverse 3x3, weight_ih_l1 12x4, weight_hh_l1 12x2, bias_ih_l1 12x1, "
     "bias_hh_l1 12x1, weight_hr_l1 2x3, weight_peephole_l1 3x3, weight_ih_l1_reverse 12x4, "
     "weight_hh_l1_reverse 12x2, bias_ih_l1_reverse 12x1, bias_hh_l1_reverse 12x1, "
     "weight_hr_l1_reverse 2x3, weight_peephole_l1_reverse 3x3, "},
    {RECUR_CELL_LSTM, COUPLED | PEEPHOLES | NO_BIAS, 4, 3, 1, 1, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 9x4, weight_hh_l0 9x3, weight_peephole_l0 2x3, "},
    {RECUR_CELL_LSTM, COUPLED | PEEPHOLES | NORMALIZED, 4, 3, 1, 1, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 9x4, weight_hh_l0 9x3, bias_ih_l0 9x1, bias_hh_l0 9x1, weight_peephole_l0 2x3, "
     "weight_ln_ih_l0 9x1, weight_ln_hh_l0 9x1, "},
    {RECUR_CELL_GRU, NO_BIAS | NORMALIZED, 4, 3, 1, 2, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 9x4, weight_hh_l0 9x3, weight_ln_ih_l0 9x1, weight_ln_hh_l0 9x1, "
     "weight_ih_l0_reverse 9x4, weight_hh_l0_reverse 9x3, weight_ln_ih_l0_reverse 9x1, "
     "weight_ln_hh_l0_reverse 9x1, "},
    {RECUR_CELL_RESIDUAL, 0, 4, 3, 1, 1, RECUR_LAYOUT_PYTORCH,
     "weight_ih_l0 3x4, weight_hh_l0 3x3, bias_ih_l0 3x1, bias_hh_l0 3x1, "},
    {RECUR_CELL_LSTM, COUPLED | PEEPHOLES, 4, 3, 2, 2, RECUR_LAYOUT_ONNX,
     "W_l0 24x4, R_l0 24x3, B_l0 2x24, P_l0 2x9, W_l1 24x6, R_l1 24x3, B_l1 2x24, P_l1 2x9, "},
    {RECUR_CELL_GRU, NO_BIAS, 4, 3, 1, 1, RECUR_LAYOUT_ONNX, "W_l0 9x4, R_l0 9x3, "},
    {RECUR_CELL_GRU, 0, 4, 3, 2, 2, RECUR_LAYOUT_KERAS,
     "kernel_l0 4x9, recurrent_kernel_l0 3x9, bias_l0 2x9, kernel_l0_reverse 4x9, "
     "recurrent_kernel_l0_reverse 3x9, bias_l0_reverse 2x9, kernel_l1 6x9, recurrent_kernel_l1 "
     "3x9, "
     "bias_l1 2x9, kernel_l1_reverse 6x9, recurrent_kernel_l1_reverse 3x9, bias_l1_reverse 2x9, "},
    {RECUR_CELL_GRU, BEFORE, 4, 3, 1, 1, RECUR_LAYOUT_KERAS,
     "kernel_l0 4x9, recurrent_kernel_l0 3x9, bias_l0 1x9, "},
    {RECUR_CELL_LSTM, PEEPHOLES | PROJECTION, 5, 3, 2, 1, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x12, weights_iter_l0 2x12, bias_l0 1x12, weights_peephole_l0 3x3, "
     "weights_projection_l0 3x2, weights_layer_l1 2x12, weights_iter_l1 2x12, bias_l1 1x12, "
     "weights_peephole_l1 3x3, weights_projection_l1 3x2, "},
    {RECUR_CELL_GRU, 0, 5, 3, 1, 2, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x9, weights_iter_l0 3x9, bias_l0 1x12, weights_layer_l0_reverse 5x9, "
     "weights_iter_l0_reverse 3x9, bias_l0_reverse 1x12, "},
    {RECUR_CELL_GRU, BEFORE, 5, 3, 1, 1, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x9, weights_iter_l0 3x9, bias_l0 1x9, "},
    {RECUR_CELL_RNN, 0, 5, 3, 1, 1, RECUR_LAYOUT_ONEDNN,
     "weights_layer_l0 5x3, weights_iter_l0 3x3, bias_l0 1x3, "},
};

static void test_part_lists(void) {
  for (size_t k = 0; k < COUNT(lists); k++) {
    check_note("list %zu", k);
    recur_network n = make(lists[k].kind, lists[k].I, lists[k].H, lists[k].options);
    n.layers = lists[k].L;
    n.directions = lists[k].D;
    size_t parts = 0, numbers = 0, next = 0;
    CHECK(recur_parameters_count(&n, lists[k].layout, &parts, &numbers) == GSL_SUCCESS);
    char text[2000] = "", *end = text;
    for (size_t p = 0; p < parts; p++) {
      recur_parameter_slice part;
      CHECK(recur_parameters_slice(&n, lists[k].layout, p, &part) == GSL_SUCCESS);
      CHECK(part.offset == next);
      next += part.rows * part.columns;
      end += sprintf(end, "%s %zux%zu, ", part.name, part.rows, part.columns);
    }
    CHECK(next == numbers);
    CHECK(strcmp(text, lists[k].parts) == 0);
  }
}

/* By hand, from each system's documentation. Of a weight, hundreds (or tens) say the gate, in
   Recur's order, tens the unit and ones the column; of bias_ih, 2001 is the second gate's first
   unit, of bias_hh 20010. */

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
  size_t I, H, L, D;
  recur_layout layout;
  double ours[MOST], theirs[MOST];
  double imported[MOST]; /* if the first is not 0: what comes back of theirs, not ours */
} examples[] = {
    /* i o f c; peepholes i o f */
    {RECUR_CELL_LSTM,
     PEEPHOLES,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONNX,
     {LSTM_WEIGHTS, LSTM_BIASES, 71, 72, 81, 82, 91, 92},
     {11,    12,    41,    42,    21,   22,   31,   32,   111,   112,   121,   122,
      411,   412,   421,   422,   211,  212,  221,  222,  311,   312,   321,   322,
      1001,  1002,  4001,  4002,  2001, 2002, 3001, 3002, 10010, 10020, 40010, 40020,
      20010, 20020, 30010, 30020, 71,   72,   91,   92,   81,    82},
     {0}},
    /* coupled: i g o here, i o f c there */
    {RECUR_CELL_LSTM,
     PEEPHOLES | COUPLED | NO_BIAS,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONNX,
     {11,  12,  31,  32,  41,  42,  111, 112, 121, 122, 311,
      312, 321, 322, 411, 412, 421, 422, 71,  72,  91,  92},
     {11,  12, 41, 42, 0, 0,   31,  32,  111, 112, 121, 122, 411, 412, 421,
      422, 0,  0,  0,  0, 311, 312, 321, 322, 71,  72,  91,  92,  0,   0},
     {0}},
    /* i f c o, transposed, one bias */
    {RECUR_CELL_LSTM,
     0,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_KERAS,
     {LSTM_WEIGHTS, LSTM_BIASES},
     {LSTM_TRANSPOSED, LSTM_SUMS},
     {LSTM_WEIGHTS, LSTM_SUMS}},
    {RECUR_CELL_LSTM,
     PEEPHOLES,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONEDNN,
     {LSTM_WEIGHTS, LSTM_BIASES, 71, 72, 81, 82, 91, 92},
     {LSTM_TRANSPOSED, LSTM_SUMS, 71, 72, 81, 82, 91, 92},
     {LSTM_WEIGHTS, LSTM_SUMS, 0, 0, 0, 0, 0, 0, 0, 0, 71, 72, 81, 82, 91, 92}},
    /* H = 3, P = 2: projection H x P */
    {RECUR_CELL_LSTM,
     PROJECTION | NO_BIAS,
     1,
     3,
     1,
     1,
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
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONNX,
     {GRU_WEIGHTS, GRU_BIASES},
     {21,  22,  11,  12,   31,   32,   211,  212,  221,  222,   111,   112,   121,   122,   311,
      312, 321, 322, 2001, 2002, 1001, 1002, 3001, 3002, 20010, 20020, 10010, 10020, 30010, 30020},
     {0}},
    {RECUR_CELL_GRU,
     BEFORE | NO_BIAS,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONNX,
     {GRU_WEIGHTS},
     {21, 22, 11, 12, 31, 32, 211, 212, 221, 222, 111, 112, 121, 122, 311, 312, 321, 322},
     {0}},
    /* z r h, transposed; reset after two biases, before one */
    {RECUR_CELL_GRU,
     0,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_KERAS,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 2001, 2002, 1001, 1002, 3001, 3002, 20010, 20020, 10010, 10020, 30010, 30020},
     {0}},
    {RECUR_CELL_GRU,
     BEFORE,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_KERAS,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 22011, 22022, 11011, 11022, 33011, 33022},
     {GRU_WEIGHTS, 11011, 11022, 22011, 22022, 33011, 33022}},
    /* u r o, transposed; reset after u r o and b_hn */
    {RECUR_CELL_GRU,
     0,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONEDNN,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 22011, 22022, 11011, 11022, 3001, 3002, 30010, 30020},
     {GRU_WEIGHTS, 11011, 11022, 22011, 22022, 3001, 3002, 0, 0, 0, 0, 30010, 30020}},
    {RECUR_CELL_GRU,
     BEFORE,
     1,
     2,
     1,
     1,
     RECUR_LAYOUT_ONEDNN,
     {GRU_WEIGHTS, GRU_BIASES},
     {GRU_TRANSPOSED, 22011, 22022, 11011, 11022, 33011, 33022},
     {GRU_WEIGHTS, 11011, 11022, 22011, 22022, 33011, 33022}},
    /* I = 3 */
    {RECUR_CELL_RNN,
     NO_BIAS,
     3,
     2,
     1,
     1,
     RECUR_LAYOUT_KERAS,
     {11, 12, 13, 21, 22, 23, 111, 112, 121, 122},
     {11, 21, 12, 22, 13, 23, 111, 121, 112, 122},
     {0}},
    {RECUR_CELL_RNN,
     NO_BIAS,
     3,
     2,
     1,
     1,
     RECUR_LAYOUT_ONNX,
     {11, 12, 13, 21, 22, 23, 111, 112, 121, 122},
     {11, 12, 13, 21, 22, 23, 111, 112, 121, 122},
     {0}},
    /* two layers, two directions; D*P = 2 */
    {RECUR_CELL_RNN,
     0,
     1,
     1,
     2,
     2,
     RECUR_LAYOUT_ONNX,
     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18},
     {1, 5, 2, 6, 3, 4, 7, 8, 9, 10, 14, 15, 11, 16, 12, 13, 17, 18},
     {0}},
    {RECUR_CELL_RNN,
     0,
     1,
     1,
     2,
     2,
     RECUR_LAYOUT_KERAS,
     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18},
     {1, 2, 7, 5, 6, 15, 9, 10, 11, 25, 14, 15, 16, 35},
     {1, 2, 7, 0, 5, 6, 15, 0, 9, 10, 11, 25, 0, 14, 15, 16, 35, 0}},
};

/* Numbers one after another, in a guarded matrix of one column. */
static gsl_vector new_theta(const recur_network *n, recur_layout layout) {
  size_t parts = 0, numbers = 0;
  CHECK(recur_parameters_count(n, layout, &parts, &numbers) == GSL_SUCCESS);
  return (gsl_vector){.size = numbers, .stride = 1, .data = new_matrix(numbers, 1, 1)->data};
}

static bool holds(const gsl_vector *v, const double *expected) {
  bool same = true;
  for (size_t i = 0; i < v->size; i++)
    same = same && v->data[i] == (rk_real)expected[i];
  return same;
}

static void test_examples(void) {
  for (size_t k = 0; k < COUNT(examples); k++) {
    check_note("example %zu", k);
    recur_network n = make(examples[k].kind, examples[k].I, examples[k].H, examples[k].options);
    n.layers = examples[k].L;
    n.directions = examples[k].D;
    gsl_vector ours = new_theta(&n, RECUR_LAYOUT_PYTORCH);
    gsl_vector theirs = new_theta(&n, examples[k].layout);
    CHECK(ours.size <= MOST && theirs.size <= MOST);
    for (size_t i = 0; i < ours.size; i++)
      ours.data[i] = (rk_real)examples[k].ours[i];
    CHECK(recur_parameters_export(&n, examples[k].layout, &ours, &theirs) == GSL_SUCCESS);
    CHECK(holds(&theirs, examples[k].theirs));
    CHECK(holds(&ours, examples[k].ours));
    CHECK(recur_parameters_import(&n, examples[k].layout, &theirs, &ours) == GSL_SUCCESS);
    const bool same = examples[k].imported[0] == 0;
    CHECK(holds(&ours, same ? examples[k].ours : examples[k].imported));
    free_all();
  }
}

static void fill_bits(const gsl_vector *v) {
  for (size_t i = 0; i < v->size; i++) {
    const uint64_t bits = check_random_bits();
    memcpy(&v->data[i], &bits, sizeof(rk_real));
  }
}

static bool same_vector(const gsl_vector *a, const gsl_vector *b) {
  return a->size == b->size && memcmp(a->data, b->data, a->size * sizeof(rk_real)) == 0;
}

/* What came from outside is the same to the bit, but the f that is not read, which is 0. */
static void check_from_outside(const recur_network *n, recur_layout layout) {
  gsl_vector theta = new_theta(n, RECUR_LAYOUT_PYTORCH), again = new_theta(n, RECUR_LAYOUT_PYTORCH);
  gsl_vector foreign = new_theta(n, layout), back = new_theta(n, layout);
  fill_bits(&foreign);
  remember();
  CHECK(recur_parameters_import(n, layout, &foreign, &theta) == GSL_SUCCESS);
  CHECK(recur_parameters_export(n, layout, &theta, &back) == GSL_SUCCESS);
  const gsl_matrix column = as_column(&foreign);
  CHECK(untouched(&column));
  size_t changed = 0;
  for (size_t i = 0; i < foreign.size; i++)
    if (!same_bits(foreign.data[i], back.data[i])) {
      CHECK(same_bits(back.data[i], 0));
      changed++;
    }
  const bool f_is_missing = layout == RECUR_LAYOUT_ONNX && n->cell.coupled;
  CHECK(f_is_missing ? changed == foreign.size - theta.size : changed == 0);
  CHECK(recur_parameters_import(n, layout, &back, &again) == GSL_SUCCESS);
  CHECK(same_vector(&theta, &again));
  free_all();
}

/* Our own come back to the bit, but for biases that were added up. */
static void check_from_here(const recur_network *n, recur_layout layout) {
  gsl_vector theta = new_theta(n, RECUR_LAYOUT_PYTORCH), back = new_theta(n, RECUR_LAYOUT_PYTORCH);
  gsl_vector foreign = new_theta(n, layout);
  fill_bits(&theta);
  const size_t added = added_gates(n, layout) * n->hidden_size;
  gsl_matrix *expected = new_matrix(theta.size, 1, 1);
  gsl_vector want = {.size = theta.size, .stride = 1, .data = expected->data};
  for (size_t l = 0; l < n->layers && added > 0; l++)
    for (size_t d = 0; d < n->directions; d++) {
      gsl_matrix bias[2];
      const char *kinds[] = {"ih", "hh"};
      for (int k = 0; k < 2; k++) {
        char name[48];
        snprintf(name, sizeof name, "bias_%s_l%zu%s", kinds[k], l, d ? "_reverse" : "");
        CHECK(recur_parameters_view(n, &theta, name, &bias[k]) == GSL_SUCCESS);
        randomize(&bias[k], 1);
      }
    }
  memcpy(want.data, theta.data, theta.size * sizeof(rk_real));
  for (size_t l = 0; l < n->layers && added > 0; l++)
    for (size_t d = 0; d < n->directions; d++) {
      gsl_matrix ih, hh;
      char name[48];
      snprintf(name, sizeof name, "bias_ih_l%zu%s", l, d ? "_reverse" : "");
      CHECK(recur_parameters_view(n, &want, name, &ih) == GSL_SUCCESS);
      snprintf(name, sizeof name, "bias_hh_l%zu%s", l, d ? "_reverse" : "");
      CHECK(recur_parameters_view(n, &want, name, &hh) == GSL_SUCCESS);
      for (size_t i = 0; i < added; i++) {
        ih.data[i] += hh.data[i];
        hh.data[i] = 0;
      }
    }
  CHECK(recur_parameters_export(n, layout, &theta, &foreign) == GSL_SUCCESS);
  CHECK(recur_parameters_import(n, layout, &foreign, &back) == GSL_SUCCESS);
  CHECK(same_vector(&back, &want));
  if (layout == RECUR_LAYOUT_PYTORCH)
    CHECK(same_vector(&foreign, &theta));
  free_all();
}

/* Parts are contiguous, their names differ, and in Recur's layout the view of a name is the part.
 */
static void check_parts(const recur_network *n, recur_layout layout) {
  gsl_vector theta = new_theta(n, layout);
  size_t parts, numbers, next = 0;
  CHECK(recur_parameters_count(n, layout, &parts, &numbers) == GSL_SUCCESS);
  for (size_t k = 0; k < parts; k++) {
    recur_parameter_slice part, other;
    CHECK(recur_parameters_slice(n, layout, k, &part) == GSL_SUCCESS);
    CHECK(part.offset == next && part.rows > 0 && part.columns > 0);
    next += part.rows * part.columns;
    for (size_t l = 0; l < k; l++) {
      recur_parameters_slice(n, layout, l, &other);
      CHECK(strcmp(part.name, other.name) != 0);
    }
    if (layout != RECUR_LAYOUT_PYTORCH)
      continue;
    gsl_matrix view;
    CHECK(recur_parameters_view(n, &theta, part.name, &view) == GSL_SUCCESS);
    CHECK(view.data == theta.data + part.offset && !view.owner && view.block == NULL);
    CHECK(view.size1 == part.rows && view.size2 == part.columns && view.tda == part.columns);
  }
  CHECK(next == numbers);
  free_all();
}

static void refuse_layout(const recur_network *n, recur_layout layout) {
  size_t parts = 1, numbers = 2;
  recur_parameter_slice part = {.rows = 3};
  gsl_vector a = new_theta(n, RECUR_LAYOUT_PYTORCH), b = new_theta(n, RECUR_LAYOUT_PYTORCH);
  CHECK(recur_parameters_count(n, layout, &parts, &numbers) == GSL_EUNIMPL);
  CHECK(parts == 1 && numbers == 2);
  CHECK(strncmp(recur_last_error()->argument, "network->cell.", 14) == 0);
  CHECK(recur_parameters_slice(n, layout, 0, &part) == GSL_EUNIMPL && part.rows == 3);
  remember();
  CHECK(recur_parameters_import(n, layout, &a, &b) == GSL_EUNIMPL);
  CHECK(recur_parameters_export(n, layout, &a, &b) == GSL_EUNIMPL);
  CHECK(nothing_touched());
  free_all();
}

static void check_network(const recur_network *n, recur_layout layout, bool placed) {
  if (!placed) {
    refuse_layout(n, layout);
    return;
  }
  check_parts(n, layout);
  check_from_outside(n, layout);
  check_from_here(n, layout);
}

static void test_every_network(void) {
  for (int kind = RECUR_CELL_RNN; kind <= RECUR_CELL_LSTM; kind++)
    for (int options = 0; options < OPTIONS; options++)
      for (size_t l = 0; l < COUNT(layouts) * 6 && exists((recur_cell_kind)kind, options); l++) {
        const recur_layout layout = layouts[l / 6];
        const size_t I = 2 + check_random_below(4), H = 2 + check_random_below(4);
        recur_network n = make((recur_cell_kind)kind, I, H, options);
        n.layers = 1 + l % 3;
        n.directions = 1 + l % 6 / 3;
        check_note("kind=%d options=%d layout=%d I=%zu H=%zu L=%zu D=%zu", kind, options,
                   (int)layout, n.input_size, n.hidden_size, n.layers, n.directions);
        check_network(&n, layout, has_place(layout, (recur_cell_kind)kind, options));
      }
}

/* Wrong arguments */

typedef struct {
  recur_network network;
  recur_layout layout;
  gsl_vector theta, foreign, *theta_pointer, *foreign_pointer;
} conversion_call;

static int call_import(void *conversion) {
  const conversion_call *c = conversion;
  return recur_parameters_import(&c->network, c->layout, c->foreign_pointer, c->theta_pointer);
}

static int call_export(void *conversion) {
  const conversion_call *c = conversion;
  return recur_parameters_export(&c->network, c->layout, c->theta_pointer, c->foreign_pointer);
}

static void refuse_conversion(const char *function, int (*call)(void *), int theta_flags,
                              int foreign_flags) {
  conversion_call c = {.network = make(RECUR_CELL_GRU, 3, 2, 0), .layout = RECUR_LAYOUT_ONEDNN};
  c.theta = new_theta(&c.network, RECUR_LAYOUT_PYTORCH);
  c.foreign = new_theta(&c.network, c.layout);
  c.theta_pointer = &c.theta;
  c.foreign_pointer = &c.foreign;
  fill_bits(&c.theta);
  fill_bits(&c.foreign);
  const tested_function f = {
      .function = function,
      .call = call,
      .problem = &c,
      .remember = remember,
      .nothing_touched = nothing_touched,
      .count = 2,
      .arguments = {
          VECTOR_ARGUMENT("theta", &c.theta, &c.theta_pointer, REQUIRED | theta_flags),
          VECTOR_ARGUMENT("foreign", &c.foreign, &c.foreign_pointer, REQUIRED | foreign_flags)}};
  refuse_everything_wrong(&f);
  for (size_t k = 0; k < 2; k++) {
    *f.arguments[k].apart = 2;
    refused(&f, GSL_EINVAL, f.arguments[k].name);
    *f.arguments[k].apart = 1;
    char *data = pointer_at(f.arguments[k].data);
    set_pointer(f.arguments[k].data, NULL);
    refused(&f, GSL_EFAULT, f.arguments[k].name);
    set_pointer(f.arguments[k].data, data);
  }
  c.layout = (recur_layout)4;
  refused(&f, GSL_EINVAL, "layout");
  c.layout = (recur_layout)-1;
  refused(&f, GSL_EINVAL, "layout");
  c.network.directions = 3;
  refused(&f, GSL_EINVAL, "network->directions");
  free_all();
}

static void test_wrong_conversions(void) {
  refuse_conversion(TEXT(recur_parameters_import), call_import, OUTPUT, 0);
  refuse_conversion(TEXT(recur_parameters_export), call_export, 0, OUTPUT);
  check_note("without a network");
  gsl_vector v = {.size = 1, .stride = 1, .data = new_matrix(1, 1, 1)->data};
  CHECK(recur_parameters_import(NULL, RECUR_LAYOUT_ONNX, &v, &v) == GSL_EFAULT);
  CHECK(recur_parameters_export(NULL, RECUR_LAYOUT_ONNX, &v, &v) == GSL_EFAULT);
  free_all();
}

static void test_wrong_views(void) {
  const recur_network n = make(RECUR_CELL_RNN, 3, 2, NO_BIAS);
  gsl_vector theta = new_theta(&n, RECUR_LAYOUT_PYTORCH);
  gsl_matrix view = {.size1 = 7}, *part = &view;
  const char *wrong[] = {"",           "weight_ih",     "weight_ih_l1", "weight_ih_l0_reverse",
                         "bias_ih_l0", "weight_ih_l0 ", "W_l0"};
  for (size_t k = 0; k < COUNT(wrong); k++) {
    check_note("view of %s", wrong[k]);
    CHECK(recur_parameters_view(&n, &theta, wrong[k], part) == GSL_EINVAL);
    CHECK(strcmp(recur_last_error()->argument, "name") == 0);
  }
  CHECK(recur_parameters_view(NULL, &theta, "weight_ih_l0", part) == GSL_EFAULT);
  CHECK(recur_parameters_view(&n, NULL, "weight_ih_l0", part) == GSL_EFAULT);
  CHECK(recur_parameters_view(&n, &theta, NULL, part) == GSL_EFAULT);
  CHECK(recur_parameters_view(&n, &theta, "weight_ih_l0", NULL) == GSL_EFAULT);
  theta.stride = 2;
  CHECK(recur_parameters_view(&n, &theta, "weight_ih_l0", part) == GSL_EINVAL);
  theta.stride = 1;
  theta.size--;
  CHECK(recur_parameters_view(&n, &theta, "weight_ih_l0", part) == GSL_EBADLEN);
  CHECK(view.size1 == 7 && view.data == NULL);
  free_all();
}

/* Sizes at the edges of what can be counted, and wrong arguments of what has no precision. */

static void refuse_size(const recur_network *n, recur_layout layout, int status, const char *name) {
  size_t parts = 1, numbers = 2;
  recur_parameter_slice part = {.rows = 3};
  CHECK(recur_parameters_count(n, layout, &parts, &numbers) == status);
  CHECK(strcmp(recur_last_error()->argument, name) == 0);
  CHECK(strcmp(recur_last_error()->function, "recur_parameters_count") == 0);
  CHECK(recur_parameters_slice(n, layout, 0, &part) == status);
  CHECK(strcmp(recur_last_error()->function, "recur_parameters_slice") == 0);
  CHECK(parts == 1 && numbers == 2 && part.rows == 3);
}

static void test_wrong_sizes(void) {
  check_note("sizes");
  recur_network n = recur_lstm(2, 3);
  size_t parts, numbers;
  recur_parameter_slice part;
  refuse_size(NULL, RECUR_LAYOUT_ONNX, GSL_EFAULT, "network");
  refuse_size(&n, (recur_layout)4, GSL_EINVAL, "layout");
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_ONNX, NULL, &numbers) == GSL_EFAULT);
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_ONNX, &parts, NULL) == GSL_EFAULT);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 0, NULL) == GSL_EFAULT);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 2, &part) == GSL_SUCCESS);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 3, &part) == GSL_EINVAL);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, SIZE_MAX, &part) == GSL_EINVAL);
  CHECK(strcmp(recur_last_error()->argument, "k") == 0);
  for (size_t l = 0; l < COUNT(layouts); l++) {
    n = recur_lstm(2, INT_MAX / 2);
    refuse_size(&n, layouts[l], GSL_EINVAL, "G * H");
    n = recur_rnn(INT_MAX, INT_MAX);
    n.layers = 3;
    refuse_size(&n, layouts[l], GSL_EINVAL, "parameters");
    n.layers = INT_MAX;
    refuse_size(&n, layouts[l], GSL_EINVAL, "parameters");
    n.layers = SIZE_MAX;
    refuse_size(&n, layouts[l], GSL_EINVAL, "network->layers");
  }
}

static void test_largest_sizes(void) {
  check_note("largest sizes");
  recur_network n = recur_rnn(1, 1);
  size_t parts, numbers;
  recur_parameter_slice part;
  n.layers = INT_MAX;
  n.directions = 2;
  const size_t groups = 2 * (size_t)INT_MAX;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &parts, &numbers) == GSL_SUCCESS);
  CHECK(parts == 4 * groups && numbers == 4 * 2 + 5 * (groups - 2));
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_PYTORCH, parts - 1, &part) == GSL_SUCCESS);
  CHECK(part.offset == numbers - 1 && strcmp(part.name, "bias_hh_l2147483646_reverse") == 0);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONNX, 3 * (size_t)INT_MAX - 1, &part) ==
        GSL_SUCCESS);
  CHECK(part.offset == numbers - 4 && strcmp(part.name, "B_l2147483646") == 0);
  CHECK(recur_parameters_slice(&n, RECUR_LAYOUT_ONEDNN, 6 * (size_t)INT_MAX - 1, &part) ==
        GSL_SUCCESS);
  CHECK(strcmp(part.name, "bias_l2147483646_reverse") == 0);
  /* Three gates can be counted, the four of ONNX cannot. */
  n = make(RECUR_CELL_LSTM, 1, 1 << 15, COUPLED | NO_BIAS);
  n.layers = 300000000;
  CHECK(recur_parameters_count(&n, RECUR_LAYOUT_PYTORCH, &parts, &numbers) == GSL_SUCCESS);
  refuse_size(&n, RECUR_LAYOUT_ONNX, GSL_EINVAL, "parameters");
}

static const struct {
  recur_cell_kind kind;
  int options;
  recur_layout layout;
  const char *argument;
} without_place[] = {
    {RECUR_CELL_RESIDUAL, 0, RECUR_LAYOUT_ONNX, "network->cell.kind"},
    {RECUR_CELL_RESIDUAL, 0, RECUR_LAYOUT_KERAS, "network->cell.kind"},
    {RECUR_CELL_RESIDUAL, 0, RECUR_LAYOUT_ONEDNN, "network->cell.kind"},
    {RECUR_CELL_LSTM, PROJECTION, RECUR_LAYOUT_ONNX, "network->cell.projection_size"},
    {RECUR_CELL_LSTM, PROJECTION, RECUR_LAYOUT_KERAS, "network->cell.projection_size"},
    {RECUR_CELL_LSTM, PEEPHOLES, RECUR_LAYOUT_KERAS, "network->cell.peepholes"},
    {RECUR_CELL_LSTM, COUPLED, RECUR_LAYOUT_KERAS, "network->cell.coupled"},
    {RECUR_CELL_LSTM, COUPLED, RECUR_LAYOUT_ONEDNN, "network->cell.coupled"},
    {RECUR_CELL_LSTM, NORMALIZED, RECUR_LAYOUT_ONNX, "network->cell.layer_norm"},
    {RECUR_CELL_LSTM, NORMALIZED, RECUR_LAYOUT_KERAS, "network->cell.layer_norm"},
    {RECUR_CELL_GRU, NORMALIZED, RECUR_LAYOUT_ONEDNN, "network->cell.layer_norm"},
};

static void test_without_place(void) {
  for (size_t k = 0; k < COUNT(without_place); k++) {
    check_note("without place %zu", k);
    const recur_network n = make(without_place[k].kind, 2, 3, without_place[k].options);
    refuse_size(&n, without_place[k].layout, GSL_EUNIMPL, without_place[k].argument);
  }
}

int main(void) {
  check_begin();
  test_part_lists();
  test_wrong_sizes();
  test_largest_sizes();
  test_without_place();
  test_examples();
  test_every_network();
  test_wrong_conversions();
  test_wrong_views();
  return check_end();
}
