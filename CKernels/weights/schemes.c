/* Checks of initializations: see schemes.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "weights/schemes.h"

#include "base/check.h"

#include <math.h>

int rk_check_scheme(const char *function, const char *argument, recur_scheme scheme,
                    recur_scheme last, const char *expected) {
  static const char *const names[] = {"zeros", "uniform", "glorot", "orthogonal",
                                      "block orthogonal"};
  if ((unsigned)scheme >= sizeof names / sizeof names[0])
    return rk_fail(GSL_EINVAL, function, argument, "is %d, expected a recur_scheme", (int)scheme);
  if (scheme > last)
    return rk_fail(GSL_EINVAL, function, argument, "is %s, expected %s", names[scheme], expected);
  return GSL_SUCCESS;
}

bool rk_has_forget_gate_bias(const recur_cell *cell) {
  return cell->kind == RECUR_CELL_LSTM && !cell->coupled_gates && cell->bias;
}

static int check_forget_gate_bias(const char *function, const recur_initialization *initialization,
                                  double largest) {
  const double forget_gate_bias = initialization->forget_gate_bias;
  if (!initialization->set_forget_gate_bias && forget_gate_bias != 0)
    return rk_fail(GSL_EINVAL, function, "initialization->forget_gate_bias",
                   "is %g, expected 0 if set_forget_gate_bias is false", forget_gate_bias);
  if (initialization->set_forget_gate_bias && !(fabs(forget_gate_bias) <= largest))
    return rk_fail(GSL_EINVAL, function, "initialization->forget_gate_bias",
                   "is %g, expected a finite number", forget_gate_bias);
  return GSL_SUCCESS;
}

int rk_check_initialization(const char *function, const recur_initialization *initialization,
                            double largest) {
  RK_REQUIRE_FOR(function, initialization);
  RK_TRY(rk_check_scheme(function, "initialization->input", initialization->input,
                         RECUR_SCHEME_BLOCK_ORTHOGONAL, NULL));
  RK_TRY(rk_check_scheme(function, "initialization->recurrent", initialization->recurrent,
                         RECUR_SCHEME_BLOCK_ORTHOGONAL, NULL));
  RK_TRY(rk_check_scheme(function, "initialization->bias", initialization->bias,
                         RECUR_SCHEME_UNIFORM, "zeros or uniform"));
  return check_forget_gate_bias(function, initialization, largest);
}
