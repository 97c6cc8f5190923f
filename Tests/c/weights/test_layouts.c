/* recur/parameters.h: round trips of every network in every layout.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "weights/layout_networks.h"

#include <recur/error.h>

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

/* The number of gates whose two biases are added up. */
static size_t added_gates(const recur_network *n, recur_layout layout) {
  const bool after = n->cell.kind == RECUR_CELL_GRU && n->cell.reset == RECUR_RESET_AFTER;
  if (!n->cell.bias || layout == RECUR_LAYOUT_PYTORCH || layout == RECUR_LAYOUT_ONNX)
    return 0;
  if (after)
    return layout == RECUR_LAYOUT_KERAS ? 0 : 2; /* r z */
  return n->cell.kind == RECUR_CELL_GRU ? 3 : n->cell.kind == RECUR_CELL_LSTM ? 4 : 1;
}

static bool same_vector(const gsl_vector *a, const gsl_vector *b) {
  return a->size == b->size && memcmp(a->data, b->data, a->size * sizeof(rk_real)) == 0;
}

/* Exporting imported parameters is bit-identical, except for the f that is not read, which is 0. */
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
  const bool f_is_missing = layout == RECUR_LAYOUT_ONNX && n->cell.coupled_gates;
  CHECK(f_is_missing ? changed == foreign.size - theta.size : changed == 0);
  CHECK(recur_parameters_import(n, layout, &back, &again) == GSL_SUCCESS);
  CHECK(same_vector(&theta, &again));
  free_all();
}

/* Importing exported parameters is bit-identical, except for biases that were added up. */
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

/* Slices are contiguous, names differ, and in Recur's layout, the view of a name is the slice. */
static void check_slices(const recur_network *n, recur_layout layout) {
  gsl_vector theta = new_theta(n, layout);
  size_t slices, numbers, next = 0;
  CHECK(recur_parameters_count(n, layout, &slices, &numbers) == GSL_SUCCESS);
  for (size_t k = 0; k < slices; k++) {
    recur_parameter_slice slice, other;
    CHECK(recur_parameters_slice(n, layout, k, &slice) == GSL_SUCCESS);
    CHECK(slice.offset == next && slice.rows > 0 && slice.columns > 0);
    next += slice.rows * slice.columns;
    for (size_t l = 0; l < k; l++) {
      CHECK(recur_parameters_slice(n, layout, l, &other) == GSL_SUCCESS);
      CHECK(strcmp(slice.name, other.name) != 0);
    }
    if (layout != RECUR_LAYOUT_PYTORCH)
      continue;
    gsl_matrix view;
    CHECK(recur_parameters_view(n, &theta, slice.name, &view) == GSL_SUCCESS);
    CHECK(view.data == theta.data + slice.offset && !view.owner && view.block == NULL);
    CHECK(view.size1 == slice.rows && view.size2 == slice.columns && view.tda == slice.columns);
  }
  CHECK(next == numbers);
  free_all();
}

static void refuse_layout(const recur_network *n, recur_layout layout) {
  size_t slices = 1, numbers = 2;
  recur_parameter_slice slice = {.rows = 3};
  gsl_vector a = new_theta(n, RECUR_LAYOUT_PYTORCH), b = new_theta(n, RECUR_LAYOUT_PYTORCH);
  CHECK(recur_parameters_count(n, layout, &slices, &numbers) == GSL_EUNIMPL);
  CHECK(slices == 1 && numbers == 2);
  CHECK(strncmp(recur_last_error()->argument, "network->cell.", 14) == 0);
  CHECK(recur_parameters_slice(n, layout, 0, &slice) == GSL_EUNIMPL && slice.rows == 3);
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
  check_slices(n, layout);
  check_from_outside(n, layout);
  check_from_here(n, layout);
}

static void test_every_network(void) {
  for (int kind = RECUR_CELL_RNN; kind < RECUR_CELL_KINDS; kind++)
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

int main(void) {
  check_begin();
  test_every_network();
  return check_end();
}
