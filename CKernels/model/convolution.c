/* Convolutions over steps and over positions.

   The inputs of an output, tap by tap, are copied to a row of `patches`, so that the outputs are
   the product of patches and weights. A line is what a convolution runs along: the steps of a
   sequence, or the positions of a row. A cell is an output of a line. Cells are numbered like the
   rows of the value, and with several positions, within each row.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "base/memory.h"
#include "math/product.h"
#include "model/operation.h"

#include <string.h>

/* The rows of patches that all threads have together. A team has at most 64 threads. */
enum { LEAST_PATCHES = 64, MOST_PATCHES = 256 };

typedef struct {
  const recur_convolution *v;
  bool steps;       /* otherwise positions */
  size_t C, O;      /* channels */
  size_t Cg, Og;    /* of a group */
  size_t terms;     /* K Cg: of each sum */
  size_t positions; /* of the input and of the output */
  size_t cells_of_row;
} rk_sizes_of_convolution;

static rk_sizes_of_convolution sizes_of(const recur_model *model, const rk_node *node) {
  const recur_convolution *v = &node->given.convolution;
  const rk_value *x = &rk_node_source(model, node, 0)->value;
  const size_t Cg = x->channels / v->groups;
  return (rk_sizes_of_convolution){.v = v,
                                   .steps = v->axis == RECUR_AXIS_STEPS,
                                   .C = x->channels,
                                   .O = v->output_size,
                                   .Cg = Cg,
                                   .Og = v->output_size / v->groups,
                                   .terms = v->kernel_size * Cg,
                                   .positions = x->positions,
                                   .cells_of_row = node->value.positions};
}

/* Weights */

static rk_packing rk_convolution_packing(const recur_model *model, const rk_node *node) {
  const rk_sizes_of_convolution s = sizes_of(model, node);
  const size_t forward = rk_times(s.terms, rk_filled(s.Og, sizeof(rk_real)));
  const size_t backward = rk_times(s.Og, rk_filled(s.terms, sizeof(rk_real)));
  return (rk_packing){.operands = s.v->groups,
                      .panels = rk_times(s.v->groups, forward > backward ? forward : backward),
                      .row = s.terms > s.Og ? s.terms : s.Og};
}

/* The index of tap k and channel c of output o in the parameters. */
static size_t weight_at(const rk_sizes_of_convolution *s, size_t o, size_t k, size_t c) {
  return (o * s->Cg + c) * s->v->kernel_size + k;
}

static void pack_group(const rk_sizes_of_convolution *s, size_t first, const rk_real *theta,
                       bool backward, rk_real *row, const rk_packed_operand *b) {
  const rk_kernels *isa = rk_kernels_in_use();
  const size_t K = s->v->kernel_size;
  for (size_t k = 0; k < K && !backward; k++)
    for (size_t c = 0; c < s->Cg; c++) {
      for (size_t o = 0; o < s->Og; o++)
        row[o] = theta[weight_at(s, first + o, k, c)];
      isa->pack_rows(b, k * s->Cg + c, 1, row, 0);
    }
  for (size_t o = 0; o < s->Og && backward; o++) {
    for (size_t k = 0; k < K; k++)
      for (size_t c = 0; c < s->Cg; c++)
        row[k * s->Cg + c] = theta[weight_at(s, first + o, k, c)];
    isa->pack_rows(b, o, 1, row, 0);
  }
}

static void rk_convolution_pack(const recur_model *model, const rk_node *node, const rk_real *theta,
                                bool backward, rk_real *row, const rk_node_weights *weights) {
  const rk_sizes_of_convolution s = sizes_of(model, node);
  const size_t count = rk_convolution_packing(model, node).panels / s.v->groups;
  for (size_t g = 0; g < s.v->groups; g++) {
    rk_packed_operand *b = &weights->packed[g];
    *b = (rk_packed_operand){.depth = backward ? s.Og : s.terms,
                             .groups = 1,
                             .width = backward ? s.terms : s.Og,
                             .panels = weights->panels + g * count};
    pack_group(&s, g * s.Og, theta, backward, row, b);
  }
}

/* Memory */

