/* Models as JSON: see recur/model_file.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_GRAPH_JSON_H
#define RF_GRAPH_JSON_H

#include "failure.h"

#include <recur/model.h>

/* Creates a model from a text in the file of a source; NULL after a failure. `what` precedes the
   reason. */
recur_model *rf_model_from_json(const rf_source *source, const char *what, const char *text,
                                size_t length);

/* Returns the text of a model, to be freed with free(); NULL if there is not enough memory. */
char *rf_model_to_json(const recur_model *model);

#endif
