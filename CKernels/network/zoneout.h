/* Zoneout of one of the states, h or c: what stands around a step of the cell. Without a chance,
   nothing is done.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/precision.h"
#include "network/mask.h"

#include <gsl/gsl_matrix.h>

typedef struct {
  double chance;
  rk_mask_purpose purpose;
  MATRIX past; /* training: B x P or H, the gradient that goes past the cell */
} KERNEL(zoneout, of);

/* After the cell's forward: state = d o before + (1 - d) o state, where d is drawn, or its
   expectation. ld is l*D + d. */
void KERNEL(zoneout, mix)(const KERNEL(zoneout, of) * z, const rk_batch *batch, bool drawn,
                          size_t ld, size_t t, const MATRIX *before, MATRIX *state);

/* Before the cell's backward: past = d o dstate, dstate = (1 - d) o dstate; and after it:
   dstate += past. */
void KERNEL(zoneout, split)(const KERNEL(zoneout, of) * z, const rk_batch *batch, size_t ld,
                            size_t t, MATRIX *dstate);
void KERNEL(zoneout, join)(const KERNEL(zoneout, of) * z, const rk_batch *batch, MATRIX *dstate);
