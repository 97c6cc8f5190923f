/* Structs as JSON objects: see fields.h.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "fields.h"

#include <recur/node.h>
#include <string.h>

/* Any struct of a model. */
typedef union {
  recur_node node;
  recur_network network;
  recur_convolution convolution;
  recur_activation activation;
} any;

static bool has(const rf_field *field, unsigned kind) {
  return field->kinds >> kind & 1;
}

/* An enumeration, in its own type. */
static unsigned get_choice(const void *value) {
  unsigned choice;
  memcpy(&choice, value, sizeof choice);
  return choice;
}

/* Reading */

/* Refuses the node or the object within it: its name, or a key in quotes, may follow the reason. */
static int refuse(const rf_place *place, const char *key, const char *reason, const char *name) {
  const bool within = place->within != NULL, given = key != NULL;
  return rf_fail(place->source, GSL_EINVAL, "%s: nodes [%zu] (%s)%s%s%s%s %s%s", place->what,
                 place->node, RF_QUOTE(place->name), within ? " " : "", within ? place->within : "",
                 given ? " " : "", given ? key : "", reason, name == NULL ? "" : RF_QUOTE(name));
}

static int read_choice(const rf_place *place, const rf_field *field, const json_t *json,
                       void *value) {
  const char *const name = json_string_value(json);
  if (name == NULL)
    return refuse(place, field->key, "is not a string", NULL);
  for (unsigned choice = 0; choice < field->most; choice++)
    if (strcmp(name, field->names[choice]) == 0) {
      memcpy(value, &choice, sizeof choice);
      return GSL_SUCCESS;
    }
  return refuse(place, field->key, "is the unknown ", name);
}

static int read_names(const rf_place *place, const rf_field *field, const json_t *json,
                      const char **names) {
  if (!json_is_array(json) || json_array_size(json) > field->most)
    return refuse(place, field->key, "is not an array of at most 8 strings", NULL);
  for (size_t k = 0; k < json_array_size(json); k++) {
    names[k] = json_string_value(json_array_get(json, k));
    if (names[k] == NULL)
      return refuse(place, field->key, "is not an array of at most 8 strings", NULL);
  }
  return GSL_SUCCESS;
}

static int read_object(const rf_place *place, const rf_field *field, const json_t *json,
                       void *value) {
  rf_place within = *place;
  within.within = field->key;
  return rf_read(&within, field->object, json, value);
}

static int read_value(const rf_place *place, const rf_field *field, const json_t *json,
                      void *value) {
  switch (field->type) {
  case RF_NAME:
    *(const char **)value = json_string_value(json);
    return json_is_string(json) ? GSL_SUCCESS : refuse(place, field->key, "is not a string", NULL);
  case RF_NAMES:
    return read_names(place, field, json, value);
  case RF_SIZE:
    *(size_t *)value = (size_t)json_integer_value(json);
    return json_is_integer(json) && json_integer_value(json) >= 0
               ? GSL_SUCCESS
               : refuse(place, field->key, "is not an integer of at least 0", NULL);
  case RF_FLAG:
    *(bool *)value = json_is_true(json);
    return json_is_boolean(json) ? GSL_SUCCESS
                                 : refuse(place, field->key, "is not true or false", NULL);
  case RF_DIRECTIONS:
    *(size_t *)value = json_is_true(json) ? 2 : 1;
    return json_is_boolean(json) ? GSL_SUCCESS
                                 : refuse(place, field->key, "is not true or false", NULL);
  case RF_NUMBER:
    *(double *)value = json_number_value(json);
    return json_is_number(json) ? GSL_SUCCESS : refuse(place, field->key, "is not a number", NULL);
  case RF_CHOICE:
    return read_choice(place, field, json, value);
  case RF_OBJECT:
    return read_object(place, field, json, value);
  }
  __builtin_trap();
}

static const rf_field *find(const rf_struct *type, const char *key) {
  for (size_t k = 0; k < type->count; k++)
    if (strcmp(type->fields[k].key, key) == 0)
      return &type->fields[k];
  return NULL;
}

