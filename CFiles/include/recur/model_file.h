/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * Files of models (recur/model.h): the graph as JSON, and the parameters as tensors.
 *
 *     recur_model_file *file = recur_model_file_open("amp.safetensors");
 *     const recur_model *model = recur_model_file_model(file);
 *     ... allocate theta with recur_model_parameters_count() ...
 *     int status = recur_model_file_read(file, theta);
 *
 * A model file is a safetensors file (recur/safetensors.h) with a checksum, these strings, and one
 * tensor for each slice of the parameters:
 *
 *     recur.kind     model
 *     recur.version  2
 *     recur.model    the graph, as JSON
 *     recur.info     the caller's strings, as JSON; may be missing
 *
 * A tensor has the name of its slice, one of the types F64, F32, F16 and BF16, and PyTorch's shape:
 * rows x columns; one dimension for biases and for the weights of normalizations, PRELU and SCALE;
 * `O x C/g x K` for the weight of a convolution. When a file is read, any slice of one column may
 * have one dimension or two.
 *
 * A network with compressed weights (recur/weight_storage.h) is written with its matrices as
 * inference stores them: with the weightStorage "half" as F16, with "bfloat16" as BF16, and with
 * "int8" as I8 and an F32 tensor NAME.scale. An element of row i is the integer times element i of
 * the scale. Files in which these matrices are F64, F32, F16 or BF16 are read as well.
 *
 * The graph is an object with an array of nodes, in the order of the model:
 *
 *     {"nodes":[
 *     {"name":"x","kind":"features","size":1},
 *     {"name":"lstm","kind":"network","from":["x"],
 *      "network":{"cell":"lstm","inputSize":1,"hiddenSize":40}},
 *     {"name":"head","kind":"dense","from":["lstm"],"size":1},
 *     {"name":"y","kind":"add","from":["head","x"],"output":true}]}
 *
 * The keys are the fields of recur_node, and the kinds those of recur_node_kind, in camel case. A
 * key whose value is the default may be missing: true for the bias of dense layers and
 * convolutions, false for other flags, and these values in its parts:
 *
 *     convolution  axis ("steps" or "positions"), outputSize, kernelSize;
 *                  stride, dilation, groups (1); before, after (0);
 *                  padding ("zeros", "reflect" or "replicate"; "zeros")
 *     network      cell ("simple", "residual", "gru" or "lstm"), hiddenSize;
 *                  inputSize (that of the source); layers (1);
 *                  bidirectional (false); bias (true); activation,
 *                  candidateActivation, outputActivation (those of the
 *                  cell's constructor);
 *                  gateClamp (0); reset ("afterProduct" or
 *                  "beforeProduct"; "afterProduct"); layerNormalization,
 *                  peepholes, coupledGates (false); projectionSize,
 *                  cellClamp, dropout, recurrentDropout, zoneout,
 *                  cellZoneout (0); weightStorage ("full", "half",
 *                  "bfloat16" or "int8"; "full")
 *     activation   "tanh", "sigmoid", "relu", "identity", "softsign",
 *                  "softplus", "silu"; or an object with a kind and its
 *                  constants: affine alpha beta, leakyRelu alpha,
 *                  thresholdedRelu alpha, scaledTanh alpha beta,
 *                  hardSigmoid alpha beta, elu alpha, hardTanh min max
 *
 * A key that is unknown or that the kind of node or cell does not have, and a value of the wrong
 * type, are errors.
 */

#ifndef RECUR_MODEL_FILE_H
#define RECUR_MODEL_FILE_H

#include <recur/model.h>
#include <recur/safetensors.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Creates a model from JSON.
 *
 * @param text    the graph
 * @param length  the number of bytes of the text
 * @return the model, to be freed with recur_model_free(); NULL, with the reason in
 *   recur_last_error(), if the text is not such JSON, if recur_model_alloc() refuses the nodes, or
 *   if there is not enough memory.
 */
RECUR_MUST_USE recur_model *recur_model_from_json(const char *text, size_t length);

/** Writes a model as JSON, on one line and without values that are the default.
 *
 * @param model  the model
 * @param text   output: the graph, to be freed with free()
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_ENOMEM if there is not enough memory.
 */
RECUR_MUST_USE int recur_model_to_json(const recur_model *model, char **text);

/** An open model file: the model, and its parameters, which are checked but not read. */
typedef struct recur_model_file recur_model_file;

/** Opens a model file and checks all of it: the checksum, the graph, the name, type and shape of
 * every tensor, and that all parameters are finite.
 *
 * Apart from the nodes, 5 MiB at most, the memory is limited by the size of the file's header.
 *
 * @param path  the path of a regular file
 * @return the file, to be closed with recur_model_file_close(); NULL, with the reason in
 *   recur_last_error(): the errors of recur_safetensors_open() and recur_model_from_json();
 *   GSL_EINVAL if the file is of another kind or version, or if a tensor is missing, left over, of
 *   the wrong type or shape, or not finite.
 */
RECUR_MUST_USE recur_model_file *recur_model_file_open(const char *path);

/** Opens a model file whose bytes are in memory.
 *
 * @param file  the bytes, which must not change until the file is closed
 * @param size  their number
 * @return as recur_model_file_open().
 */
RECUR_MUST_USE recur_model_file *recur_model_file_from_memory(const void *file, size_t size);

/** Closes a model file. Its model becomes invalid.
 *
 * @param file  the file, or NULL
 */
void recur_model_file_close(recur_model_file *file);

/** Returns the model of a file.
 *
 * @param file  the file, or NULL
 * @return the model, which the file owns; NULL for NULL.
 */
const recur_model *recur_model_file_model(const recur_model_file *file);

/** Returns the number of the caller's strings.
 *
 * @param file  the file, or NULL
 * @return the number; 0 for NULL.
 */
size_t recur_model_file_info_count(const recur_model_file *file);

/** Returns one of the caller's strings by number.
 *
 * @param file  the file, or NULL
 * @param k     the number of the string, in the order of the file
 * @return the string with its key, which the file owns; NULL if file is NULL or k is out of range.
 */
const recur_metadata *recur_model_file_info(const recur_model_file *file, size_t k);

/** Reads the parameters. They are exact: F32, F16 and BF16 are widened.
 *
 * @param file   the file
 * @param theta  output: all parameters of the model; stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if its stride is not 1.
 */
RECUR_MUST_USE int recur_model_file_read(const recur_model_file *file, gsl_vector *theta);

/** Single-precision twin of recur_model_file_read(). A tensor of type F64 is also GSL_EINVAL. */
RECUR_MUST_USE int recur_model_file_float_read(const recur_model_file *file,
                                               gsl_vector_float *theta);

/** Writes a model file as recur_safetensors_write() does.
 *
 * @param path   the path; an existing regular file is replaced
 * @param model  the model
 * @param theta  all parameters, which must be finite; stride 1
 * @param info   strings to store with the model, with distinct keys; NULL if there are none
 * @param count  the number of these strings
 * @return the errors of recur_safetensors_write(); GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if its stride is not 1 or a parameter is not finite; GSL_EUNIMPL if a network has
 *   compressed weights, which only single precision supports.
 */
RECUR_MUST_USE int recur_model_file_write(const char *path, const recur_model *model,
                                          const gsl_vector *theta, const recur_metadata *info,
                                          size_t count);

/** Single-precision twin of recur_model_file_write(). Compressed weights are rounded as
 * recur_parameters_float_round() does; its errors are those of this function, too. */
RECUR_MUST_USE int recur_model_file_float_write(const char *path, const recur_model *model,
                                                const gsl_vector_float *theta,
                                                const recur_metadata *info, size_t count);

#ifdef __cplusplus
}
#endif

#endif