static void rk_convolution_lay_out(const recur_model *model, const rk_node *node,
                                   const rk_steps *in, const rk_steps *out, recur_mode mode,
                                   rk_node_memory *memory, char *at, size_t *used) {
  const rk_sizes_of_convolution s = sizes_of(model, node);
  const size_t rows = node->value.one_row ? out->B : rk_times(out->T, out->B);
  const size_t cells = rk_times(rows, s.cells_of_row);
  const size_t patches = cells < LEAST_PATCHES  ? LEAST_PATCHES
                         : cells > MOST_PATCHES ? MOST_PATCHES
                                                : cells;
  (void)in;
  memory->scratch = rk_take_matrix(at, used, patches, s.terms);
  if (mode == RECUR_MODE_TRAINING)
    memory->dweight = rk_take_matrix(at, used, s.O, s.terms);
}

/* A thread's part of the patches. */
static gsl_matrix patches_of(const rk_call *call) {
  const size_t count = call->memory->scratch.size1 / call->size;
  return rk_matrix_rows(&call->memory->scratch, call->rank * count, count);
}

/* Cells */

typedef struct {
  size_t line, index; /* the index among the cells of the line */
} rk_cell;

static rk_cell cell_at(const rk_call *call, const rk_sizes_of_convolution *s, size_t m) {
  return s->steps ? (rk_cell){.line = m % call->out->B, .index = m / call->out->B}
                  : (rk_cell){.line = m / s->cells_of_row, .index = m % s->cells_of_row};
}

/* Whether a cell belongs to a sequence, and is not past its end. */
static bool is_valid(const rk_call *call, const rk_sizes_of_convolution *s, rk_cell cell) {
  return !s->steps || cell.index < call->out->lengths[cell.line];
}

/* Columns g*n ... of the cells from m on: as many as are at equal distances, and at most `most`. */
static gsl_matrix cells_of(const gsl_matrix *value, const rk_sizes_of_convolution *s, size_t m,
                           size_t most, size_t g) {
  const size_t Q = s->cells_of_row, row = m / Q, cell = m % Q;
  rk_real *data = value->data + row * value->tda + cell * s->O + g * s->Og;
  if (Q == 1 || value->tda == value->size2)
    return (gsl_matrix){
        .size1 = most, .size2 = s->Og, .tda = Q == 1 ? value->tda : s->O, .data = data};
  const size_t rest = Q - cell;
  return (gsl_matrix){
      .size1 = most < rest ? most : rest, .size2 = s->Og, .tda = s->O, .data = data};
}

/* The index of the input of tap k: that of a step before the sequence if `past`, SIZE_MAX if it is
   a zero. */
static size_t input_index(const rk_call *call, const rk_sizes_of_convolution *s, rk_cell cell,
                          size_t k, bool *past) {
  const recur_convolution *v = s->v;
  const size_t n = s->steps ? call->in->lengths[cell.line] : s->positions;
  const ptrdiff_t i = (ptrdiff_t)(cell.index * v->stride + k * v->dilation) - (ptrdiff_t)v->before;
  *past = i < 0 && rk_convolution_is_causal(v);
  if (*past)
    return (size_t)(i + (ptrdiff_t)rk_convolution_history(v));
  return rk_convolution_index(v, i, n);
}

/* The offset of an input in a matrix of inputs. */
static size_t input_offset(const rk_call *call, const rk_sizes_of_convolution *s, rk_cell cell,
                           size_t i, size_t tda) {
  return s->steps ? (i * call->in->B + cell.line) * tda : cell.line * tda + i * s->C;
}

static void gather(const rk_call *call, const rk_sizes_of_convolution *s, size_t m, size_t g,
                   rk_real *patch) {
  const rk_cell cell = cell_at(call, s, m);
  const bool valid = is_valid(call, s, cell);
  for (size_t k = 0; k < s->v->kernel_size; k++, patch += s->Cg) {
    bool past = false;
    const size_t i = valid ? input_index(call, s, cell, k, &past) : SIZE_MAX;
    const rk_real *from = past ? call->initial_state : call->x[0]->data;
    const size_t tda = past ? s->C : call->x[0]->tda;
    if (i == SIZE_MAX || from == NULL)
      memset(patch, 0, s->Cg * sizeof(rk_real));
    else
      memcpy(patch, from + input_offset(call, s, cell, i, tda) + g * s->Cg,
             s->Cg * sizeof(rk_real));
  }
}

/* Patches of the cells first to last - 1. */
static gsl_matrix gather_all(const rk_call *call, const rk_sizes_of_convolution *s, size_t first,
                             size_t last, size_t g, const gsl_matrix *patches) {
  const gsl_matrix these = rk_matrix_rows(patches, 0, last - first);
  for (size_t m = first; m < last; m++)
    gather(call, s, m, g, rk_row(&these, m - first));
  return these;
}