/* Every key must be that of a field that the kind has. */
static int check_keys(const rf_place *place, const rf_struct *type, const json_t *json,
                      unsigned kind) {
  for (void *at = json_object_iter((json_t *)json); at != NULL;
       at = json_object_iter_next((json_t *)json, at)) {
    const char *const key = json_object_iter_key(at);
    const rf_field *const field = find(type, key);
    if (field == NULL)
      return refuse(place, NULL, "has the unknown key ", key);
    if (!has(field, kind))
      return refuse(place, key, "is set, but its kind has no such key", NULL);
  }
  return GSL_SUCCESS;
}

static int read_fields(const rf_place *place, const rf_struct *type, const json_t *json,
                       unsigned kind, void *object) {
  RF_TRY(check_keys(place, type, json, kind));
  type->set_defaults(object, kind);
  for (size_t k = 0; k < type->count; k++) {
    const rf_field *const field = &type->fields[k];
    const json_t *const value = json_object_get(json, field->key);
    if (k == type->kind)
      continue;
    if (value != NULL)
      RF_TRY(read_value(place, field, value, (char *)object + field->offset));
    else if (field->required && has(field, kind))
      return refuse(place, field->key, "is missing", NULL);
  }
  return GSL_SUCCESS;
}

int rf_read(const rf_place *place, const rf_struct *type, const json_t *json, void *object) {
  const rf_field *const field = &type->fields[type->kind];
  const bool is_string = type->may_be_string && json_is_string(json);
  unsigned kind = 0;
  if (!is_string && !json_is_object(json))
    return refuse(place, NULL, "is not an object", NULL);
  const json_t *const name = is_string ? json : json_object_get(json, field->key);
  if (name == NULL)
    return refuse(place, field->key, "is missing", NULL);
  RF_TRY(read_choice(place, field, name, &kind));
  return read_fields(place, type, json, kind, object);
}

/* Writing */

static json_t *write_names(const rf_field *field, const char *const *names) {
  json_t *const array = json_array();
  for (size_t k = 0; k < field->most && names[k] != NULL; k++)
    if (json_array_append_new(array, json_string(names[k])) != 0) {
      json_decref(array);
      return NULL;
    }
  return array;
}

static json_t *write_value(const rf_field *field, const void *value) {
  switch (field->type) {
  case RF_NAME:
    return json_string(*(const char *const *)value);
  case RF_NAMES:
    return write_names(field, value);
  case RF_SIZE:
    return json_integer((json_int_t) * (const size_t *)value);
  case RF_FLAG:
    return json_boolean(*(const bool *)value);
  case RF_DIRECTIONS:
    return json_boolean(*(const size_t *)value == 2);
  case RF_NUMBER:
    return json_real(*(const double *)value);
  case RF_CHOICE:
    return json_string(field->names[get_choice(value)]);
  case RF_OBJECT:
    return rf_write_object(field->object, value);
  }
  __builtin_trap();
}

/* Adds a field to an object unless it has the default value. Returns false if memory runs out. */
static bool write_field(json_t *json, const rf_field *field, const char *object,
                        const char *defaults) {
  json_t *const value = write_value(field, object + field->offset);
  if (value == NULL)
    return false;
  if (!field->required) {
    json_t *const usual = write_value(field, defaults + field->offset);
    const bool same = json_equal(value, usual);
    json_decref(usual);
    if (same || usual == NULL) {
      json_decref(value);
      return same;
    }
  }
  return json_object_set_new(json, field->key, value) == 0;
}

json_t *rf_write_object(const rf_struct *type, const void *object) {
  const rf_field *const selector = &type->fields[type->kind];
  const unsigned kind = get_choice((const char *)object + selector->offset);
  json_t *const json = json_object();
  any defaults;
  type->set_defaults(&defaults, kind);
  bool written = json != NULL;
  for (size_t k = 0; k < type->count && written; k++)
    if (has(&type->fields[k], kind))
      written = write_field(json, &type->fields[k], object, (const char *)&defaults);
  json_t *result = written ? json_incref(json) : NULL;
  if (written && type->may_be_string && json_object_size(json) == 1) {
    json_decref(result);
    result = json_incref(json_object_get(json, selector->key));
  }
  json_decref(json);
  return result;
}
