/* recur/model.h: the values and the gradients of all nodes but networks, against an oracle.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "support/matrices.h"
#include "support/model_oracle.h"

enum { MOST_NUMBERS = 4096, MOST_OUTPUTS = 4 };

typedef struct {
  const char *title;
  size_t T, B, count;
  recur_node nodes[8];
} graph;

#define X(size_)                                                                                   \
  { .name = "x", .kind = RECUR_NODE_FEATURES, .size = (size_) }
#define Y .name = "y", .output = true
#define STEPS(O, K, s, d, g, p, q, mode)                                                           \
  { RECUR_AXIS_STEPS, O, K, s, d, g, p, q, RECUR_PADDING_##mode }
#define POSITIONS(O, K, s, d, g, p, q, mode)                                                       \
  { RECUR_AXIS_POSITIONS, O, K, s, d, g, p, q, RECUR_PADDING_##mode }
#define CONVOLUTION(source, has_bias, ...)                                                         \
  {                                                                                                \
    Y, .from = {source}, .kind = RECUR_NODE_CONVOLUTION, .bias = has_bias,                         \
       .convolution = __VA_ARGS__                                                                  \
  }
#define Q(positions)                                                                               \
  { .name = "q", .from = {"x"}, .kind = RECUR_NODE_RESHAPE, .size = (positions) }

static const graph graphs[] = {
    {"dense", 3, 4, 2, {X(5), {Y, .from = {"x"}, .kind = RECUR_NODE_DENSE, .size = 3}}},
    {"dense with bias",
     2,
     3,
     2,
     {X(70), {Y, .from = {"x"}, .kind = RECUR_NODE_DENSE, .size = 33, .bias = true}}},
    {"embedding",
     4,
     3,
     2,
     {{.name = "x", .kind = RECUR_NODE_TOKENS, .size = 5},
      {Y, .from = {"x"}, .kind = RECUR_NODE_EMBEDDING, .size = 3}}},
    {"activation",
     3,
     2,
     2,
     {X(9),
      {Y, .from = {"x"}, .kind = RECUR_NODE_ACTIVATION,
       .activation = {.kind = RECUR_ACTIVATION_TANH}}}},
    {"prelu", 3, 2, 2, {X(7), {Y, .from = {"x"}, .kind = RECUR_NODE_PRELU}}},
    {"shared prelu",
     3,
     2,
     3,
     {X(8), Q(4), {Y, .from = {"q"}, .kind = RECUR_NODE_PRELU, .shared = true}}},
    {"layer normalization",
     3,
     2,
     3,
     {X(12), Q(2), {Y, .from = {"q"}, .kind = RECUR_NODE_LAYER_NORMALIZATION, .epsilon = 0.01}}},
    {"scale", 3, 2, 3, {X(12), Q(3), {Y, .from = {"q"}, .kind = RECUR_NODE_SCALE}}},
    {"sum",
     3,
     3,
     3,
     {X(4),
      {.name = "d", .from = {"x"}, .kind = RECUR_NODE_SCALE},
      {Y, .from = {"d", "x", "d"}, .kind = RECUR_NODE_ADD}}},
    {"product",
     3,
     3,
     3,
     {X(4),
      {.name = "d", .from = {"x"}, .kind = RECUR_NODE_SCALE},
      {Y, .from = {"d", "x", "d"}, .kind = RECUR_NODE_MULTIPLY}}},
    {"concatenation and slice",
     3,
     2,
     4,
     {X(6),
      Q(2),
      {.name = "c", .from = {"q", "q"}, .kind = RECUR_NODE_CONCATENATE},
      {Y, .from = {"c"}, .kind = RECUR_NODE_SLICE, .first = 2, .size = 3}}},
    {"softmax", 2, 3, 3, {X(10), Q(2), {Y, .from = {"q"}, .kind = RECUR_NODE_SOFTMAX}}},
    {"magnitude", 2, 3, 3, {X(12), Q(2), {Y, .from = {"q"}, .kind = RECUR_NODE_MAGNITUDE}}},
    {"first step", 5, 4, 2, {X(3), {Y, .from = {"x"}, .kind = RECUR_NODE_FIRST_STEP}}},
    {"last step", 5, 4, 2, {X(3), {Y, .from = {"x"}, .kind = RECUR_NODE_LAST_STEP}}},
    {"mean", 5, 4, 2, {X(3), {Y, .from = {"x"}, .kind = RECUR_NODE_MEAN}}},
    {"maximum", 5, 4, 2, {X(3), {Y, .from = {"x"}, .kind = RECUR_NODE_MAXIMUM}}},
    {"causal convolution",
     6,
     3,
     2,
     {X(2), CONVOLUTION("x", true, STEPS(3, 3, 1, 1, 1, 2, 0, ZEROS))}},
    {"dilated causal convolution",
     7,
     2,
     2,
     {X(3), CONVOLUTION("x", false, STEPS(2, 3, 1, 2, 1, 4, 0, ZEROS))}},
    {"causal convolution with stride",
     6,
     3,
     2,
     {X(2), CONVOLUTION("x", true, STEPS(3, 2, 3, 1, 1, 1, 0, ZEROS))}},
    {"convolution of groups",
     5,
     2,
     2,
     {X(4), CONVOLUTION("x", true, STEPS(6, 3, 1, 1, 2, 1, 1, ZEROS))}},
    {"convolution without padding",
     6,
     3,
     2,
     {X(2), CONVOLUTION("x", true, STEPS(3, 3, 2, 1, 1, 0, 0, ZEROS))}},
    {"convolution that reflects",
     8,
     1,
     2,
     {X(2), CONVOLUTION("x", true, STEPS(3, 3, 1, 1, 1, 2, 1, REFLECT))}},
    {"convolution that replicates",
     5,
     3,
     2,
     {X(2), CONVOLUTION("x", true, STEPS(2, 4, 1, 1, 1, 2, 2, REPLICATE))}},
    {"convolution of positions",
     3,
     3,
     3,
     {X(14), Q(7), CONVOLUTION("q", true, POSITIONS(3, 3, 2, 1, 1, 1, 1, ZEROS))}},
    {"convolution of reflected positions",
     2,
     2,
     3,
     {X(12), Q(6), CONVOLUTION("q", false, POSITIONS(4, 3, 1, 2, 2, 1, 4, REFLECT))}},
    {"convolution of one row",
     4,
     3,
     4,
     {X(8),
      {.name = "last", .from = {"x"}, .kind = RECUR_NODE_LAST_STEP},
      {.name = "q", .from = {"last"}, .kind = RECUR_NODE_RESHAPE, .size = 4},
      CONVOLUTION("q", true, POSITIONS(2, 2, 1, 1, 1, 0, 1, REPLICATE))}},
    {"convolution that reflects the end",
     6,
     2,
     2,
     {X(2), CONVOLUTION("x", true, STEPS(1, 2, 1, 1, 1, 1, 3, REFLECT))}},
    {"branches of equal strides",
     7,
     3,
     5,
     {X(2),
      {.name = "a",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = STEPS(3, 2, 2, 1, 1, 1, 0, ZEROS)},
      {.name = "b",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = STEPS(3, 2, 2, 1, 1, 0, 1, ZEROS)},
      {.name = "c",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = STEPS(3, 3, 2, 1, 1, 0, 1, ZEROS)},
      {Y, .from = {"a", "b"}, .kind = RECUR_NODE_ADD}}},
    {"strides of strides",
     9,
     2,
     5,
     {X(2),
      {.name = "a",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = STEPS(3, 2, 2, 1, 1, 1, 0, ZEROS)},
      {.name = "b",
       .from = {"a"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = STEPS(3, 2, 2, 1, 1, 1, 0, ZEROS)},
      {.name = "c",
       .from = {"a"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = STEPS(3, 2, 3, 1, 1, 1, 0, ZEROS)},
      {Y, .from = {"x"}, .kind = RECUR_NODE_CONVOLUTION,
       .convolution = STEPS(1, 2, 4, 1, 1, 1, 0, ZEROS)}}},
    {"an input that is an output",
     3,
     3,
     2,
     {{.name = "x", .kind = RECUR_NODE_FEATURES, .size = 4, .output = true},
      {Y, .from = {"x"}, .kind = RECUR_NODE_SCALE}}},
    {"no steps",
     0,
     2,
     4,
     {X(4),
      {.name = "m", .from = {"x"}, .kind = RECUR_NODE_MAXIMUM, .output = true},
      {.name = "s",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = STEPS(2, 2, 2, 1, 1, 3, 0, ZEROS)},
      {Y, .from = {"x"}, .kind = RECUR_NODE_DENSE, .size = 3}}},
    {"no sequences",
     3,
     0,
     3,
     {X(4),
      {.name = "c",
       .from = {"x"},
       .kind = RECUR_NODE_CONVOLUTION,
       .output = true,
       .convolution = STEPS(1, 2, 1, 1, 1, 1, 0, ZEROS)},
      {Y, .from = {"x"}, .kind = RECUR_NODE_MEAN}}},
    {"two outputs",
     4,
     3,
     5,
     {X(5),
      {.name = "a", .from = {"x"}, .kind = RECUR_NODE_DENSE, .size = 4, .output = true},
      {.name = "b",
       .from = {"a"},
       .kind = RECUR_NODE_ACTIVATION,
       .activation = {.kind = RECUR_ACTIVATION_TANH}},
      {.name = "c", .from = {"b", "a"}, .kind = RECUR_NODE_ADD},
      {Y, .from = {"c"}, .kind = RECUR_NODE_MEAN}}},
    {"spectrum",
     2,
     2,
     6,
     {X(24),
      Q(24),
      {.name = "stft",
       .from = {"q"},
       .kind = RECUR_NODE_CONVOLUTION,
       .convolution = POSITIONS(10, 8, 4, 1, 1, 0, 4, REFLECT)},
      {.name = "m", .from = {"stft"}, .kind = RECUR_NODE_MAGNITUDE},
      {.name = "e",
       .from = {"m"},
       .kind = RECUR_NODE_CONVOLUTION,
       .bias = true,
       .convolution = POSITIONS(3, 3, 2, 1, 1, 1, 1, ZEROS)},
      {Y, .from = {"e"}, .kind = RECUR_NODE_DENSE, .size = 2, .bias = true}}},
};

/* A graph with random numbers, in the library and for the oracle. */
typedef struct {
  const graph *graph;
  recur_model *model;
  size_t lengths[8], parameters, states;
  gsl_matrix *x, *dx, *outputs[MOST_OUTPUTS], *doutputs[MOST_OUTPUTS];
  int token_data[64];
  gsl_vector theta, dtheta, state, dstate;
} problem;

