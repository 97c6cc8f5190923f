/* Operations on the channels of each position, and on single elements.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/matrix.h"
#include "base/memory.h"
#include "isa/kernels.h"
#include "math/layer_norm.h"
#include "math/softmax_row.h"
#include "model/operation.h"

/* The channels and the positions of the first source. */
#define CHANNELS(call) (rk_call_source(call)->channels)
#define POSITIONS(call) (rk_call_source(call)->positions)

/* The number of operations of an element that a function takes. */
enum { CHEAP = 1, FUNCTION = 8 };

static void share(const rk_call *call, const gsl_matrix *m, size_t cost,
                  void (*rows)(const rk_call *call, size_t first, size_t last)) {
  rk_call_share(call, m->size1, m->size2 * cost, rows);
}

/* Activation */

static void rk_activation_rows(const rk_call *call, size_t first, size_t last) {
  const rk_kernels *isa = rk_kernels_in_use();
  for (size_t r = first; r < last; r++)
    isa->activation_forward(&call->node->given.activation, rk_row(call->x[0], r),
                            rk_row(call->y, r), call->y->size2);
}

static void rk_activation_forward(const rk_call *call) {
  share(call, call->y, FUNCTION, rk_activation_rows);
}

static void rk_activation_gradient_rows(const rk_call *call, size_t first, size_t last) {
  enum { CHUNK = 256 };
  const rk_kernels *isa = rk_kernels_in_use();
  rk_real dz[CHUNK];
  for (size_t r = first; r < last; r++)
    for (size_t j = 0; j < call->dy->size2; j += CHUNK) {
      const size_t n = call->dy->size2 - j < CHUNK ? call->dy->size2 - j : CHUNK;
      isa->activation_backward(&call->node->given.activation, rk_row(call->x[0], r) + j,
                               rk_row(call->dy, r) + j, dz, n);
      for (size_t i = 0; i < n; i++)
        rk_row(call->dx[0], r)[j + i] += dz[i];
    }
}

static void rk_activation_backward(const rk_call *call) {
  if (call->dx[0] != NULL)
    share(call, call->dy, FUNCTION, rk_activation_gradient_rows);
}

const rk_operation rk_activation_operation = {.forward = rk_activation_forward,
                                              .backward = rk_activation_backward};

/* PReLU: y = x for x > 0, otherwise a x */

static void rk_prelu_rows(const rk_call *call, size_t first, size_t last) {
  const size_t C = CHANNELS(call), step = call->node->given.shared ? 0 : 1;
  for (size_t r = first; r < last; r++)
    for (size_t j = 0; j < call->y->size2; j++) {
      const rk_real x = rk_row(call->x[0], r)[j];
      rk_row(call->y, r)[j] = x > 0 ? x : call->theta[j % C * step] * x;
    }
}

static void rk_prelu_forward(const rk_call *call) {
  share(call, call->y, CHEAP, rk_prelu_rows);
}

static void rk_prelu_backward(const rk_call *call) {
  const size_t C = CHANNELS(call), step = call->node->given.shared ? 0 : 1;
  for (size_t r = 0; r < call->dy->size1; r++)
    for (size_t j = 0; j < call->dy->size2; j++) {
      const rk_real x = rk_row(call->x[0], r)[j], dy = rk_row(call->dy, r)[j];
      if (call->dx[0] != NULL)
        rk_row(call->dx[0], r)[j] += x > 0 ? dy : call->theta[j % C * step] * dy;
      if (call->dtheta != NULL && !(x > 0))
        call->dtheta[j % C * step] += dy * x;
    }
}

const rk_operation rk_prelu_operation = {.forward = rk_prelu_forward,
                                         .backward = rk_prelu_backward};

/* Scale: y = w o x + b */

static void rk_scale_rows(const rk_call *call, size_t first, size_t last) {
  const size_t C = CHANNELS(call);
  for (size_t r = first; r < last; r++)
    for (size_t j = 0; j < call->y->size2; j++)
      rk_row(call->y, r)[j] =
          call->theta[j % C] * rk_row(call->x[0], r)[j] + call->theta[C + j % C];
}

static void rk_scale_forward(const rk_call *call) {
  share(call, call->y, CHEAP, rk_scale_rows);
}

