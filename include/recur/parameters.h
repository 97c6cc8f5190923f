/* Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

/** @file
 * The parameters of a network: one vector of named slices, and its conversion from and to the
 * layouts of other systems.
 *
 * Recur's own layout is PyTorch's. It has the slices below for each layer and direction, layer by
 * layer and forward before reverse. Their names end in "_l0", or "_l0_reverse", where 0 is the
 * layer:
 *
 *     weight_ih        G*H x I        above the first layer G*H x D*P
 *     weight_hh        G*H x P
 *     bias_ih          G*H x 1        only if cell.bias is set
 *     bias_hh          G*H x 1        likewise
 *     weight_hr        P x H          with a projection
 *     weight_peephole  3 x H          peepholes, i f o; coupled 2 x H, i o
 *     weight_ln_ih     G*H x 1        layer normalization: gains of W_ih x
 *     weight_ln_hh     G*H x 1        likewise: gains of W_hh h
 *
 * Slices are stored row by row, so the vector of a torch.nn.LSTM is
 * `torch.cat([p.flatten() for p in lstm.parameters()])`. The gates of a GRU are r z n, those of an
 * LSTM i f g o, with coupled gates i g o.
 *
 * The other layouts are those in which ONNX, Keras 3 and oneDNN keep their tensors, one after
 * another. The suffixes are the same, except that one ONNX tensor has both directions:
 *
 *     RECUR_LAYOUT_ONNX         gates i o f c, peepholes i o f; z r h
 *       W                  D*G*H x I
 *       R                  D*G*H x H
 *       B                  D x 2*G*H
 *       P                  D x 3*H
 *     RECUR_LAYOUT_KERAS        gates i f c o; z r h
 *       kernel             I x G*H
 *       recurrent_kernel   H x G*H
 *       bias               1 x G*H, reset after 2 x 3*H
 *     RECUR_LAYOUT_ONEDNN       gates i f c o, peepholes i f o; u r o
 *       weights_layer      I x G*H
 *       weights_iter       P x G*H
 *       bias               1 x G*H, reset after 1 x 4*H: u r o and b_hn
 *       weights_peephole   3 x H
 *       weights_projection H x P
 *
 * - A coupled LSTM has four gates and three peepholes in ONNX, too: f is exported as 0 and ignored
 *   on import.
 * - If the other system has one bias, it is imported as bias_ih, and bias_hh is 0. On export, the
 *   sum of both is written, which may round.
 * - Parameters that are imported and exported again are bit-identical.
 * - GSL_EUNIMPL is returned for what a layout does not support: residual cells and layer
 *   normalization (all three systems); projections (ONNX, Keras); coupled LSTMs (Keras, oneDNN);
 *   peepholes (Keras).
 *
 * The functions allocate nothing and may be called from any thread.
 */

#ifndef RECUR_PARAMETERS_H
#define RECUR_PARAMETERS_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The order and the shapes in which a system keeps parameters. */
typedef enum {
  RECUR_LAYOUT_PYTORCH, /**< Recur's own layout, which is PyTorch's. */
  RECUR_LAYOUT_ONNX,    /**< The inputs of ONNX RNN, GRU and LSTM nodes. */
  RECUR_LAYOUT_KERAS,   /**< The weights of Keras 3 layers. */
  RECUR_LAYOUT_ONEDNN   /**< The weights of oneDNN primitives. */
} recur_layout;

/** A named slice of a parameter vector: a matrix that is stored row by row. */
typedef struct {
  char name[48];  /**< The name, such as "weight_ih_l0_reverse". */
  size_t rows;    /**< The number of rows. */
  size_t columns; /**< The number of columns. */
  size_t offset;  /**< The index of the first element in the vector. */
} recur_parameter_slice;

/** Computes the number of slices and elements of a parameter vector.
 *
 * @param network  the network
 * @param layout   the layout of the vector
 * @param slices   output: the number of slices
 * @param count    output: the number of elements of all slices, that is, of the vector
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EINVAL if the network or the layout
 *   is invalid; GSL_EUNIMPL if the layout does not support the network.
 */