/* Forward */

static void rk_convolution_cells(const rk_call *call, size_t first, size_t last) {
  const rk_sizes_of_convolution s = sizes_of(call->model, call->node);
  const gsl_matrix patches = patches_of(call);
  const rk_real *bias = call->theta + s.O * s.terms;
  for (size_t m = first; m < last;) {
    const size_t most = last - m < patches.size1 ? last - m : patches.size1;
    size_t count = most;
    for (size_t g = 0; g < s.v->groups; g++) {
      gsl_matrix y = cells_of(call->y, &s, m, most, g);
      count = y.size1;
      const gsl_matrix these = gather_all(call, &s, m, m + count, g, &patches);
      rk_product_packed(&call->weights->packed[g], &these, false, &y);
      for (size_t r = 0; call->node->given.bias && r < count; r++)
        for (size_t j = 0; j < s.Og; j++)
          rk_row(&y, r)[j] += bias[g * s.Og + j];
    }
    m += count;
  }
}

/* The state after the last step: the last inputs, or what remains of the earlier ones. The final
   state may be the initial one, because no row is read after it was written. */
static void keep_inputs(const rk_call *call, const rk_sizes_of_convolution *s) {
  const size_t history = rk_convolution_history(s->v), B = call->in->B;
  for (size_t h = 0; h < history; h++)
    for (size_t b = 0; b < B; b++) {
      const size_t n = call->in->lengths[b];
      rk_real *to = call->final_state + (h * B + b) * s->C;
      const rk_real *from = n + h >= history ? rk_row(call->x[0], (n + h - history) * B + b)
                            : call->initial_state == NULL
                                ? NULL
                                : call->initial_state + ((n + h) * B + b) * s->C;
      if (from == NULL)
        memset(to, 0, s->C * sizeof(rk_real));
      else
        memmove(to, from, s->C * sizeof(rk_real));
    }
}

static void rk_convolution_forward(const rk_call *call) {
  const rk_sizes_of_convolution s = sizes_of(call->model, call->node);
  const size_t cells = call->y->size1 * s.cells_of_row;
  rk_call_share(call, cells, s.terms * s.O, rk_convolution_cells);
  if (call->final_state != NULL && rk_convolution_is_causal(s.v))
    keep_inputs(call, &s);
}

/* Backward */

/* The gradients of the outputs of a line, in group g. */
static gsl_matrix line_of(const rk_call *call, const rk_sizes_of_convolution *s, size_t line,
                          size_t g) {
  const gsl_matrix *dy = call->dy;
  const size_t B = call->out->B;
  if (s->steps)
    return (gsl_matrix){.size1 = call->out->lengths[line],
                        .size2 = s->Og,
                        .tda = B * dy->tda,
                        .data = dy->data + line * dy->tda + g * s->Og};
  return (gsl_matrix){.size1 = s->cells_of_row,
                      .size2 = s->Og,
                      .tda = s->O,
                      .data = dy->data + line * dy->tda + g * s->Og};
}

static void scatter(const rk_call *call, const rk_sizes_of_convolution *s, rk_cell cell, size_t g,
                    const rk_real *patch) {
  for (size_t k = 0; k < s->v->kernel_size; k++, patch += s->Cg) {
    bool past;
    const size_t i = input_index(call, s, cell, k, &past);
    rk_real *to = past ? call->dinitial_state : call->dx[0] == NULL ? NULL : call->dx[0]->data;
    if (i == SIZE_MAX || to == NULL)
      continue;
    to += input_offset(call, s, cell, i, past ? s->C : call->dx[0]->tda) + g * s->Cg;
    for (size_t c = 0; c < s->Cg; c++)
      to[c] += patch[c];
  }
}

/* The gradients of the inputs of some lines. */
static void rk_convolution_lines(const rk_call *call, size_t first, size_t last) {
  const rk_sizes_of_convolution s = sizes_of(call->model, call->node);
  const gsl_matrix patches = patches_of(call);
  for (size_t line = first; line < last; line++)
    for (size_t g = 0; g < s.v->groups; g++) {
      const gsl_matrix all = line_of(call, &s, line, g);
      for (size_t o = 0; o < all.size1; o += patches.size1) {
        const size_t n = all.size1 - o < patches.size1 ? all.size1 - o : patches.size1;
        const gsl_matrix dy = rk_matrix_rows(&all, o, n);
        gsl_matrix these = rk_matrix_rows(&patches, 0, n);
        rk_product_packed(&call->weights->packed[g], &dy, false, &these);
        for (size_t i = 0; i < n; i++)
          scatter(call, &s, (rk_cell){.line = line, .index = o + i}, g, rk_row(&these, i));
      }
    }
}