static void rk_scale_backward(const rk_call *call) {
  const size_t C = CHANNELS(call);
  for (size_t r = 0; r < call->dy->size1; r++)
    for (size_t j = 0; j < call->dy->size2; j++) {
      const rk_real dy = rk_row(call->dy, r)[j];
      if (call->dx[0] != NULL)
        rk_row(call->dx[0], r)[j] += call->theta[j % C] * dy;
      if (call->dtheta == NULL)
        continue;
      call->dtheta[j % C] += dy * rk_row(call->x[0], r)[j];
      call->dtheta[C + j % C] += dy;
    }
}

const rk_operation rk_scale_operation = {.forward = rk_scale_forward,
                                         .backward = rk_scale_backward};

/* Layer normalization: y = x^ o w + b */

static rk_normalized rk_normalization_of(const rk_call *call) {
  return (rk_normalized){
      .count = 1, .H = CHANNELS(call), .epsilon = (rk_real)call->node->given.epsilon};
}

static void rk_layer_normalization_rows(const rk_call *call, size_t first, size_t last) {
  const size_t C = CHANNELS(call), Q = POSITIONS(call);
  for (size_t r = first; r < last; r++) {
    const gsl_matrix x = rk_matrix_of(rk_row(call->x[0], r), Q, C);
    gsl_matrix y = rk_matrix_of(rk_row(call->y, r), Q, C);
    rk_matrix_copy(&x, &y);
    rk_layer_norm_forward(rk_normalization_of(call), call->theta, &y);
    for (size_t j = 0; j < Q * C; j++)
      y.data[j] += call->theta[C + j % C];
  }
}

static void rk_layer_normalization_forward(const rk_call *call) {
  share(call, call->y, FUNCTION, rk_layer_normalization_rows);
}

static void rk_layer_normalization_lay_out(const recur_model *model, const rk_node *node,
                                           const rk_steps *in, const rk_steps *out, recur_mode mode,
                                           rk_node_memory *memory, char *at, size_t *used) {
  (void)in, (void)out, (void)model;
  if (mode == RECUR_MODE_TRAINING)
    memory->scratch = rk_take_matrix(at, used, 1, rk_value_columns(&node->value));
}

static void rk_layer_normalization_backward(const rk_call *call) {
  const size_t C = CHANNELS(call), Q = POSITIONS(call);
  gsl_matrix v = rk_matrix_of(call->memory->scratch.data, Q, C);
  for (size_t r = 0; r < call->dy->size1; r++) {
    const gsl_matrix x = rk_matrix_of(rk_row(call->x[0], r), Q, C);
    const gsl_matrix dy = rk_matrix_of(rk_row(call->dy, r), Q, C);
    rk_matrix_copy(&x, &v);
    rk_layer_norm_backward(rk_normalization_of(call), call->theta, &dy, call->dtheta, false, &v);
    for (size_t j = 0; j < Q * C; j++) {
      if (call->dx[0] != NULL)
        rk_row(call->dx[0], r)[j] += v.data[j];
      if (call->dtheta != NULL)
        call->dtheta[C + j % C] += dy.data[j];
    }
  }
}

const rk_operation rk_layer_normalization_operation = {.lay_out = rk_layer_normalization_lay_out,
                                                       .forward = rk_layer_normalization_forward,
                                                       .backward = rk_layer_normalization_backward};

/* Sums and products */

static void rk_add_rows(const rk_call *call, size_t first, size_t last) {
  for (size_t r = first; r < last; r++)
    for (size_t j = 0; j < call->y->size2; j++) {
      rk_real sum = rk_row(call->x[0], r)[j];
      for (size_t k = 1; k < call->node->sources; k++)
        sum += rk_row(call->x[k], r)[j];
      rk_row(call->y, r)[j] = sum;
    }
}

static void rk_add_forward(const rk_call *call) {
  share(call, call->y, CHEAP, rk_add_rows);
}

static void rk_add_backward(const rk_call *call) {
  for (size_t k = 0; k < call->node->sources; k++)
    if (call->dx[k] != NULL)
      rk_matrix_add(call->dy, call->dx[k]);
}

const rk_operation rk_add_operation = {.forward = rk_add_forward, .backward = rk_add_backward};

/* The product of all sources but one. */
static rk_real rk_multiply_others(const rk_call *call, size_t r, size_t j, size_t but) {
  rk_real product = 1;
  for (size_t k = 0; k < call->node->sources; k++)
    if (k != but)
      product *= rk_row(call->x[k], r)[j];
  return product;
}

