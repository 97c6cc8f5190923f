/* The simple recurrent network: see recur/rnn.h for the equations.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "activation.h"
#include "affine.h"
#include "norm.h"
#include "precision.h"
#include "product.h"

#include <recur/rnn.h>
#include <stdlib.h>

#define PARAMETERS RECUR(rnn, parameters)
#define WORKSPACE RECUR(rnn, workspace)

struct WORKSPACE {
  size_t T, B, I, H;
  recur_activation phi;
  recur_pass pass;
  MATRIX zero; /* B x H, a missing state, never written to */
  MATRIX z;    /* B x H, one step before phi; backward, dh_t with what comes from the future */
  MATRIX bias; /* 1 x H, b_ih + b_hh */
  MATRIX dz;   /* T*B x H, at least one step of it; training only */
  REAL numbers[];
};

/* Parameters, and as operands of rk_check */

#define PARAMETERS_IN(p)                                                                           \
  REQUIRED(matrix_view, INPUT, &p->weight_ih, H, I),                                               \
      REQUIRED(matrix_view, INPUT, &p->weight_hh, H, H),                                           \
      OPTIONAL(vector_view, INPUT, &p->bias_ih, H), OPTIONAL(vector_view, INPUT, &p->bias_hh, H)

#define GRADIENTS_OUT(dp)                                                                          \
  OPTIONAL(matrix_view, OUTPUT, &dp->weight_ih, H, I),                                             \
      OPTIONAL(matrix_view, OUTPUT, &dp->weight_hh, H, H),                                         \
      OPTIONAL(vector_view, OUTPUT, &dp->bias_ih, H),                                              \
      OPTIONAL(vector_view, OUTPUT, &dp->bias_hh, H)

static int KERNEL(rnn, count)(const char *function, size_t I, size_t H, size_t *count) {
  RK_TRY(rk_check_size(function, "I", I, 1));
  RK_TRY(rk_check_size(function, "H", H, 1));
  *count = rk_plus(rk_times(H, rk_plus(I, H)), 2 * H);
  size_t bytes;
  return rk_check_bytes(function, "H * (I + H + 2)", *count, sizeof(REAL), &bytes);
}

int RECUR(rnn, parameters_size)(size_t I, size_t H, size_t *count) {
  size_t numbers;
  RK_REQUIRE(count);
  RK_TRY(KERNEL(rnn, count)(__func__, I, H, &numbers));
  *count = numbers;
  return GSL_SUCCESS;
}

int RECUR(rnn, parameters_view)(VECTOR *theta, size_t I, size_t H, PARAMETERS *p) {
  size_t count;
  RK_REQUIRE(p);
  RK_TRY(KERNEL(rnn, count)(__func__, I, H, &count));
  RK_TRY(KERNEL(vector, check_contiguous)(__func__, theta, count));
  REAL *data = theta->data;
  p->weight_ih = KERNEL(matrix, next)(&data, H, I);
  p->weight_hh = KERNEL(matrix, next)(&data, H, H);
  p->bias_ih = KERNEL(vector, next)(&data, H);
  p->bias_hh = KERNEL(vector, next)(&data, H);
  return GSL_SUCCESS;
}

/* Workspace */

/* Inference has no step kept, training all of them, and one for the functions of a step. */
static size_t KERNEL(rnn, steps_kept)(size_t T, recur_pass pass) {
  return pass == RECUR_INFERENCE ? 0 : T == 0 ? 1 : T;
}

static int KERNEL(rnn, bytes)(const char *function, size_t T, size_t B, size_t I, size_t H,
                              recur_activation phi, recur_pass pass, size_t *bytes) {
  RK_TRY(rk_check_size(function, "T", T, 0));
  RK_TRY(rk_check_size(function, "B", B, 0));
  RK_TRY(rk_check_size(function, "T * B", rk_times(T, B), 0));
  RK_TRY(rk_check_size(function, "I", I, 1));
  RK_TRY(rk_check_size(function, "H", H, 1));
  if (phi != RECUR_TANH && phi != RECUR_RELU)
    return rk_fail(GSL_EINVAL, function, "phi", "is %d, expected RECUR_TANH or RECUR_RELU", phi);
  if (pass != RECUR_INFERENCE && pass != RECUR_TRAINING)
    return rk_fail(GSL_EINVAL, function, "pass",
                   "is %d, expected RECUR_INFERENCE or RECUR_TRAINING", pass);
  const size_t rows = KERNEL(rnn, steps_kept)(T, pass) * B + 2 * B + 1;
  RK_TRY(rk_check_bytes(function, "T * B * H", rk_times(rows, H), sizeof(REAL), bytes));
  *bytes += sizeof(WORKSPACE);
  return GSL_SUCCESS;
}