/* Rows of the gradient of the weight, tap by tap, and elements of that of the bias. */
static void rk_convolution_weight_rows(const rk_call *call, size_t first, size_t last) {
  const rk_sizes_of_convolution s = sizes_of(call->model, call->node);
  const gsl_matrix patches = patches_of(call);
  const size_t cells = call->dy->size1 * s.cells_of_row;
  for (size_t g = first / s.Og; g * s.Og < last; g++) {
    const size_t from = first > g * s.Og ? first - g * s.Og : 0;
    const size_t to = last < (g + 1) * s.Og ? last - g * s.Og : s.Og;
    gsl_matrix dweight = rk_matrix_rows(&call->memory->dweight, g * s.Og + from, to - from);
    gsl_vector dbias = {
        .size = to - from, .stride = 1, .data = call->dtheta + s.O * s.terms + g * s.Og + from};
    rk_matrix_set_zero(&dweight);
    for (size_t m = 0; m < cells;) {
      const size_t most = cells - m < patches.size1 ? cells - m : patches.size1;
      const gsl_matrix all = cells_of(call->dy, &s, m, most, g);
      const gsl_matrix dy = rk_matrix_columns(&all, from, to - from);
      const gsl_matrix these = gather_all(call, &s, m, m + dy.size1, g, &patches);
      rk_product_add_tn(&dy, &these, false, &dweight);
      if (call->node->given.bias)
        rk_matrix_add_sum_of_rows(&dy, &dbias);
      m += dy.size1;
    }
    for (size_t o = from; o < to; o++)
      for (size_t k = 0; k < s.v->kernel_size; k++)
        for (size_t c = 0; c < s.Cg; c++)
          call->dtheta[weight_at(&s, g * s.Og + o, k, c)] +=
              rk_row(&dweight, o - from)[k * s.Cg + c];
  }
}

/* The final state has the last inputs and what remains of the initial state: moves the gradients
   from there. The gradient of the initial state may be that of the final one. */
static void move_state_gradients(const rk_call *call, const rk_sizes_of_convolution *s) {
  const size_t history = rk_convolution_history(s->v), B = call->in->B, C = s->C;
  for (size_t h = history; h-- > 0;)
    for (size_t b = 0; b < B; b++) {
      const size_t n = call->in->lengths[b];
      const rk_real *from =
          call->dfinal_state == NULL ? NULL : call->dfinal_state + (h * B + b) * C;
      if (from != NULL && n + h >= history && call->dx[0] != NULL)
        for (size_t c = 0; c < C; c++)
          rk_row(call->dx[0], (n + h - history) * B + b)[c] += from[c];
      if (call->dinitial_state == NULL)
        continue;
      if (n + h < history && from != NULL)
        memmove(call->dinitial_state + ((n + h) * B + b) * C, from, C * sizeof(rk_real));
      if (h < n || from == NULL)
        memset(call->dinitial_state + (h * B + b) * C, 0, C * sizeof(rk_real));
    }
}

static void rk_convolution_backward(const rk_call *call) {
  const rk_sizes_of_convolution s = sizes_of(call->model, call->node);
  const size_t lines = s.steps ? call->out->B : call->dy->size1;
  const size_t cells = call->dy->size1 * s.cells_of_row;
  if (rk_convolution_is_causal(s.v))
    move_state_gradients(call, &s);
  if (call->dx[0] != NULL || call->dinitial_state != NULL)
    rk_call_share(call, lines, lines == 0 ? 0 : cells / lines * s.terms * s.O,
                  rk_convolution_lines);
  if (call->dtheta != NULL)
    rk_call_share(call, s.O, cells * s.terms, rk_convolution_weight_rows);
}

const rk_operation rk_convolution_operation = {.packing = rk_convolution_packing,
                                               .pack = rk_convolution_pack,
                                               .lay_out = rk_convolution_lay_out,
                                               .forward = rk_convolution_forward,
                                               .backward = rk_convolution_backward};
