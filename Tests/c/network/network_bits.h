/* The checksums that test_network_bits.c expects: the cases of network_cases.h, then one for each
   activation that supports training, then compressed weights.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef NETWORK_BITS_H
#define NETWORK_BITS_H

#include "support/network_cases.h"

#include <stdint.h>

enum { BITS_CASES = NETWORK_CASES + RECUR_ACTIVATION_SILU };

static const struct {
  const char *name;
  uint64_t bits[2]; /* double, float */
} network_bits[BITS_CASES] = {
    {"RNN, tanh", {UINT64_C(0x1a6815431efa8809), UINT64_C(0x4578d2c063b63f86)}},
    {"RNN, ReLU, no bias", {UINT64_C(0xe1cac5ff5c1f738d), UINT64_C(0x1cc0e295eb443566)}},
    {"RNN, sigmoid, gates clamped", {UINT64_C(0x0b78dde602f1fbf5), UINT64_C(0xae6e59f1d98f516d)}},
    {"residual RNN, tanh", {UINT64_C(0x11d73e601fa5238c), UINT64_C(0xa8583606011d2741)}},
    {"residual RNN, softsign, gates clamped",
     {UINT64_C(0x9da6e5d4e395cdf9), UINT64_C(0x48aa84bb40f08d1e)}},
    {"GRU, reset after", {UINT64_C(0x5b6a7c964583a59c), UINT64_C(0x96d9bde94636cf62)}},
    {"GRU, reset before", {UINT64_C(0xdfd19f1522491cef), UINT64_C(0x8ea080b508387b33)}},
    {"GRU, reset after, other activations, gates clamped",
     {UINT64_C(0x2b03fe67e4948ae5), UINT64_C(0xd47807a2e51394c0)}},
    {"GRU, reset before, other activations, gates clamped",
     {UINT64_C(0x39689fb10f745895), UINT64_C(0xfec3a1fd4ad9fd76)}},
    {"GRU, reset after, other activations, gates clamped, no bias",
     {UINT64_C(0x8f4904532ea3c041), UINT64_C(0x7f5ce9766f11b60f)}},
    {"GRU, reset before, other activations, gates clamped, no bias",
     {UINT64_C(0x65d2fe9477adf02e), UINT64_C(0x21c01b3eac3bd235)}},
    {"GRU, reset after, layer normalization",
     {UINT64_C(0x60c38046b3f3a8c7), UINT64_C(0x9d77c3f3c9de4617)}},
    {"GRU, reset before, layer normalization, no bias",
     {UINT64_C(0xddb9ac6a06f17e5a), UINT64_C(0x5660ac893d7007c7)}},
    {"LSTM", {UINT64_C(0xb65bc5368a1b0426), UINT64_C(0x0282fe1672a61693)}},
    {"LSTM, peepholes", {UINT64_C(0xccad115b44b2d3cd), UINT64_C(0x3fc244346318526a)}},
    {"LSTM, coupled gates", {UINT64_C(0x2ad97a09d958f617), UINT64_C(0xf745b189f0a67d01)}},
    {"LSTM, projection", {UINT64_C(0x59a2b0d3bf285600), UINT64_C(0x4bae863e746eca82)}},
    {"LSTM, peepholes, coupled gates, projection, clamps, other activations, no bias",
     {UINT64_C(0x53b342dfe73aafbc), UINT64_C(0x6553870d1d85c9c3)}},
    {"LSTM, layer normalization", {UINT64_C(0x69465b606c3ee908), UINT64_C(0xccfa5fec6f5a2766)}},
    {"LSTM, peepholes, projection, gates clamped, layer normalization",
     {UINT64_C(0xdf873d64ecac9846), UINT64_C(0xe3a894543385a30d)}},
    {"activation tanh", {UINT64_C(0x07f7afbe85056d23), UINT64_C(0x73a2238fa4d741ec)}},
    {"activation sigmoid", {UINT64_C(0x6ff48fd97c239568), UINT64_C(0x6d3b00d73f19bec6)}},
    {"activation ReLU", {UINT64_C(0x27df910017e48df1), UINT64_C(0x8b7f2497b3d1e099)}},
    {"activation identity", {UINT64_C(0xb9d62aeee8508f44), UINT64_C(0x12140bd1c9333b64)}},
    {"activation affine", {UINT64_C(0x90ab6d916e145cac), UINT64_C(0xf70785203b610f71)}},
    {"activation leaky ReLU", {UINT64_C(0x0dfdcac8a68fa49f), UINT64_C(0xb6e827c4e6f1b25c)}},
    {"activation thresholded ReLU", {UINT64_C(0x4818960166fee282), UINT64_C(0x9735108070a76270)}},
    {"activation scaled tanh", {UINT64_C(0xbe44653fd3f0c23e), UINT64_C(0x5d331adbdfc241d2)}},
    {"activation hard sigmoid", {UINT64_C(0x6f74e1c6b7b95fc0), UINT64_C(0x782b8400dfdd95a5)}},
    {"activation ELU", {UINT64_C(0xaa25d6d09787a938), UINT64_C(0x8fb82cd7fb426ac0)}},
    {"activation softsign", {UINT64_C(0xa21da1c710f6d3e8), UINT64_C(0xefebe9647ec724b9)}},
    {"activation softplus", {UINT64_C(0x27677da7ee1c9609), UINT64_C(0xf97fcdbb70bdf753)}},
    {"activation hard tanh", {UINT64_C(0x90561f4952d67677), UINT64_C(0xad6b05ba56278a70)}},
};

#ifdef RK_FLOAT
enum { STORED_CASES = 9 };

static const struct {
  const char *name;
  uint64_t bits;
} stored_bits[STORED_CASES] = {
    {"RNN, half", UINT64_C(0xd1f0704e93b2d7e0)},
    {"RNN, int8", UINT64_C(0x37911ffafc9d1b1d)},
    {"GRU, half", UINT64_C(0xc15f351e34383c15)},
    {"GRU, int8", UINT64_C(0x529b64f9ed1545d0)},
    {"LSTM, half", UINT64_C(0x572631ee098699b3)},
    {"LSTM, int8", UINT64_C(0x57d20ebe7725b1c3)},
    {"RNN, bfloat16", UINT64_C(0xe666b2484048b477)},
    {"GRU, bfloat16", UINT64_C(0x9b71f86a16d113bc)},
    {"LSTM, bfloat16", UINT64_C(0xa4f6375fd00650d8)},
};
#endif

#endif
