/* Parameters: counts, slices, views by name, initialization, and conversion between layouts.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "numbers.h"
#include "options.h"
#include "target.h"

enum { MOST_ELEMENTS = 20000 };

typedef struct {
  recur_network network;
  recur_network_sizes sizes;
  recur_layout layout;
  size_t slices, count, own_slices, own_count;
} parameters;

/* Slices are adjacent, cover the vector, and have names of their own. */
static void check_slices(parameters *q) {
  recur_parameter_slice slice, before = {.name = ""};
  size_t used = 0;
  for (size_t k = 0; k < q->slices; k++) {
    REQUIRE(CALL(recur_parameters_slice, (&q->network, q->layout, k, &slice)));
    REQUIRE(slice.offset == used && memchr(slice.name, 0, sizeof slice.name) != NULL);
    REQUIRE(strcmp(slice.name, before.name) != 0);
    used += slice.rows * slice.columns;
    before = slice;
  }
  REQUIRE(used == q->count);
  REQUIRE(!CALL(recur_parameters_slice, (&q->network, q->layout, q->slices, &slice)));
}

/* A view of one slice by name, and by a name with a changed letter. */
static void check_view(reader *r, parameters *q, const gsl_vector *theta) {
  recur_parameter_slice slice;
  const size_t k = take_below(r, q->own_slices < 256 ? q->own_slices : 256);
  REQUIRE(CALL(recur_parameters_slice, (&q->network, RECUR_LAYOUT_PYTORCH, k, &slice)));
  gsl_matrix view;
  REQUIRE(CALL(recur_parameters_view, (&q->network, theta, slice.name, &view)));
  REQUIRE(view.data == theta->data + slice.offset && view.size1 == slice.rows &&
          view.size2 == slice.columns);
  const size_t letter = take_below(r, sizeof slice.name - 1);
  slice.name[letter] = (char)take_byte(r);
  slice.name[sizeof slice.name - 1] = 0;
  if (CALL(recur_parameters_view, (&q->network, theta, slice.name, &view)))
    REQUIRE(view.data >= theta->data &&
            view.data + view.size1 * view.size2 <= theta->data + theta->size);
}

static bool has_one_bias(const parameters *q) {
  return q->layout == RECUR_LAYOUT_KERAS || q->layout == RECUR_LAYOUT_ONEDNN;
}

/* Imported and exported again, parameters are bit-identical, except those that Recur does not
 * have. */
static void check_import(parameters *q, numbers *n) {
  const gsl_vector foreign = random_vector(n, q->count, 1);
  gsl_vector own = arena_vector(q->own_count, 1), again = arena_vector(q->count, 1);
  gsl_vector own_again = arena_vector(q->own_count, 1);
  REQUIRE(CALL(recur_parameters_import, (&q->network, q->layout, &foreign, &own)));
  REQUIRE(CALL(recur_parameters_export, (&q->network, q->layout, &own, &again)));
  const gsl_matrix a = as_column(&foreign), b = as_column(&again), c = as_column(&own);
  const bool ignored = q->layout == RECUR_LAYOUT_ONNX && q->network.cell.coupled_gates;
  if (!ignored && (q->network.cell.bias || q->layout == RECUR_LAYOUT_PYTORCH))
    REQUIRE(same_numbers(&a, &b));
  REQUIRE(CALL(recur_parameters_import, (&q->network, q->layout, &again, &own_again)));
  const gsl_matrix d = as_column(&own_again);
  if (q->network.cell.bias || !has_one_bias(q))
    REQUIRE(same_numbers(&c, &d));
}

/* The same seed gives the same parameters. */
static void check_initialization(reader *r, parameters *q) {
  recur_initialization initialization = {.input = (recur_scheme)take_below(r, 6)};
  initialization.recurrent = (recur_scheme)take_below(r, 6);
  initialization.bias = (recur_scheme)take_below(r, 3);
  initialization.set_forget_gate_bias = take_rarely(r, 4);
  initialization.forget_gate_bias = take_rarely(r, 4) ? take_option(r) : 0;
  initialization.seed = take_word(r);
  gsl_vector a = arena_vector(q->own_count, 1), b = arena_vector(q->own_count, 1);
  if (!CALL(recur_parameters_initialize, (&q->network, &initialization, &a)))
    return;
  REQUIRE(CALL(recur_parameters_initialize, (&q->network, &initialization, &b)));
  const gsl_matrix first = as_column(&a), second = as_column(&b);
  REQUIRE(same_numbers(&first, &second) && all_finite(&first));
  check_view(r, q, &a);
}

static void fuzz(reader *r) {
  const unsigned byte = take_byte(r);
  parameters q = {.network = take_network(r).network, .layout = (recur_layout)(byte % 5)};
  const bool valid = CALL(recur_network_measure, (&q.network, &q.sizes));
  const bool counted =
      CALL(recur_parameters_count, (&q.network, RECUR_LAYOUT_PYTORCH, &q.own_slices, &q.own_count));
  REQUIRE(valid == counted);
  const bool supported = CALL(recur_parameters_count, (&q.network, q.layout, &q.slices, &q.count));
  if (!valid || q.own_count > MOST_ELEMENTS) {
    REQUIRE(valid || !supported);
    return;
  }
  numbers n = take_numbers(r);
  if (supported && byte / 8 % 2 == 0) {
    check_slices(&q);
    check_import(&q, &n);
  } else {
    check_initialization(r, &q);
  }
}

#include "entry.h"
