/* Activations, and descriptions of networks with their options.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef OPTIONS_H
#define OPTIONS_H

#include "reader.h"

#include <recur/gru.h>
#include <recur/lstm.h>
#include <recur/residual.h>
#include <recur/rnn.h>

/* Mostly valid: the usual constants, rarely others. */
static inline recur_activation take_activation(reader *r) {
  const unsigned byte = take_byte(r);
  recur_activation phi =
      recur_activation_default((recur_activation_kind)(byte % RECUR_ACTIVATION_KINDS));
  if (byte < 192)
    return phi;
  phi.alpha = take_option(r);
  phi.beta = take_option(r);
  if (take_rarely(r, 16))
    phi.kind = (recur_activation_kind)take_byte(r);
  return phi;
}

#endif