static gsl_vector new_contiguous(size_t size) {
  gsl_vector v = {.size = size, .stride = 1, .data = new_matrix(size, 1, 1)->data};
  for (size_t k = 0; k < size; k++)
    v.data[k] = (rk_real)(2 * check_random() - 1);
  return v;
}

static problem new_problem(const graph *g, bool lengths) {
  problem p = {.graph = g, .model = recur_model_alloc(g->nodes, g->count)};
  size_t slices;
  CHECK(p.model != NULL);
  for (size_t b = 0; b < g->B; b++)
    p.lengths[b] = !lengths ? g->T : b < 2 ? b * (g->T != 0) : check_random_below(g->T + 1);
  CHECK(recur_model_parameters_count(p.model, &slices, &p.parameters) == GSL_SUCCESS);
  CHECK(recur_model_state_count(p.model, g->B, &slices, &p.states) == GSL_SUCCESS);
  p.theta = new_contiguous(p.parameters);
  p.dtheta = new_contiguous(p.parameters);
  p.state = new_contiguous(p.states);
  p.dstate = new_contiguous(p.states);
  for (size_t k = 0; k < p.parameters; k++)
    p.dtheta.data[k] = 0;
  if (g->nodes[0].kind == RECUR_NODE_TOKENS) {
    for (size_t k = 0; k < g->T * g->B; k++)
      p.token_data[k] = (int)check_random_below(g->nodes[0].size);
  } else {
    p.x = new_random(g->T * g->B, g->nodes[0].size, 1);
    p.dx = new_padded(g->T * g->B, g->nodes[0].size);
  }
  for (size_t k = 0, n = 0; k < g->count; k++) {
    recur_model_shape shape;
    if (!g->nodes[k].output)
      continue;
    CHECK(recur_model_value_shape(p.model, k, g->T, g->B, &shape) == GSL_SUCCESS);
    p.outputs[n] = new_padded(shape.rows, shape.columns);
    p.doutputs[n++] = new_random(shape.rows, shape.columns, 1);
  }
  return p;
}

