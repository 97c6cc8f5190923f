/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The format of a file, recognized by its first bytes.
 *
 * A reader that is given a file of another format names that format:
 *
 *     const recur_file_format format = recur_file_format_of(bytes, size);
 *     printf("the file is %s\n", recur_file_format_name(format));
 */

#ifndef RECUR_FILE_FORMAT_H
#define RECUR_FILE_FORMAT_H

#include <recur/attributes.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The formats of models, tensors and recordings that are recognized. */
typedef enum {
  RECUR_FILE_UNKNOWN,     /**< Any other bytes, also text such as CSV. */
  RECUR_FILE_SAFETENSORS, /**< Tensors, a Recur model or a checkpoint. */
  RECUR_FILE_ONNX,        /**< An ONNX model. */
  RECUR_FILE_JSON,        /**< A JSON object or array. */
  RECUR_FILE_RNNN,        /**< A model of RNNoise, as text. */
  RECUR_FILE_NPY,         /**< An array of NumPy. */
  RECUR_FILE_NPZ,         /**< A ZIP archive of NumPy's arrays. */
  RECUR_FILE_PYTORCH,     /**< A ZIP archive that torch.save() wrote. */
  RECUR_FILE_KERAS,       /**< A ZIP archive that Keras's save() wrote. */
  RECUR_FILE_ZIP,         /**< Any other ZIP archive. */
  RECUR_FILE_HDF5,        /**< HDF5, such as Keras's weights. */
  RECUR_FILE_PICKLE,      /**< Pickled Python objects. */
  RECUR_FILE_TFLITE,      /**< A model of TensorFlow Lite (LiteRT). */
  RECUR_FILE_WAV,         /**< A WAV recording. */
  RECUR_FILE_FLAC,        /**< A FLAC recording. */
  RECUR_FILE_OGG,         /**< A recording in an Ogg container. */
  RECUR_FILE_GZIP,        /**< A file that gzip compressed. */
  RECUR_FILE_FORMATS      /**< The number of formats. */
} recur_file_format;

/** Returns the format of a file.
 *
 * @param bytes  the beginning of the file; 128 bytes tell every format; may be NULL if size is 0
 * @param size   their number
 * @return the format; RECUR_FILE_UNKNOWN if the bytes have none of the known beginnings.
 */
recur_file_format recur_file_format_of(const void *bytes, size_t size);

/** Returns the name of a format in messages.
 *
 * @param format  the format
 * @return the name with its article, such as "an ONNX model"; NULL if there is no such format.
 */
const char *recur_file_format_name(recur_file_format format);

#ifdef __cplusplus
}
#endif

#endif