RECUR_MUST_USE int recur_parameters_count(const recur_network *network, recur_layout layout,
                                          size_t *slices, size_t *count);

/** Describes one slice of a parameter vector.
 *
 * @param network  the network
 * @param layout   the layout of the vector
 * @param k        the index of the slice, from 0 to the number of slices - 1
 * @param slice    output: its name, shape and offset
 * @return GSL_SUCCESS; GSL_EFAULT if network or slice is NULL; GSL_EINVAL if the network, the
 *   layout or k is invalid; GSL_EUNIMPL if the layout does not support the network.
 */
RECUR_MUST_USE int recur_parameters_slice(const recur_network *network, recur_layout layout,
                                          size_t k, recur_parameter_slice *slice);

/** Creates a view of a slice by name, in Recur's own layout.
 *
 * The vector must outlive the view. Although theta is const, the view is writable: write through it
 * only if theta itself is writable.
 *
 * @param network  the network
 * @param theta    all parameters; stride 1
 * @param name     the name of the slice, such as "weight_hh_l0"
 * @param slice    output: the view
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if the network or the stride is invalid or there is no slice of that name.
 */
RECUR_MUST_USE int recur_parameters_view(const recur_network *network, const gsl_vector *theta,
                                         const char *name, gsl_matrix *slice);

/** Converts parameters from another system's layout to Recur's.
 *
 * @param network  the network
 * @param layout   the layout of foreign
 * @param foreign  all parameters in that layout; stride 1
 * @param theta    output: all parameters in Recur's layout; stride 1; must not overlap foreign
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if a vector has the wrong
 *   size; GSL_EINVAL if the network, the layout or a stride is invalid or the vectors overlap;
 *   GSL_EUNIMPL if the layout does not support the network.
 */
RECUR_MUST_USE int recur_parameters_import(const recur_network *network, recur_layout layout,
                                           const gsl_vector *foreign, gsl_vector *theta);

/** Converts parameters from Recur's layout to another system's.
 *
 * @param network  the network
 * @param layout   the layout of foreign
 * @param theta    all parameters in Recur's layout; stride 1
 * @param foreign  output: all parameters in that layout; stride 1; must not overlap theta
 * @return as recur_parameters_import().
 */
RECUR_MUST_USE int recur_parameters_export(const recur_network *network, recur_layout layout,
                                           const gsl_vector *theta, gsl_vector *foreign);

/** Rounds W_ih, W_hh and W_hr to the values that packed weights store (network->weight_storage).
 *
 * Packing rounds the parameters anyway; this function shows the values, for example to compare
 * results or to write a file. It changes nothing if the storage is RECUR_STORAGE_FULL.
 *
 * @param network  the network
 * @param theta    input and output: all parameters; stride 1
 * @return GSL_SUCCESS; GSL_EFAULT if an argument is NULL; GSL_EBADLEN if theta has the wrong size;
 *   GSL_EINVAL if the network or the stride is invalid or an element cannot be stored; GSL_EUNIMPL
 *   if the precision does not support the storage.
 */
RECUR_MUST_USE int recur_parameters_round(const recur_network *network, gsl_vector *theta);

/** Single-precision twin of recur_parameters_view(). */
RECUR_MUST_USE int recur_parameters_float_view(const recur_network *network,
                                               const gsl_vector_float *theta, const char *name,
                                               gsl_matrix_float *slice);

/** Single-precision twin of recur_parameters_import(). */
RECUR_MUST_USE int recur_parameters_float_import(const recur_network *network, recur_layout layout,
                                                 const gsl_vector_float *foreign,
                                                 gsl_vector_float *theta);

/** Single-precision twin of recur_parameters_export(). */
RECUR_MUST_USE int recur_parameters_float_export(const recur_network *network, recur_layout layout,
                                                 const gsl_vector_float *theta,
                                                 gsl_vector_float *foreign);

/** Single-precision twin of recur_parameters_round(). */
RECUR_MUST_USE int recur_parameters_float_round(const recur_network *network,
                                                gsl_vector_float *theta);

#ifdef __cplusplus
}
#endif

#endif