static void run(problem *p) {
  const gsl_matrix *const features[] = {p->x};
  const gsl_vector_int labels = {
      .size = p->graph->T * p->graph->B, .stride = 1, .data = p->token_data};
  const gsl_vector_int *const tokens[] = {&labels};
  gsl_matrix *const dfeatures[] = {p->dx};
  const recur_batch batch = {.lengths = p->lengths};
  recur_model_workspace *w =
      recur_model_workspace_alloc(p->model, p->graph->T, p->graph->B, RECUR_MODE_TRAINING, 0);
  const recur_model_pass pass = {.features = features,
                                 .tokens = tokens,
                                 .batch = &batch,
                                 .initial_state = &p->state,
                                 .outputs = p->outputs};
  CHECK(recur_model_forward(&p->theta, &pass, w) == GSL_SUCCESS);
  const recur_model_gradients gradients = {.doutputs = (const gsl_matrix *const *)p->doutputs,
                                           .dfeatures = p->x == NULL ? NULL : dfeatures,
                                           .dinitial_state = &p->dstate,
                                           .dtheta = &p->dtheta};
  CHECK(recur_model_backward(&p->theta, &pass, &gradients, w) == GSL_SUCCESS);
  recur_model_workspace_free(w);
}

/* The oracle's numbers; the derivative is along number `direction` of theta, the state and x. */
static dual theta_of_oracle[MOST_NUMBERS], state_of_oracle[MOST_NUMBERS];