int RECUR(rnn, workspace_size)(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                               recur_pass pass, size_t *bytes) {
  size_t size;
  RK_REQUIRE(bytes);
  RK_TRY(KERNEL(rnn, bytes)(__func__, T, B, I, H, phi, pass, &size));
  *bytes = size;
  return GSL_SUCCESS;
}

WORKSPACE *RECUR(rnn, alloc)(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                             recur_pass pass) {
  size_t bytes;
  if (KERNEL(rnn, bytes)(__func__, T, B, I, H, phi, pass, &bytes) != GSL_SUCCESS)
    return NULL;
  WORKSPACE *w = malloc(bytes);
  if (w == NULL) {
    rk_fail(GSL_ENOMEM, __func__, "workspace", "of %zu bytes cannot be allocated", bytes);
    return NULL;
  }
  *w = (WORKSPACE){.T = T, .B = B, .I = I, .H = H, .phi = phi, .pass = pass};
  REAL *next = w->numbers;
  w->zero = KERNEL(matrix, next)(&next, B, H);
  w->z = KERNEL(matrix, next)(&next, B, H);
  w->bias = KERNEL(matrix, next)(&next, 1, H);
  w->dz = KERNEL(matrix, next)(&next, KERNEL(rnn, steps_kept)(T, pass) * B, H);
  KERNEL(matrix, set_zero)(&w->zero);
  return w;
}

void RECUR(rnn, free)(WORKSPACE *w) {
  free(w);
}

/* Forward */

static void KERNEL(rnn, sum_biases)(const PARAMETERS *p, WORKSPACE *w) {
  VECTOR bias = {.size = w->H, .stride = 1, .data = w->bias.data};
  KERNEL(matrix, set_zero)(&w->bias);
  KERNEL(vector, add)(&p->bias_ih, &bias);
  KERNEL(vector, add)(&p->bias_hh, &bias);
}

/* h = phi(z + W_hh h_prev + b), where z holds W_ih x and is used up; h may be z or h_prev. */
static void KERNEL(rnn, recurrence)(const PARAMETERS *p, const MATRIX *h_prev, MATRIX *z, MATRIX *h,
                                    const WORKSPACE *w) {
  KERNEL(product, nt)(h_prev, &p->weight_hh, 1, z);
  KERNEL(activation, forward)(w->phi, z, w->bias.data, h);
}

int RECUR(rnn, step_forward)(const PARAMETERS *p, const MATRIX *x, const MATRIX *h_prev, MATRIX *h,
                             WORKSPACE *w) {
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  const size_t B = w->B, I = w->I, H = w->H;
  const operand operands[] = {
      PARAMETERS_IN(p),
      REQUIRED(matrix, INPUT, x, B, I),
      OPTIONAL(matrix, STATE_IN, h_prev, B, H),
      REQUIRED(matrix, STATE_OUT, h, B, H),
  };
  RK_CHECK(operands);
  KERNEL(rnn, sum_biases)(p, w);
  KERNEL(product, nt)(x, &p->weight_ih, 0, &w->z);
  KERNEL(rnn, recurrence)(p, h_prev ? h_prev : &w->zero, &w->z, h, w);
  return GSL_SUCCESS;
}

int RECUR(rnn, forward)(const PARAMETERS *p, const MATRIX *x, const MATRIX *h0, MATRIX *h,
                        MATRIX *hT, WORKSPACE *w) {
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  const size_t T = w->T, B = w->B, I = w->I, H = w->H;
  const operand operands[] = {
      PARAMETERS_IN(p),
      REQUIRED(matrix, INPUT, x, T * B, I),
      OPTIONAL(matrix, STATE_IN, h0, B, H),
      REQUIRED(matrix, OUTPUT, h, T * B, H),
      OPTIONAL(matrix, STATE_OUT, hT, B, H),
  };
  RK_CHECK(operands);
  KERNEL(rnn, sum_biases)(p, w);
  KERNEL(product, nt)(x, &p->weight_ih, 0, h);
  MATRIX h_prev = h0 ? *h0 : w->zero;
  for (size_t t = 0; t < T; t++) {
    MATRIX h_t = KERNEL(matrix, rows)(h, t * B, B);
    KERNEL(rnn, recurrence)(p, &h_prev, &h_t, &h_t, w);
    h_prev = h_t;
  }
  if (hT != NULL)
    KERNEL(matrix, copy)(&h_prev, hT);
  return GSL_SUCCESS;
}

