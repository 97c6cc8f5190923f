/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Files of the safetensors format, which store named tensors and strings.
 *
 * PyTorch, NumPy, JAX and others read the same format (https://huggingface.co/docs/safetensors).
 * Link with librecurfiles: `pkg-config recur-files`.
 *
 *     recur_safetensors *file = recur_safetensors_open("weights.safetensors");
 *     const recur_tensor *w = recur_safetensors_find(file, "weight");
 *     gsl_vector *v = gsl_vector_alloc(w->elements);
 *     int status = recur_tensor_read(w, v);
 *
 * Reading is strict. A file that deviates from the format is refused, and recur_last_error() has
 * the reason: a header of more than 100,000,000 bytes or of anything but one JSON object with
 * spaces after it, a repeated name, an unknown type or field, more than 8 dimensions, a shape that
 * does not fit the bytes of the tensor, gaps or overlaps between tensors, or bytes after the last.
 * JSON may have one separator (comma, colon or opening bracket) for every 8 bytes of the file, plus
 * 8,000, and 32 nested objects and arrays. Names are compared byte by byte. Reading a header takes
 * at most 16 times its size in memory, plus 1 MiB.
 *
 * A file is mapped, not copied: its tensors are read from the disk when they are used. If another
 * process shortens the file in the meantime, the system ends the process with SIGBUS. Writers that
 * replace files, as recur_safetensors_write() does, do not affect an open file.
 *
 * A file that Recur wrote contains the string "recur.checksum": the CRC-32 of the whole file, with
 * its own eight digits taken as zeros. A file with a wrong checksum is refused. Files of other
 * programs have none.
 *
 * The functions may be called from any thread, and threads may share an open file.
 */

#ifndef RECUR_SAFETENSORS_H
#define RECUR_SAFETENSORS_H

#include <gsl/gsl_vector.h>
#include <recur/attributes.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The type of a tensor's elements, which are little-endian. */
typedef enum {
  RECUR_TENSOR_F64,  /**< double */
  RECUR_TENSOR_F32,  /**< float */
  RECUR_TENSOR_F16,  /**< IEEE 754 half precision. */
  RECUR_TENSOR_BF16, /**< The upper half of a float. */
  RECUR_TENSOR_I64,  /**< int64_t */
  RECUR_TENSOR_U64,  /**< uint64_t */
  RECUR_TENSOR_I32,  /**< int32_t */
  RECUR_TENSOR_U32,  /**< uint32_t */
  RECUR_TENSOR_I16,  /**< int16_t */
  RECUR_TENSOR_U16,  /**< uint16_t */
  RECUR_TENSOR_I8,   /**< int8_t */
  RECUR_TENSOR_U8,   /**< uint8_t */
  RECUR_TENSOR_BOOL, /**< One byte. */
  RECUR_TENSOR_TYPES /**< The number of types. */
} recur_tensor_type;

/** Returns the name of a type in files.
 *
 * @param type  the type
 * @return the name, such as "F32"; NULL if there is no such type.
 */
const char *recur_tensor_type_name(recur_tensor_type type);

enum {
  RECUR_TENSOR_RANK = 8 /**< The maximum number of dimensions. */
};

/** A tensor. */
typedef struct {
  const char *name;                /**< The name, in UTF-8; not empty. */
  recur_tensor_type type;          /**< The type of the elements. */
  size_t rank;                     /**< The number of dimensions; 0 for a single element. */
  size_t shape[RECUR_TENSOR_RANK]; /**< The dimensions; 0 after the first `rank`. */
  size_t elements;                 /**< The product of the dimensions. */
  size_t bytes;                    /**< The size of all elements. */
  const void *data;                /**< The elements, row-major; aligned to single bytes only. */
} recur_tensor;

/** A string that a file stores next to its tensors. */
typedef struct {
  const char *key;   /**< Its key, in UTF-8. */
  const char *value; /**< Its value, in UTF-8. */
} recur_metadata;

/** An open file. */
typedef struct recur_safetensors recur_safetensors;

/** Opens a file.
 *
 * @param path  the path of a regular file
 * @return the file, to be closed with recur_safetensors_close(); NULL, with the reason in
 *   recur_last_error(): GSL_EFAULT if path is NULL; GSL_EFAILED if the file cannot be read;
 *   GSL_EINVAL if it is not a regular file, not in the format, or altered; GSL_ENOMEM if there is
 *   not enough memory.
 */
RECUR_MUST_USE recur_safetensors *recur_safetensors_open(const char *path);

/** Opens a file whose bytes are in memory, for example in the program itself.
 *
 * @param file  the bytes, which must not change until the file is closed
 * @param size  their number
 * @return as recur_safetensors_open().
 */
RECUR_MUST_USE recur_safetensors *recur_safetensors_from_memory(const void *file, size_t size);

/** Closes a file. Its tensors and strings become invalid.
 *
 * @param file  the file, or NULL
 */
void recur_safetensors_close(recur_safetensors *file);

/** Returns the number of tensors.
 *
 * @param file  the file, or NULL
 * @return the number; 0 for NULL.
 */
size_t recur_safetensors_count(const recur_safetensors *file);

/** Returns a tensor by number.
 *
 * @param file  the file, or NULL
 * @param k     the number of the tensor, in the order of the data
 * @return the tensor, which the file owns; NULL if file is NULL or k is out of range.
 */
const recur_tensor *recur_safetensors_tensor(const recur_safetensors *file, size_t k);

/** Returns a tensor by name.
 *
 * @param file  the file, or NULL
 * @param name  the name, or NULL
 * @return the tensor, which the file owns; NULL if there is none of that name.
 */
const recur_tensor *recur_safetensors_find(const recur_safetensors *file, const char *name);

/** Returns the number of strings, without the checksum.
 *
 * @param file  the file, or NULL
 * @return the number; 0 for NULL.
 */
size_t recur_safetensors_metadata_count(const recur_safetensors *file);

/** Returns a string by number.
 *
 * @param file  the file, or NULL
 * @param k     the number of the string, in the order of the file
 * @return the string with its key, which the file owns; NULL if file is NULL or k is out of range.
 */
const recur_metadata *recur_safetensors_metadata(const recur_safetensors *file, size_t k);

/** Returns a string by key.
 *
 * @param file  the file, or NULL
 * @param key   the key, or NULL
 * @return the value, which the file owns; NULL if there is none.
 */
const char *recur_safetensors_string(const recur_safetensors *file, const char *key);

/** Returns whether a file has a checksum, which matched when the file was opened.
 *
 * @param file  the file, or NULL
 * @return true if it has; false for NULL.
 */
bool recur_safetensors_is_verified(const recur_safetensors *file);

/** Reads the elements of a tensor, which may be F64, F32, F16 or BF16: all of their values are
 * exact in double precision.
 *
 * @param tensor  the tensor
 * @param v       output: its elements, row-major; stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if v has the wrong size;
 *   GSL_EINVAL if the stride is not 1 or the tensor has another type.
 */
RECUR_MUST_USE int recur_tensor_read(const recur_tensor *tensor, gsl_vector *v);

/** Single-precision twin of recur_tensor_read(). The tensor may be F32, F16 or BF16. */
RECUR_MUST_USE int recur_tensor_float_read(const recur_tensor *tensor, gsl_vector_float *v);

/** Writes a file with a checksum. If the process is killed, the system stops or the disk is full,
 * either the old file or the new file remains.
 *
 * The bytes are written to the file .NAME.partial in the same folder, which is renamed once they
 * are on the disk. Writers of the same file wait for each other.
 *
 * @param path      the path; an existing regular file is replaced
 * @param tensors   the tensors, in the order of the file, with distinct names; their fields
 *   `elements` and `bytes` are computed from the shape, and those given are ignored
 * @param count     the number of tensors
 * @param metadata  the strings, in any order, with distinct keys; NULL if there are none
 * @param pairs     the number of strings
 * @return GSL_SUCCESS; GSL_EFAULT if a pointer is NULL; GSL_EINVAL if the format does not allow a
 *   tensor or a string, or the file is not regular; GSL_EFAILED if the file cannot be written;
 *   GSL_ENOMEM if there is not enough memory.
 */
RECUR_MUST_USE int recur_safetensors_write(const char *path, const recur_tensor *tensors,
                                           size_t count, const recur_metadata *metadata,
                                           size_t pairs);

#ifdef __cplusplus
}
#endif

#endif