static void set_numbers(const rk_real *from, size_t count, size_t direction, dual *to) {
  CHECK(count <= MOST_NUMBERS);
  for (size_t k = 0; k < count; k++) {
    to[k] = dual_of(from[k]);
    to[k].d = to[k].md = k == direction;
  }
}

static oracle new_oracle(const problem *p, size_t direction) {
  const graph *g = p->graph;
  oracle o = {.nodes = g->nodes,
              .count = g->count,
              .B = g->B,
              .theta = theta_of_oracle,
              .state = p->states == 0 ? NULL : state_of_oracle};
  oracle_value *x = &o.values[0];
  const bool tokens = p->x == NULL;
  *x = (oracle_value){.positions = 1, .channels = tokens ? 1 : g->nodes[0].size, .steps = g->T};
  memcpy(x->lengths, p->lengths, sizeof p->lengths);
  set_numbers(p->theta.data, p->parameters, direction, theta_of_oracle);
  set_numbers(p->state.data, p->states, direction - p->parameters, state_of_oracle);
  x->numbers = calloc(g->T * g->B * x->channels, sizeof *x->numbers);
  for (size_t r = 0; r < g->T * g->B; r++)
    for (size_t j = 0; j < x->channels; j++) {
      const size_t k = r * x->channels + j;
      dual *number = &x->numbers[k];
      *number = dual_of(tokens ? (long double)p->token_data[k] : (long double)AT(p->x, r, j));
      number->d = number->md = !tokens && k + p->parameters + p->states == direction;
      if (!tokens && !oracle_is_valid(&o, x, r))
        *number = dual_of(0);
    }
  oracle_run(&o);
  return o;
}

static void free_oracle(oracle *o) {
  for (size_t k = 0; k < o->count; k++)
    free(o->values[k].numbers);
}

/* The number of rounded operations of a result: those of one output of each node, and one for each
   row that a gradient sums over. */
static size_t operations(const problem *p, const oracle *o) {
  size_t n = p->graph->T * p->graph->B;
  for (size_t k = 0; k < o->count; k++)
    n += 4 * oracle_columns(&o->values[k]) * (o->nodes[k].convolution.kernel_size + 1) + 8;
  return n;
}

static void check_values(const problem *p, const oracle *o) {
  for (size_t k = 0, n = 0; k < o->count; k++) {
    const oracle_value *y = &o->values[k];
    if (!o->nodes[k].output)
      continue;
    const gsl_matrix *m = p->outputs[n++];
    CHECK(m->size1 == oracle_rows(o, y) && m->size2 == oracle_columns(y));
    for (size_t r = 0; r < m->size1; r++)
      for (size_t j = 0; j < m->size2; j++) {
        const dual expected = y->numbers[r * m->size2 + j];
        CHECK(fabsl(AT(m, r, j) - expected.v) <=
              check_tolerance(operations(p, o), RK_REAL_EPSILON, expected.mv));
      }
  }
}

