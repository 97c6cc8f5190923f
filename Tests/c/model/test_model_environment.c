/* recur/model.h: the rounding mode and the flags of the caller neither change results nor are
   changed, and no result is subnormal, with any number of threads.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "base/team.h"
#include "support/every_node.h"

#include <fenv.h>

/* All passes with `count` threads, which are started in the environment of the caller. */
static void run(every_node_call *c, size_t count) {
  recur_threads *threads = rk_team_alloc("test", count);
  CHECK(recur_model_workspace_set_threads(c->inference, threads) == GSL_SUCCESS);
  CHECK(recur_model_workspace_set_threads(c->training, threads) == GSL_SUCCESS);
  CHECK(recur_model_weights_set(c->weights, &c->theta) == GSL_SUCCESS);
  CHECK(recur_model_infer(c->weights, &c->pass, c->inference) == GSL_SUCCESS);
  CHECK(recur_model_forward(&c->theta, &c->pass, c->training) == GSL_SUCCESS);
  CHECK(recur_model_backward(&c->theta, &c->pass, &c->gradients, c->training) == GSL_SUCCESS);
  recur_threads_free(threads);
}

/* Every result, as matrices. */
enum { RESULTS = 6 };

static void results_of(const every_node_call *c, gsl_matrix results[RESULTS]) {
  results[0] = *c->outputs[0];
  results[1] = *c->outputs[1];
  results[2] = *c->dfeatures[0];
  results[3] = as_column(&c->dtheta);
  results[4] = as_column(&c->dstate);
  results[5] = as_column(&c->final_state);
}

static void begin(every_node_call *c, uint64_t seed) {
  check_random_state = seed;
  every_node_begin(c);
}

static void end_one(every_node_call *c) {
  recur_model_workspace_free(c->training);
  recur_model_workspace_free(c->inference);
  recur_model_weights_free(c->weights);
  recur_model_free(c->model);
}

static void test_rounding_mode(int mode, size_t count) {
  every_node_call usual, other;
  gsl_matrix expected[RESULTS], found[RESULTS];
  const uint64_t seed = check_random_bits();
  begin(&usual, seed);
  run(&usual, 1);
  begin(&other, seed);
  check_note("rounding mode %d, %zu threads", mode, count);
  fesetround(mode);
  feclearexcept(FE_ALL_EXCEPT);
  run(&other, count);
  const int after = fegetround(), flags = fetestexcept(FE_ALL_EXCEPT);
  fesetenv(FE_DFL_ENV);
  CHECK(after == mode && flags == 0);
  results_of(&usual, expected);
  results_of(&other, found);
  for (size_t k = 0; k < RESULTS; k++)
    CHECK(equal_bits(&expected[k], &found[k]));
  end_one(&usual);
  every_node_end(&other);
}

static void test_subnormals(void) {
  every_node_call c;
  gsl_matrix results[RESULTS];
  every_node_begin(&c);
  check_note("subnormal numbers");
  const gsl_matrix theta = as_column(&c.theta), state = as_column(&c.state);
  const gsl_matrix dfinal = as_column(&c.dfinal_state);
  const gsl_matrix *const inputs[] = {&theta,        &state,        &dfinal,
                                      c.features[0], c.doutputs[0], c.doutputs[1]};
  for (size_t k = 0; k < COUNT(inputs); k++)
    for (size_t i = 0; i < inputs[k]->size1; i++)
      for (size_t j = 0; j < inputs[k]->size2; j++)
        AT(inputs[k], i, j) *= RK_REAL_MIN / 4;
  for (size_t k = 0; k < c.dtheta.size; k++)
    c.dtheta.data[k] = 0;
  run(&c, 1);
  results_of(&c, results);
  for (size_t k = 0; k < RESULTS; k++)
    for (size_t i = 0; i < results[k].size1; i++)
      for (size_t j = 0; j < results[k].size2; j++)
        CHECK(fpclassify(AT(&results[k], i, j)) != FP_SUBNORMAL);
  every_node_end(&c);
}

int main(void) {
  check_begin();
  for (size_t count = 1; count <= 2; count++) {
    test_rounding_mode(FE_UPWARD, count);
    test_rounding_mode(FE_TOWARDZERO, count);
  }
  test_subnormals();
  return check_end();
}