/* Backward */

static int KERNEL(rnn, check_training)(const char *function, const WORKSPACE *w) {
  if (w->pass != RECUR_TRAINING)
    return rk_fail(GSL_EINVAL, function, "w", "is for RECUR_INFERENCE, expected RECUR_TRAINING");
  return GSL_SUCCESS;
}

/* dh0 = W_hh^T dz_0; without a step, what came for the final state. */
static void KERNEL(rnn, state_gradient)(const PARAMETERS *p, size_t T, const MATRIX *dz,
                                        const MATRIX *dhT, MATRIX *dh0) {
  if (T == 0) {
    KERNEL(matrix, copy)(dhT, dh0);
    return;
  }
  const MATRIX dz_0 = KERNEL(matrix, rows)(dz, 0, dh0->size1);
  KERNEL(product, nn)(&dz_0, &p->weight_hh, 0, dh0);
}

/* dW_hh += sum_t dz_t h_{t-1}^T, in two products: the steps after a state in h, and the first. */
static void KERNEL(rnn, recurrent_gradients)(const MATRIX *h0, const MATRIX *h, const MATRIX *dz,
                                             const PARAMETERS *dp) {
  const size_t B = h0->size1, later = dz->size1 - B;
  MATRIX dW = dp->weight_hh;
  if (dW.data != NULL) {
    const MATRIX dz_first = KERNEL(matrix, rows)(dz, 0, B);
    const MATRIX dz_later = KERNEL(matrix, rows)(dz, B, later);
    const MATRIX h_before = KERNEL(matrix, rows)(h, 0, later);
    KERNEL(product, tn)(&dz_first, h0, 1, &dW);
    KERNEL(product, tn)(&dz_later, &h_before, 1, &dW);
  }
  VECTOR db = dp->bias_hh;
  if (db.data != NULL)
    KERNEL(matrix, add_sum_of_rows)(dz, &db);
}

/* The gradients of T steps, of arguments that are known to be right. */
static void KERNEL(rnn, through_time)(const PARAMETERS *p, size_t T, const MATRIX *x,
                                      const MATRIX *h0, const MATRIX *h, const MATRIX *dh,
                                      const MATRIX *dhT, MATRIX *dx, MATRIX *dh0,
                                      const PARAMETERS *dp, MATRIX *dh_norms, WORKSPACE *w) {
  const size_t B = w->B;
  const MATRIX dz = KERNEL(matrix, rows)(&w->dz, 0, T * B);
  const MATRIX *final = dhT ? dhT : &w->zero;
  MATRIX *dh_t = &w->z;
  KERNEL(matrix, copy)(final, dh_t);
  for (size_t t = T; t-- > 0;) {
    const MATRIX h_t = KERNEL(matrix, rows)(h, t * B, B);
    MATRIX dz_t = KERNEL(matrix, rows)(&dz, t * B, B);
    if (t + 1 < T) {
      const MATRIX dz_next = KERNEL(matrix, rows)(&dz, (t + 1) * B, B);
      KERNEL(product, nn)(&dz_next, &p->weight_hh, 0, dh_t);
    }
    if (dh != NULL) {
      const MATRIX given = KERNEL(matrix, rows)(dh, t * B, B);
      KERNEL(matrix, add)(&given, dh_t);
    }
    if (dh_norms != NULL)
      KERNEL(norm, rows)(dh_t, dh_norms->data + t * dh_norms->tda);
    KERNEL(activation, backward)(w->phi, &h_t, dh_t, &dz_t);
  }
  if (dh0 != NULL)
    KERNEL(rnn, state_gradient)(p, T, &dz, final, dh0);
  KERNEL(affine, backward)(&p->weight_ih, x, &dz, dx, &dp->weight_ih, &dp->bias_ih);
  if (T > 0)
    KERNEL(rnn, recurrent_gradients)(h0 ? h0 : &w->zero, h, &dz, dp);
}