/* The derivative of the sum of all outputs times doutputs. */
static dual derivative(const problem *p, const oracle *o) {
  dual sum = dual_of(0);
  for (size_t k = 0, n = 0; k < o->count; k++) {
    const oracle_value *y = &o->values[k];
    if (!o->nodes[k].output)
      continue;
    const gsl_matrix *m = p->doutputs[n++];
    for (size_t r = 0; r < m->size1; r++)
      for (size_t j = 0; j < m->size2; j++)
        sum = dual_add(sum, dual_scale(y->numbers[r * m->size2 + j], AT(m, r, j)));
  }
  return sum;
}

static void check_gradient(const problem *p, size_t direction, rk_real found) {
  oracle o = new_oracle(p, direction);
  const dual expected = derivative(p, &o);
  CHECK(fabsl(found - expected.d) <=
        check_tolerance(operations(p, &o), RK_REAL_EPSILON, expected.md));
  free_oracle(&o);
}

static void check_graph(const graph *g, bool lengths) {
  check_note("%s%s", g->title, lengths ? ", with lengths" : "");
  problem p = new_problem(g, lengths);
  run(&p);
  oracle o = new_oracle(&p, SIZE_MAX);
  check_values(&p, &o);
  free_oracle(&o);
  for (size_t k = 0; k < p.parameters; k++)
    check_gradient(&p, k, p.dtheta.data[k]);
  for (size_t k = 0; k < p.states; k++)
    check_gradient(&p, p.parameters + k, p.dstate.data[k]);
  for (size_t r = 0; p.x != NULL && r < p.x->size1; r++)
    for (size_t j = 0; j < p.x->size2; j++)
      check_gradient(&p, p.parameters + p.states + r * p.x->size2 + j, AT(p.dx, r, j));
  recur_model_free(p.model);
  free_all();
}

/* NaN is a maximum, as in PyTorch; and the first of equal maxima has the gradient. */
static void test_maximum(void) {
  const recur_node nodes[] = {X(3), {Y, .from = {"x"}, .kind = RECUR_NODE_MAXIMUM}};
  recur_model *model = recur_model_alloc(nodes, 2);
  recur_model_workspace *w = recur_model_workspace_alloc(model, 3, 1, RECUR_MODE_TRAINING, 0);
  rk_real x[] = {1, NAN, 2, 1, 3, NAN, 0, NAN, 5}, y[3], dx[9], dy[] = {1, 2, 3}, none = 0;
  const rk_real expected[] = {1, 2, 0, 0, 0, 3, 0, 0, 0};
  const gsl_matrix X_ = {3, 3, 3, x, NULL, 0}, dY = {1, 3, 3, dy, NULL, 0};
  gsl_matrix Y_ = {1, 3, 3, y, NULL, 0}, dX = {3, 3, 3, dx, NULL, 0};
  const gsl_vector theta = {.size = 0, .stride = 1, .data = &none};
  const gsl_matrix *features[] = {&X_}, *doutputs[] = {&dY};
  gsl_matrix *outputs[] = {&Y_}, *dfeatures[] = {&dX};
  const recur_model_pass pass = {.features = features, .outputs = outputs};
  const recur_model_gradients gradients = {.doutputs = doutputs, .dfeatures = dfeatures};
  check_note("maximum of NaN");
  CHECK(recur_model_forward(&theta, &pass, w) == GSL_SUCCESS);
  CHECK(y[0] == 1 && isnan(y[1]) && isnan(y[2]));
  CHECK(recur_model_backward(&theta, &pass, &gradients, w) == GSL_SUCCESS);
  for (size_t k = 0; k < 9; k++)
    CHECK(dx[k] == expected[k]);
  recur_model_workspace_free(w);
  recur_model_free(model);
}

int main(void) {
  check_begin();
  for (size_t k = 0; k < COUNT(graphs); k++) {
    check_graph(&graphs[k], false);
    if (strstr(graphs[k].title, "reflects") == NULL)
      check_graph(&graphs[k], true);
  }
  test_maximum();
  return check_end();
}