static void rk_multiply_rows(const rk_call *call, size_t first, size_t last) {
  for (size_t r = first; r < last; r++)
    for (size_t j = 0; j < call->y->size2; j++)
      rk_row(call->y, r)[j] = rk_multiply_others(call, r, j, RECUR_NODE_SOURCES);
}

static void rk_multiply_forward(const rk_call *call) {
  share(call, call->y, CHEAP, rk_multiply_rows);
}

static void rk_multiply_backward(const rk_call *call) {
  for (size_t k = 0; k < call->node->sources; k++)
    for (size_t r = 0; call->dx[k] != NULL && r < call->dy->size1; r++)
      for (size_t j = 0; j < call->dy->size2; j++)
        rk_row(call->dx[k], r)[j] += rk_row(call->dy, r)[j] * rk_multiply_others(call, r, j, k);
}

const rk_operation rk_multiply_operation = {.forward = rk_multiply_forward,
                                            .backward = rk_multiply_backward};

/* Softmax */

static void rk_softmax_rows(const rk_call *call, size_t first, size_t last) {
  const size_t C = CHANNELS(call);
  rk_real largest, log_rest;
  for (size_t r = first; r < last; r++) {
    const gsl_matrix x = rk_matrix_rows(call->x[0], r, 1);
    gsl_matrix y = rk_matrix_rows(call->y, r, 1);
    rk_matrix_copy(&x, &y);
    for (size_t j = 0; j < y.size2; j += C)
      rk_softmax_row(y.data + j, C, &largest, &log_rest);
  }
}

static void rk_softmax_forward(const rk_call *call) {
  share(call, call->y, FUNCTION, rk_softmax_rows);
}

static void rk_softmax_lay_out(const recur_model *model, const rk_node *node, const rk_steps *in,
                               const rk_steps *out, recur_mode mode, rk_node_memory *memory,
                               char *at, size_t *used) {
  (void)in, (void)out, (void)model;
  if (mode == RECUR_MODE_TRAINING)
    memory->scratch = rk_take_matrix(at, used, 1, node->value.channels);
}

static void rk_softmax_backward(const rk_call *call) {
  const size_t C = CHANNELS(call);
  rk_real *dz = call->memory->scratch.data;
  for (size_t r = 0; call->dx[0] != NULL && r < call->dy->size1; r++)
    for (size_t j = 0; j < call->dy->size2; j += C) {
      rk_softmax_row_backward(rk_row(call->y, r) + j, rk_row(call->dy, r) + j, dz, C);
      for (size_t i = 0; i < C; i++)
        rk_row(call->dx[0], r)[j + i] += dz[i];
    }
}

const rk_operation rk_softmax_operation = {
    .lay_out = rk_softmax_lay_out, .forward = rk_softmax_forward, .backward = rk_softmax_backward};

/* Magnitude: y = sqrt(a^2 + b^2); its gradient at 0 is taken to be 0. */

static void rk_magnitude_rows(const rk_call *call, size_t first, size_t last) {
  const size_t C = CHANNELS(call) / 2, Q = POSITIONS(call);
  for (size_t r = first; r < last; r++)
    for (size_t q = 0; q < Q; q++) {
      const rk_real *a = rk_row(call->x[0], r) + 2 * q * C, *b = a + C;
      rk_real *y = rk_row(call->y, r) + q * C;
      for (size_t j = 0; j < C; j++)
        y[j] = rk_sqrt(a[j] * a[j] + b[j] * b[j]);
    }
}

static void rk_magnitude_forward(const rk_call *call) {
  share(call, call->y, FUNCTION, rk_magnitude_rows);
}

static void rk_magnitude_backward(const rk_call *call) {
  const size_t C = CHANNELS(call) / 2, Q = POSITIONS(call);
  for (size_t r = 0; call->dx[0] != NULL && r < call->dy->size1; r++)
    for (size_t q = 0; q < Q; q++) {
      const rk_real *a = rk_row(call->x[0], r) + 2 * q * C, *b = a + C;
      const rk_real *y = rk_row(call->y, r) + q * C, *dy = rk_row(call->dy, r) + q * C;
      rk_real *da = rk_row(call->dx[0], r) + 2 * q * C, *db = da + C;
      for (size_t j = 0; j < C; j++) {
        const rk_real slope = y[j] > 0 ? dy[j] / y[j] : 0;
        da[j] += slope * a[j];
        db[j] += slope * b[j];
      }
    }
}

const rk_operation rk_magnitude_operation = {.forward = rk_magnitude_forward,
                                             .backward = rk_magnitude_backward};
