/* JSON objects of strings: see string_pairs.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "string_pairs.h"

#include <stdlib.h>
#include <string.h>

int rf_pairs_read(const rf_source *source, const char *what, json_t *object, const char *except,
                  recur_metadata *pairs, size_t *count) {
  const char *key;
  json_t *value;
  *count = 0;
  json_object_foreach(object, key, value) {
    if (!json_is_string(value))
      return rf_fail(source, GSL_EINVAL, "%s %s, which is not a string", what, RF_QUOTE(key));
    if (except == NULL || strcmp(key, except) != 0)
      pairs[(*count)++] = (recur_metadata){key, json_string_value(value)};
  }
  return GSL_SUCCESS;
}

static int check_key(const rf_source *source, const char *what, const json_t *object,
                     const char *key) {
  json_t *const string = rf_json_string(source, what, key);
  if (string == NULL)
    return recur_last_error()->status;
  json_decref(string);
  if (json_object_get(object, key) != NULL)
    return rf_fail(source, GSL_EINVAL, "%s %s is used twice", what, RF_QUOTE(key));
  return GSL_SUCCESS;
}

int rf_add(const rf_source *source, const char *what, json_t *object, const char *key,
           json_t *value) {
  if (value == NULL)
    return recur_last_error()->status;
  const int status = check_key(source, what, object, key);
  if (status != GSL_SUCCESS) {
    json_decref(value);
    return status;
  }
  if (json_object_set_new_nocheck(object, key, value) != 0)
    return rf_fail_memory(source, strlen(key));
  return GSL_SUCCESS;
}

static int compare_keys(const void *left, const void *right) {
  const recur_metadata *const a = *(const recur_metadata *const *)left,
                              *const b = *(const recur_metadata *const *)right;
  return strcmp(a->key, b->key);
}

int rf_pairs_add(const rf_source *source, const char *what, json_t *object,
                 const recur_metadata *pairs, size_t count) {
  const recur_metadata **const sorted = calloc(count + 1, sizeof *sorted);
  if (sorted == NULL)
    return rf_fail_memory(source, count * sizeof *sorted);
  int status = GSL_SUCCESS;
  for (size_t k = 0; k < count && status == GSL_SUCCESS; k++) {
    sorted[k] = &pairs[k];
    if (pairs[k].key == NULL || pairs[k].value == NULL)
      status = rf_fail(source, GSL_EFAULT, "%s [%zu] has no key or no value", what, k);
  }
  if (status == GSL_SUCCESS)
    qsort(sorted, count, sizeof *sorted, compare_keys);
  for (size_t k = 0; k < count && status == GSL_SUCCESS; k++)
    status = rf_add(source, what, object, sorted[k]->key,
                    rf_json_string(source, what, sorted[k]->value));
  free(sorted);
  return status;
}
