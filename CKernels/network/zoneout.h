/* Zoneout of one of the states, h or c, before and after a step of the cell. With probability 0,
   the functions do nothing.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RK_ZONEOUT_H
#define RK_ZONEOUT_H

#include "base/precision.h"
#include "network/mask.h"

#include <gsl/gsl_matrix.h>

typedef struct {
  double probability;
  rk_mask_purpose purpose;
  gsl_matrix past; /* training: B x P or H, the gradient that bypasses the cell */
} rk_zoneout;

/* After the cell's forward step: state = d o before + (1 - d) o state, where d is the mask if
   `drawn`, otherwise its expectation. ld is the index of a layer and direction. */
void rk_zoneout_mix(const rk_zoneout *z, const rk_batch *batch, bool drawn, size_t ld, size_t t,
                    const gsl_matrix *before, gsl_matrix *state);

/* Before the cell's backward step: past = d o dstate, dstate = (1 - d) o dstate. After it:
   dstate += past. */
void rk_zoneout_split(const rk_zoneout *z, const rk_batch *batch, size_t ld, size_t t,
                      gsl_matrix *dstate);
void rk_zoneout_join(const rk_zoneout *z, const rk_batch *batch, gsl_matrix *dstate);

#endif
