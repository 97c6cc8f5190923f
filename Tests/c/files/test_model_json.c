/* recur_model_from_json and recur_model_to_json: every kind of node and every option, and the
   refusal of everything else.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include "support/every_node.h"

#include <float.h>
#include <recur/gru.h>
#include <recur/model_file.h>
#include <recur/residual.h>
#include <recur/rnn.h>

/* Graphs that are read and written */

static void check_text(const recur_model *model, const char *expected) {
  char *text = NULL;
  CHECK(recur_model_to_json(model, &text) == GSL_SUCCESS);
  if (!CHECK(text != NULL && strcmp(text, expected) == 0))
    fprintf(stderr, "%s\n", text);
  free(text);
}

/* The nodes have a text, which is read as these nodes. */
static void round_trip(const recur_node *nodes, size_t count, const char *text) {
  recur_model *const model = recur_model_alloc(nodes, count);
  check_note("%.200s", text);
  if (!CHECK(model != NULL))
    fprintf(stderr, "%s\n", recur_last_error()->message);
  check_text(model, text);
  recur_model_free(model);
  recur_model *const read = recur_model_from_json(text, strlen(text));
  if (!CHECK(read != NULL))
    fprintf(stderr, "%s\n", recur_last_error()->message);
  check_text(read, text);
  recur_model_free(read);
}

#define X "{\"nodes\":[{\"name\":\"x\",\"kind\":\"features\",\"size\":4},"
#define FROM_X(kind) "{\"name\":\"y\",\"kind\":\"" kind "\",\"from\":[\"x\"],"
#define END "\"output\":true}]}"

/* One node that reads 4 features. */
static void round_trip_one(recur_node node, const char *text) {
  const recur_node nodes[] = {{.name = "x", .kind = RECUR_NODE_FEATURES, .size = 4}, node};
  round_trip(nodes, 2, text);
}

