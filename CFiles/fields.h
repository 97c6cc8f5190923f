/* Structs as JSON objects: one table of fields for reading and for writing.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RF_FIELDS_H
#define RF_FIELDS_H

#include "failure.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The types of fields, and of their values in JSON. */
typedef enum {
  RF_NAME,       /* const char *: a string */
  RF_NAMES,      /* const char *[most], NULL after the last: an array of strings */
  RF_SIZE,       /* size_t: an integer */
  RF_FLAG,       /* bool */
  RF_DIRECTIONS, /* size_t, 1 or 2: whether it is 2 */
  RF_NUMBER,     /* double */
  RF_CHOICE,     /* an enumeration: a string */
  RF_OBJECT      /* a struct: an object, or a string if the type permits one */
} rf_field_type;

typedef struct rf_struct rf_struct;

typedef struct {
  const char *key;
  rf_field_type type;
  bool required;            /* written even if it has its default value */
  size_t offset;            /* within the struct */
  uint32_t kinds;           /* bits: the kinds of the struct that have this field */
  size_t most;              /* RF_NAMES, RF_CHOICE: the number of elements or names */
  const char *const *names; /* RF_CHOICE */
  const rf_struct *object;  /* RF_OBJECT */
} rf_field;

struct rf_struct {
  const rf_field *fields;
  size_t count;
  size_t kind;        /* the number of the field, an RF_CHOICE, that selects other fields */
  bool may_be_string; /* the name of the kind stands for an object without other fields */
  void (*set_defaults)(void *object, unsigned kind); /* and the kind */
};

/* What a message begins with. */
typedef struct {
  const rf_source *source;
  const char *what; /* the text */
  size_t node;
  const char *name;   /* of the node */
  const char *within; /* the key of an object within the node, or NULL */
} rf_place;

/* Reads an object. Strings belong to the JSON. */
int rf_read(const rf_place *place, const rf_struct *type, const json_t *json, void *object);

/* Returns an object as JSON, without default values; NULL if there is not enough memory. */
json_t *rf_write_object(const rf_struct *type, const void *object);

#endif
