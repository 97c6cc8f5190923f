/* recur/parameters.h: gate orders and transposition, against examples written by hand.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "weights/layout_examples.h"

static bool holds(const gsl_vector *v, const double *expected) {
  bool same = true;
  for (size_t i = 0; i < v->size; i++)
    same = same && v->data[i] == (rk_real)expected[i];
  return same;
}

static void test_examples(void) {
  for (size_t k = 0; k < COUNT(examples); k++) {
    check_note("example %zu", k);
    const size_t *sizes = examples[k].sizes;
    recur_network n = make(examples[k].kind, sizes[0], sizes[1], examples[k].options);
    n.layers = sizes[2];
    n.directions = sizes[3];
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

int main(void) {
  check_begin();
  test_examples();
  return check_end();
}