int RECUR(rnn, step_backward)(const PARAMETERS *p, const MATRIX *x, const MATRIX *h_prev,
                              const MATRIX *h, const MATRIX *dh, MATRIX *dx, MATRIX *dh_prev,
                              const PARAMETERS *dp, WORKSPACE *w) {
  static const PARAMETERS unwanted;
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  RK_TRY(KERNEL(rnn, check_training)(__func__, w));
  dp = dp ? dp : &unwanted;
  const size_t B = w->B, I = w->I, H = w->H;
  const operand operands[] = {
      PARAMETERS_IN(p),
      REQUIRED(matrix, INPUT, x, B, I),
      OPTIONAL(matrix, INPUT, h_prev, B, H),
      REQUIRED(matrix, INPUT, h, B, H),
      REQUIRED(matrix, STATE_IN, dh, B, H),
      OPTIONAL(matrix, OUTPUT, dx, B, I),
      OPTIONAL(matrix, STATE_OUT, dh_prev, B, H),
      GRADIENTS_OUT(dp),
  };
  RK_CHECK(operands);
  KERNEL(rnn, through_time)(p, 1, x, h_prev, h, NULL, dh, dx, dh_prev, dp, NULL, w);
  return GSL_SUCCESS;
}

int RECUR(rnn, backward)(const PARAMETERS *p, const MATRIX *x, const MATRIX *h0, const MATRIX *h,
                         const MATRIX *dh, const MATRIX *dhT, MATRIX *dx, MATRIX *dh0,
                         const PARAMETERS *dp, MATRIX *dh_norms, WORKSPACE *w) {
  static const PARAMETERS unwanted;
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  RK_TRY(KERNEL(rnn, check_training)(__func__, w));
  dp = dp ? dp : &unwanted;
  const size_t T = w->T, B = w->B, I = w->I, H = w->H;
  const operand operands[] = {
      PARAMETERS_IN(p),
      REQUIRED(matrix, INPUT, x, T * B, I),
      OPTIONAL(matrix, INPUT, h0, B, H),
      REQUIRED(matrix, INPUT, h, T * B, H),
      OPTIONAL(matrix, INPUT, dh, T * B, H),
      OPTIONAL(matrix, STATE_IN, dhT, B, H),
      OPTIONAL(matrix, OUTPUT, dx, T * B, I),
      OPTIONAL(matrix, STATE_OUT, dh0, B, H),
      GRADIENTS_OUT(dp),
      OPTIONAL(matrix, OUTPUT, dh_norms, T, B),
  };
  RK_CHECK(operands);
  KERNEL(rnn, through_time)(p, T, x, h0, h, dh, dhT, dx, dh0, dp, dh_norms, w);
  return GSL_SUCCESS;
}

/* Diagnostics */

int RECUR(rnn, error_terms)(const PARAMETERS *p, const MATRIX *h, size_t t, const MATRIX *dh_t,
                            MATRIX *delta, WORKSPACE *w) {
  RK_REQUIRE(p);
  RK_REQUIRE(w);
  const size_t T = w->T, B = w->B, H = w->H;
  if (t >= T)
    return rk_fail(GSL_EINVAL, __func__, "t", "is %zu, expected less than T = %zu", t, T);
  const operand operands[] = {
      REQUIRED(matrix_view, INPUT, &p->weight_hh, H, H),
      REQUIRED(matrix, INPUT, h, T * B, H),
      REQUIRED(matrix, INPUT, dh_t, B, H),
      REQUIRED(matrix, OUTPUT, delta, (t + 1) * B, H),
  };
  RK_CHECK(operands);
  MATRIX *dh_k = &w->z;
  KERNEL(matrix, copy)(dh_t, dh_k);
  for (size_t k = t + 1; k-- > 0;) {
    const MATRIX h_k = KERNEL(matrix, rows)(h, k * B, B);
    MATRIX delta_k = KERNEL(matrix, rows)(delta, k * B, B);
    KERNEL(activation, backward)(w->phi, &h_k, dh_k, &delta_k);
    if (k > 0)
      KERNEL(product, nn)(&delta_k, &p->weight_hh, 0, dh_k);
  }
  return GSL_SUCCESS;
}

#ifndef RECUR_FLOAT
#include "switch_to_float.h"

#include "rnn.c"
#endif
