/* recur/network.h: results are bit-identical on every machine. Compares checksums of all outputs of
   the networks in network_cases.h, of networks with each activation, and of networks with
   compressed weights, with network_bits.h. A change of the library's arithmetic changes them. The
   test then prints those that it found.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "network/network_bits.h"
#include "support/network_problem.h"

#include <recur/instruction_set.h>

/* FNV-1a, from the lowest byte on. */
static uint64_t add_to_hash(uint64_t hash, uint64_t bits, size_t bytes) {
  for (size_t k = 0; k < bytes; k++)
    hash = (hash ^ (bits >> (8 * k) & 0xff)) * UINT64_C(0x100000001b3);
  return hash;
}

/* The cases of network_cases.h with two layers, two directions and all random options, then a
   simple network for each activation, with sums beyond 1. */
static recur_network bits_case(size_t k) {
  if (k < NETWORK_CASES)
    return with_random_options(network_case(k, 5, 19, 2, 2), -1);
  recur_network network = recur_rnn(5, 19);
  network.cell.f = recur_activation_default((recur_activation_kind)(k - NETWORK_CASES));
  return network;
}

static uint64_t hash_of_matrices(const gsl_matrix *const *all, size_t count) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t m = 0; m < count; m++)
    for (size_t i = 0; all[m] != NULL && i < all[m]->size1; i++)
      for (size_t j = 0; j < all[m]->size2; j++) {
        const real_bits bits = bits_of_number(AT(all[m], i, j));
        hash = add_to_hash(hash, bits, sizeof bits);
      }
  return hash;
}

static uint64_t hash_of(const problem *q) {
  const gsl_matrix dtheta = as_column(q->dtheta);
  const gsl_matrix *const all[] = {q->y, q->hT, q->cT, q->dx, q->dh0, q->dc0, &dtheta, q->dh_norms};
  return hash_of_matrices(all, COUNT(all));
}

/* The seeds do not depend on RECUR_TEST_SEED. */
static uint64_t bits_of(size_t k, const char *set) {
  problem q;
  const recur_network network = bits_case(k);
  check_random_state = k;
  new_problem(&q, &network, 6, 5, 0);
  if (k >= NETWORK_CASES)
    randomize(q.x, 4);
  q.batch.lengths = k % 2 == 0 ? new_lengths(q.T, q.B) : NULL;
  q.batch.seed = check_random_bits();
  note(&q, set);
  run_both(&q);
  const uint64_t hash = hash_of(&q);
  end_problem(&q);
  return hash;
}

/* The index into network_bits.bits. */
enum { PRECISION = sizeof(rk_real) == sizeof(double) ? 0 : 1 };

static void print_table(const uint64_t *found) {
  for (size_t k = 0; k < BITS_CASES; k++) {
    uint64_t bits[2];
    memcpy(bits, network_bits[k].bits, sizeof bits);
    bits[PRECISION] = found[k];
    printf("    {\"%s\",\n     {UINT64_C(0x%016llx), UINT64_C(0x%016llx)}},\n",
           network_bits[k].name, (unsigned long long)bits[0], (unsigned long long)bits[1]);
  }
}

static void test_bits(const char *set) {
  uint64_t found[BITS_CASES];
  const size_t failed = check_failed;
  for (size_t k = 0; k < BITS_CASES; k++) {
    found[k] = bits_of(k, set);
    check_note("%s, %s: %#llx", network_bits[k].name, set, (unsigned long long)found[k]);
    CHECK(found[k] == network_bits[k].bits[PRECISION]);
  }
  if (check_failed > failed)
    print_table(found);
}

#ifdef RK_FLOAT
/* Inference with halves and 8-bit integers for a network of each cell, then with bfloat16. */
static recur_network stored_case(size_t k) {
  const recur_network networks[] = {recur_rnn(9, 256), recur_gru(9, 160), recur_lstm(9, 130)};
  recur_network network = networks[k < 6 ? k / 2 : k - 6];
  network.weight_storage = k >= 6       ? RECUR_STORAGE_BFLOAT16
                           : k % 2 == 0 ? RECUR_STORAGE_HALF
                                        : RECUR_STORAGE_INT8;
  return network;
}

static uint64_t stored_bits_of(size_t k, const char *set) {
  const recur_network network = stored_case(k);
  check_random_state = k;
  problem q = describe(&network, 6, 5);
  q.mode = RECUR_MODE_INFERENCE;
  randomize_arguments(&q);
  settle(&q);
  allocate(&q);
  note(&q, set);
  CHECK(forward(&q) == GSL_SUCCESS);
  const gsl_matrix *const all[] = {q.y, q.hT, q.cT};
  const uint64_t hash = hash_of_matrices(all, COUNT(all));
  end_problem(&q);
  return hash;
}

static void test_stored_bits(const char *set) {
  for (size_t k = 0; k < STORED_CASES; k++) {
    const uint64_t found = stored_bits_of(k, set);
    check_note("%s, %s: %#llx", stored_bits[k].name, set, (unsigned long long)found);
    CHECK(found == stored_bits[k].bits);
  }
}
#else
static void test_stored_bits(const char *set) {
  (void)set; /* other storage is for single precision */
}
#endif

int main(void) {
  static const char *const sets[] = {"avx512vnni", "avx512", "avx2", "neon", "portable"};
  check_begin();
  for (size_t s = 0; s < COUNT(sets); s++) {
    if (recur_set_instruction_set(sets[s]) != GSL_SUCCESS)
      continue;
    printf("%s\n", recur_instruction_set());
    test_bits(sets[s]);
    test_stored_bits(sets[s]);
  }
  return check_end();
}