#define ONE(kind_, text, ...)                                                                      \
  round_trip_one(                                                                                  \
      (recur_node){                                                                                \
          .name = "y", .from = {"x"}, .output = true, .kind = RECUR_NODE_##kind_, __VA_ARGS__},    \
      X text END)

static void test_every_kind(void) {
  static const char text[] =
      "{\"nodes\":["
      "{\"name\":\"x\",\"kind\":\"features\",\"size\":8},"
      "{\"name\":\"tokens\",\"kind\":\"tokens\",\"size\":5},"
      "{\"name\":\"embedding\",\"kind\":\"embedding\",\"from\":[\"tokens\"],\"size\":8},"
      "{\"name\":\"sum\",\"kind\":\"add\",\"from\":[\"x\",\"embedding\"]},"
      "{\"name\":\"product\",\"kind\":\"multiply\",\"from\":[\"x\",\"sum\"]},"
      "{\"name\":\"positions\",\"kind\":\"reshape\",\"from\":[\"product\"],\"size\":4},"
      "{\"name\":\"spectrum\",\"kind\":\"convolution\",\"from\":[\"positions\"],\"bias\":false,"
      "\"convolution\":{\"axis\":\"positions\",\"outputSize\":6,\"kernelSize\":2,\"before\":1,"
      "\"padding\":\"reflect\"}},"
      "{\"name\":\"magnitude\",\"kind\":\"magnitude\",\"from\":[\"spectrum\"]},"
      "{\"name\":\"normal\",\"kind\":\"layerNormalization\",\"from\":[\"magnitude\"],"
      "\"epsilon\":1e-5},"
      "{\"name\":\"scale\",\"kind\":\"scale\",\"from\":[\"normal\"]},"
      "{\"name\":\"prelu\",\"kind\":\"prelu\",\"from\":[\"scale\"]},"
      "{\"name\":\"tanh\",\"kind\":\"activation\",\"from\":[\"prelu\"],\"activation\":\"tanh\"},"
      "{\"name\":\"network\",\"kind\":\"network\",\"from\":[\"tanh\"],"
      "\"network\":{\"cell\":\"lstm\",\"inputSize\":12,\"hiddenSize\":7}},"
      "{\"name\":\"causal\",\"kind\":\"convolution\",\"from\":[\"network\"],"
      "\"convolution\":{\"axis\":\"steps\",\"outputSize\":4,\"kernelSize\":3,\"before\":2}},"
      "{\"name\":\"both\",\"kind\":\"concatenate\",\"from\":[\"causal\",\"network\"]},"
      "{\"name\":\"slice\",\"kind\":\"slice\",\"from\":[\"both\"],\"size\":4,\"first\":2},"
      "{\"name\":\"softmax\",\"kind\":\"softmax\",\"from\":[\"slice\"],\"output\":true},"
      "{\"name\":\"first\",\"kind\":\"firstStep\",\"from\":[\"both\"]},"
      "{\"name\":\"last\",\"kind\":\"lastStep\",\"from\":[\"both\"]},"
      "{\"name\":\"mean\",\"kind\":\"mean\",\"from\":[\"both\"]},"
      "{\"name\":\"maximum\",\"kind\":\"maximum\",\"from\":[\"both\"]},"
      "{\"name\":\"rows\",\"kind\":\"add\",\"from\":[\"first\",\"last\",\"mean\",\"maximum\"]},"
      "{\"name\":\"y\",\"kind\":\"dense\",\"from\":[\"rows\"],\"size\":4,"
      "\"output\":true}]}";
  every_node_call call;
  every_node_begin(&call);
  round_trip(every_node, COUNT(every_node), text);
  every_node_end(&call);
}

static void test_options(void) {
  ONE(PRELU, FROM_X("prelu") "\"shared\":true,", .shared = true);
  ONE(SLICE, FROM_X("slice") "\"size\":3,", .size = 3);
  ONE(DENSE, FROM_X("dense") "\"size\":3,", .size = 3, .bias = true);
  ONE(DENSE, FROM_X("dense") "\"size\":3,\"bias\":false,", .size = 3);
  ONE(CONVOLUTION,
      FROM_X("convolution") "\"bias\":false,"
                            "\"convolution\":{\"axis\":\"steps\",\"outputSize\":6,\"kernelSize\":3,"
                            "\"stride\":2,\"dilation\":4,\"groups\":2,\"before\":5,\"after\":7,"
                            "\"padding\":\"replicate\"},",
      .convolution = {RECUR_AXIS_STEPS, 6, 3, 2, 4, 2, 5, 7, RECUR_PADDING_REPLICATE});
  ONE(LAYER_NORMALIZATION, FROM_X("layerNormalization") "\"epsilon\":0.3333333333333333,",
      .epsilon = 1.0 / 3);
  ONE(LAYER_NORMALIZATION, FROM_X("layerNormalization") "\"epsilon\":9.999999747378752e-6,",
      .epsilon = 1e-5f);
  ONE(LAYER_NORMALIZATION, FROM_X("layerNormalization") "\"epsilon\":1.1754943508222875e-38,",
      .epsilon = FLT_MIN);
  ONE(LAYER_NORMALIZATION, FROM_X("layerNormalization") "\"epsilon\":1e300,", .epsilon = 1e300);
}

static void test_activations(void) {
#define ACTIVATION(text, ...)                                                                      \
  ONE(ACTIVATION, FROM_X("activation") "\"activation\":" text ",",                                 \
      .activation = {RECUR_ACTIVATION_##__VA_ARGS__})
  ACTIVATION("\"sigmoid\"", SIGMOID, 0, 0);
  ACTIVATION("\"relu\"", RELU, 0, 0);
  ACTIVATION("\"identity\"", IDENTITY, 0, 0);
  ACTIVATION("\"softsign\"", SOFTSIGN, 0, 0);
  ACTIVATION("\"softplus\"", SOFTPLUS, 0, 0);
  ACTIVATION("\"silu\"", SILU, 0, 0);
  ACTIVATION("{\"kind\":\"affine\",\"alpha\":1.0,\"beta\":-2.5}", AFFINE, 1, -2.5);
  ACTIVATION("{\"kind\":\"affine\",\"alpha\":-0.0,\"beta\":0.0}", AFFINE, -0.0, 0);
  ACTIVATION("{\"kind\":\"leakyRelu\",\"alpha\":0.01}", LEAKY_RELU, 0.01, 0);
  ACTIVATION("{\"kind\":\"thresholdedRelu\",\"alpha\":0.7}", THRESHOLDED_RELU, 0.7, 0);
  ACTIVATION("{\"kind\":\"scaledTanh\",\"alpha\":0.7,\"beta\":1e38}", SCALED_TANH, 0.7, 1e38);
  ACTIVATION("{\"kind\":\"hardSigmoid\",\"alpha\":0.2,\"beta\":0.5}", HARD_SIGMOID, 0.2, 0.5);
  ACTIVATION("{\"kind\":\"elu\",\"alpha\":1.5}", ELU, 1.5, 0);
  ACTIVATION("{\"kind\":\"hardTanh\",\"min\":-1.0,\"max\":6.0}", HARD_TANH, -1, 6);
}

static void round_trip_network(recur_network network, const char *text) {
  char whole[1000];
  snprintf(whole, sizeof whole, X FROM_X("network") "\"network\":{%s}," END, text);
  round_trip_one((recur_node){.name = "y",
                              .from = {"x"},
                              .output = true,
                              .kind = RECUR_NODE_NETWORK,
                              .network = network},
                 whole);
}

static void test_networks(void) {
#define SIZES "\"inputSize\":4,\"hiddenSize\":5"
  recur_network n = recur_rnn(4, 5);
  round_trip_network(n, "\"cell\":\"simple\"," SIZES);
  n.cell.f.kind = RECUR_ACTIVATION_RELU;
  n.cell.bias = false;
  n.cell.gate_clamp = 3;
  n.layers = 2;
  n.directions = 2;
  n.dropout = 0.1;
  n.recurrent_dropout = 0.2;
  n.zoneout = 0.3;
  round_trip_network(n, "\"cell\":\"simple\"," SIZES
                        ",\"layers\":2,\"bidirectional\":true,\"bias\":false,\"activation\":"
                        "\"relu\",\"gateClamp\":3.0,\"dropout\":0.1,\"recurrentDropout\":0.2,"
                        "\"zoneout\":0.3");
  n = recur_residual(4, 5);
  n.cell.f = (recur_activation){RECUR_ACTIVATION_HARD_TANH, -2, 2};
  round_trip_network(n, "\"cell\":\"residual\"," SIZES
                        ",\"activation\":{\"kind\":\"hardTanh\",\"min\":-2.0,\"max\":2.0}");
  n = recur_gru(4, 5);
  round_trip_network(n, "\"cell\":\"gru\"," SIZES);
  n.cell.f.kind = RECUR_ACTIVATION_TANH;
  n.cell.g = recur_activation_default(RECUR_ACTIVATION_LEAKY_RELU);
  n.cell.reset = RECUR_RESET_BEFORE;
  n.cell.layer_normalization = true;
  round_trip_network(n, "\"cell\":\"gru\"," SIZES
                        ",\"activation\":\"tanh\",\"candidateActivation\":{\"kind\":\"leakyRelu\","
                        "\"alpha\":0.01},\"reset\":\"beforeProduct\",\"layerNormalization\":true");
  n = recur_lstm(4, 5);
  n.cell.g.kind = RECUR_ACTIVATION_RELU;
  n.cell.h.kind = RECUR_ACTIVATION_SOFTSIGN;
  n.cell.peepholes = n.cell.coupled_gates = true;
  n.cell.projection_size = 3;
  n.cell.cell_clamp = 0.5;
  n.cell_zoneout = 0.25;
  n.weight_storage = RECUR_STORAGE_HALF;
  round_trip_network(n, "\"cell\":\"lstm\"," SIZES
                        ",\"candidateActivation\":\"relu\",\"outputActivation\":\"softsign\","
                        "\"peepholes\":true,\"coupledGates\":true,\"projectionSize\":3,"
                        "\"cellClamp\":0.5,\"cellZoneout\":0.25,"
                        "\"weightStorage\":\"half\"");
}

/* Another order, spaces, and values that are the default. */
static void test_other_texts(void) {
  static const char text[] =
      " { \"nodes\" : [ { \"size\" : 4 , \"output\":false, \"kind\":\"features\",\"name\":\"x\"},\n"
      "{\"convolution\":{\"padding\":\"zeros\",\"groups\":1,\"dilation\":1,\"stride\":1,\"after\":"
      "0,"
      "\"before\":0,\"kernelSize\":1,\"outputSize\":2,\"axis\":\"steps\"},\"bias\":false,"
      "\"output\":true,\"name\":\"y\",\"from\":[\"x\"],\"kind\":\"convolution\"},"
      "{\"name\":\"z\",\"kind\":\"activation\",\"from\":[\"x\"],\"output\":true,\"activation\":"
      "{\"kind\":\"tanh\"}},{\"name\":\"n\",\"kind\":\"network\",\"from\":[\"x\"],"
      "\"output\":true,\"network\":{\"hiddenSize\":5,\"cell\":\"gru\"}},{\"name\":\"a\",\"kind\":"
      "\"activation\",\"from\":[\"x\"],"
      "\"output\":true,\"activation\":{\"kind\":\"elu\",\"alpha\":2}}]} ";
  static const char expected[] =
      X FROM_X("convolution") "\"bias\":false,\"convolution\":{\"axis\":\"steps\",\"outputSize\":2,"
                              "\"kernelSize\":1},\"output\":true},"
                              "{\"name\":\"z\",\"kind\":\"activation\",\"from\":[\"x\"],"
                              "\"activation\":\"tanh\",\"output\":true},"
                              "{\"name\":\"n\",\"kind\":\"network\",\"from\":[\"x\"],"
                              "\"network\":{\"cell\":\"gru\",\"inputSize\":4,\"hiddenSize\":5},"
                              "\"output\":true},"
                              "{\"name\":\"a\",\"kind\":\"activation\",\"from\":[\"x\"],"
                              "\"activation\":{\"kind\":\"elu\",\"alpha\":2.0}," END;
  check_note("other texts");
  recur_model *const model = recur_model_from_json(text, strlen(text));
  CHECK(model != NULL);
  check_text(model, expected);
  recur_model_free(model);
}

/* The texts of a model with the most nodes, and with billions of layers. */
static void test_large(void) {
  const size_t room = 100 * RECUR_MODEL_NODES;
  char *const text = malloc(room), *at = text;
  at += sprintf(at, "{\"nodes\":[{\"name\":\"n0\",\"kind\":\"features\",\"size\":1}");
  for (int k = 1; k < RECUR_MODEL_NODES; k++)
    at += sprintf(at, ",{\"name\":\"n%d\",\"kind\":\"scale\",\"from\":[\"n%d\"]%s}", k, k - 1,
                  k + 1 < RECUR_MODEL_NODES ? "" : ",\"output\":true");
  strcpy(at, "]}");
  recur_model *model = recur_model_from_json(text, strlen(text));
  CHECK(recur_model_node_count(model) == RECUR_MODEL_NODES);
  check_text(model, text);
  recur_model_free(model);
  strcpy(at, ",{\"name\":\"one more\"}]}");
  CHECK(recur_model_from_json(text, strlen(text)) == NULL);
  check_failed_as(GSL_EINVAL, "recur_model_from_json", "has 4097 nodes, expected 1 to 4096");
  free(text);
  static const char layers[] =
      X FROM_X("network") "\"network\":{\"cell\":\"simple\",\"inputSize\":4,\"hiddenSize\":1,"
                          "\"layers\":2147483647}," END;
  model = recur_model_from_json(layers, strlen(layers));
  check_text(model, layers);
  recur_model_free(model);
}

/* Refusals */

#define NODES(text) "{\"nodes\":[" text "]}"
#define NODE(text) X "{\"name\":\"y\"," text "}]}"
#define NETWORK(text) NODE("\"kind\":\"network\",\"from\":[\"x\"],\"network\":" text)
#define RNN(text) NETWORK("{\"cell\":\"simple\",\"inputSize\":4,\"hiddenSize\":5," text "}")
#define LAYER(text) NODE("\"kind\":\"activation\",\"from\":[\"x\"],\"activation\":" text)
#define STEPS(text)                                                                                \
  NODE("\"kind\":\"convolution\",\"from\":[\"x\"],\"convolution\":{\"axis\":\"steps\"," text "}")
#define Y ": nodes [1] (\"y\") "

static const struct {
  const char *text, *reason;
} refused[] = {
    {"", "text is not valid JSON: it is not a single object or array"},
    {"1", "text is not valid JSON: it is not a single object or array"},
    {"{} {}", "text is not valid JSON: it is not a single object or array"},
    {"{},{}", "text is not valid JSON: it is not a single object or array"},
    {"{}]", "text is not valid JSON: it is not a single object or array"},
    {"[]", "text is not an object with an array of nodes alone"},
    {"{}", "text is not an object with an array of nodes alone"},
    {"{\"nodes\":{}}", "text is not an object with an array of nodes alone"},
    {"{\"nodes\":[],\"x\":1}", "text is not an object with an array of nodes alone"},
    {"{\"nodes\":[]}", "text has 0 nodes, expected 1 to 4096"},
    {NODES("1"), ": nodes [0] (\"\") is not an object"},
    {NODES("{}"), ": nodes [0] (\"\") kind is missing"},
    {NODES("{\"kind\":\"features\",\"size\":1}"), ": nodes [0] (\"\") name is missing"},
    {NODES("{\"kind\":\"features\",\"size\":1,\"name\":1}"),
     ": nodes [0] (\"\") name is not a string"},
    {NODE("\"kind\":1"), Y "kind is not a string"},
    {NODE("\"kind\":\"Dense\""), Y "kind is the unknown \"Dense\""},
    {NODE("\"kind\":\"dense\",\"siez\":1"), Y "has the unknown key \"siez\""},
    {NODE("\"kind\":\"dense\",\"\x7f\\u0001\":1"), Y "has the unknown key \"\\x7f\\x01\""},
    {NODE("\"kind\":\"dense\",\"size\":1"), Y "from is missing"},
    {NODE("\"kind\":\"dense\",\"from\":[\"x\"]"), Y "size is missing"},
    {NODE("\"kind\":\"scale\",\"from\":\"x\""), Y "from is not an array of at most 8 strings"},
    {NODE("\"kind\":\"scale\",\"from\":[1]"), Y "from is not an array of at most 8 strings"},
    {NODE("\"kind\":\"add\",\"from\":[\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\"]"),
     Y "from is not an array of at most 8 strings"},
    {NODE("\"kind\":\"features\",\"from\":[]"), Y "from is set, but its kind has no such key"},
    {NODE("\"kind\":\"scale\",\"from\":[\"x\"],\"size\":1"), Y "size is set, but its kind"},
    {NODE("\"kind\":\"scale\",\"from\":[\"x\"],\"epsilon\":0"), Y "epsilon is set, but its kind"},
    {NODE("\"kind\":\"dense\",\"from\":[\"x\"],\"size\":-1"),
     Y "size is not an integer of at least 0"},
    {NODE("\"kind\":\"dense\",\"from\":[\"x\"],\"size\":1.0"),
     Y "size is not an integer of at least 0"},
    {NODE("\"kind\":\"dense\",\"from\":[\"x\"],\"size\":null"), Y "size is not an integer"},
    {NODE("\"kind\":\"dense\",\"from\":[\"x\"],\"size\":1,\"bias\":1"),
     Y "bias is not true or false"},
    {NODE("\"kind\":\"layerNormalization\",\"from\":[\"x\"]"), Y "epsilon is missing"},
    {NODE("\"kind\":\"layerNormalization\",\"from\":[\"x\"],\"epsilon\":\"1\""),
     Y "epsilon is not a number"},
    {NODE("\"kind\":\"layerNormalization\",\"from\":[\"x\"],\"epsilon\":1e999"),
     "text is not valid JSON: real number overflow"},
    {NODE("\"kind\":\"network\",\"from\":[\"x\"]"), Y "network is missing"},
    {NETWORK("\"lstm\""), Y "network is not an object"},
    {NETWORK("{}"), Y "network cell is missing"},
    {NETWORK("{\"cell\":\"lstm\",\"inputSize\":1}"), Y "network hiddenSize is missing"},
    {NETWORK("{\"cell\":\"rnn\"}"), Y "network cell is the unknown \"rnn\""},
    {RNN("\"weightStorage\":\"quarter\""), Y "network weightStorage is the unknown \"quarter\""},
    {RNN("\"size\":1"), Y "network has the unknown key \"size\""},
    {RNN("\"bidirectional\":2"), Y "network bidirectional is not true or false"},
    {RNN("\"dropout\":true"), Y "network dropout is not a number"},
    {RNN("\"reset\":\"afterProduct\""), Y "network reset is set, but its kind has no such key"},
    {RNN("\"peepholes\":false"), Y "network peepholes is set, but its kind has no such key"},
    {RNN("\"candidateActivation\":\"tanh\""), Y "network candidateActivation is set, but"},
    {RNN("\"activation\":\"elu\""), Y "activation alpha is missing"},
    {RNN("\"activation\":{\"kind\":\"elu\",\"alpha\":1,\"beta\":0}"),
     Y "activation beta is set, but its kind has no such key"},
    {RNN("\"layers\":0"), ": nodes [1] (\"y\"): network->layers is 0, expected at least 1"},
    {RNN("\"layers\":9223372036854775807"), "network->layers is 9223372036854775807, expected"},
    {RNN("\"dropout\":1"), "network->dropout is 1, expected at least 0 and below 1"},
    {LAYER("1"), Y "activation is not an object"},
    {LAYER("{}"), Y "activation kind is missing"},
    {LAYER("\"Tanh\""), Y "activation kind is the unknown \"Tanh\""},
    {LAYER("{\"kind\":\"hardTanh\",\"min\":1}"), Y "activation max is missing"},
    {LAYER("{\"kind\":\"hardTanh\",\"min\":1,\"max\":-1}"),
     "alpha 1 and beta -1, expected alpha <"},
    {STEPS("\"outputSize\":1"), Y "convolution kernelSize is missing"},
    {STEPS("\"outputSize\":1,\"kernelSize\":2,\"padding\":\"same\""),
     Y "convolution padding is the unknown \"same\""},
    {STEPS("\"outputSize\":1,\"kernelSize\":2,\"stride\":0"), "has stride 0, expected 1 to"},
    {NODE("\"kind\":\"scale\",\"from\":[\"z\"]"), "reads \"z\", which is no earlier node"},
    {NODE("\"kind\":\"scale\",\"from\":[\"x\"]"), "is read by no node, and is no output"},
    {NODES("{\"kind\":\"features\",\"size\":1,\"name\":\"a b\"}"), "has no valid name"},
    {NODES("{\"kind\":\"features\",\"size\":1,\"name\":\"\xc3\xa9\"}"), "has no valid name"},
    {NODES("{\"kind\":\"features\",\"size\":2147483648,\"name\":\"x\",\"output\":true}"),
     "has size 2147483648, expected 1 to 2147483647"},
};

static void test_refusals(void) {
  for (size_t k = 0; k < COUNT(refused); k++) {
    CHECK(recur_model_from_json(refused[k].text, strlen(refused[k].text)) == NULL);
    check_failed_as(GSL_EINVAL, "recur_model_from_json", refused[k].reason);
  }
  CHECK(recur_model_from_json("{\"nodes\":1\0}", 12) == NULL);
  check_failed_as(GSL_EINVAL, "recur_model_from_json", "it has a zero byte");
}

static void test_arguments(void) {
  char *text = NULL;
  recur_model *const model = recur_model_from_json(X "{\"name\":\"y\",\"kind\":\"softmax\","
                                                     "\"from\":[\"x\"]," END "beyond the length",
                                                   strlen(X) + 58);
  CHECK(model != NULL);
  CHECK(recur_model_from_json(NULL, 0) == NULL);
  check_failed_as(GSL_EFAULT, "recur_model_from_json", "text is NULL");
  CHECK(recur_model_to_json(NULL, &text) == GSL_EFAULT && text == NULL);
  check_failed_as(GSL_EFAULT, "recur_model_to_json", "model is NULL");
  CHECK(recur_model_to_json(model, NULL) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_model_to_json", "text is NULL");
  recur_model_free(model);
}

int main(void) {
  begin_files();
  test_every_kind();
  test_options();
  test_activations();
  test_networks();
  test_other_texts();
  test_large();
  test_refusals();
  test_arguments();
  return end_files();
}
