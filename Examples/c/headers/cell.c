/* recur/cell.h: the options of an LSTM cell.

   Copyright (C) 2026 The Recur authors.
   SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/cell.h>
#include <recur/error.h>
#include <recur/lstm.h>
#include <stdio.h>

int main(void) {
  recur_network network = recur_lstm(8, 16);
  network.cell.peepholes = true;
  network.cell.projection_size = 4;
  network.cell.g = recur_activation_default(RECUR_ACTIVATION_SOFTSIGN);
  recur_network_sizes sizes;
  if (recur_network_measure(&network, &sizes) == GSL_SUCCESS)
    printf("%zu gates, h has %zu elements\n", sizes.gates,
           sizes.state_size);

  network.cell.reset = RECUR_RESET_BEFORE; /* an option of GRUs */
  if (recur_network_measure(&network, &sizes) != GSL_SUCCESS)
    printf("refused: %s\n", recur_last_error()->argument);
}

/* prints:
4 gates, h has 4 elements
refused: network->cell.reset
*/
