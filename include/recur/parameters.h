/* The parameters of a network: one vector of named slices; and the same in other systems' order and
   layout.

   Recur's own layout is torch's: of each layer l and direction d, layer by layer and forward before
   reverse, with the suffix "_l0", or "_l0_reverse",

     weight_ih        G*H x I        of layers above the first, G*H x D*P
     weight_hh        G*H x P
     bias_ih          G*H x 1
     bias_hh          G*H x 1        no biases where cell.bias is false
     weight_hr        P x H          with a projection
     weight_peephole  3 x H          with peepholes, i f o; coupled 2 x H, i o
     weight_ln_ih     G*H x 1        with layer normalisation, the gains of W_ih x
     weight_ln_hh     G*H x 1        and of W_hh h

   each row after row: so the vector of a torch.nn.LSTM is
   torch.cat([p.flatten() for p in lstm.parameters()]). Gates are r z n and i f g o, of a coupled
   LSTM i g o.

   The other layouts are those in which ONNX, Keras 3 and oneDNN keep their tensors, one after
   another; suffixes as above, but ONNX has both directions in one tensor:

     RECUR_LAYOUT_ONNX         gates i o f c, peepholes i o f; z r h
       W                  D*G*H x I
       R                  D*G*H x H
       B                  D x 2*G*H
       P                  D x 3*H
     RECUR_LAYOUT_KERAS        gates i f c o; z r h
       kernel             I x G*H
       recurrent_kernel   H x G*H
       bias               1 x G*H, reset after 2 x 3*H
     RECUR_LAYOUT_ONEDNN       gates i f c o, peepholes i f o; u r o
       weights_layer      I x G*H
       weights_iter       P x G*H
       bias               1 x G*H, reset after 1 x 4*H: u r o and b_hn
       weights_peephole   3 x H
       weights_projection H x P

   In ONNX a coupled LSTM too has four gates and three peepholes: f is written as 0 and not read.
   Where the other system has one bias, it becomes bias_ih, and bias_hh 0; the other way, their sum
   is written, which may round. Imported parameters that are exported again are bit-identical. What
   a layout has no place for (the residual cell; layer normalisation; in ONNX, a projection; in
   Keras, that, a coupled LSTM and peepholes; in oneDNN, a coupled LSTM) is GSL_EUNIMPL.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_PARAMETERS_H
#define RECUR_PARAMETERS_H

#include <recur/network.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  RECUR_LAYOUT_PYTORCH,
  RECUR_LAYOUT_ONNX,
  RECUR_LAYOUT_KERAS,
  RECUR_LAYOUT_ONEDNN
} recur_layout;

/* A named slice of the vector: a matrix of rows x columns, row after row, from offset on. */
typedef struct {
  char name[48]; /* "weight_ih_l0_reverse" */
  size_t rows, columns, offset;
} recur_parameter_slice;

/* How many slices a layout has, and how many elements all of them together. */
RECUR_MUST_USE int recur_parameters_count(const recur_network *network, recur_layout layout,
                                          size_t *slices, size_t *count);

/* Slice number k, from 0. */
RECUR_MUST_USE int recur_parameters_slice(const recur_network *network, recur_layout layout,
                                          size_t k, recur_parameter_slice *slice);

/* A view of the slice of that name in Recur's own layout. Only the owner of a theta that is not
   const may write through it. */
RECUR_MUST_USE int recur_parameters_view(const recur_network *network, const gsl_vector *theta,
                                         const char *name, gsl_matrix *slice);

/* From another system's layout, and to it. Vectors have stride 1. */
RECUR_MUST_USE int recur_parameters_import(const recur_network *network, recur_layout layout,
                                           const gsl_vector *foreign, gsl_vector *theta /* out */);
RECUR_MUST_USE int recur_parameters_export(const recur_network *network, recur_layout layout,
                                           const gsl_vector *theta, gsl_vector *foreign /* out */);

/* The same in single precision. */
RECUR_MUST_USE int recur_parameters_float_view(const recur_network *network,
                                               const gsl_vector_float *theta, const char *name,
                                               gsl_matrix_float *slice);
RECUR_MUST_USE int recur_parameters_float_import(const recur_network *network, recur_layout layout,
                                                 const gsl_vector_float *foreign,
                                                 gsl_vector_float *theta);
RECUR_MUST_USE int recur_parameters_float_export(const recur_network *network, recur_layout layout,
                                                 const gsl_vector_float *theta,
                                                 gsl_vector_float *foreign);

#ifdef __cplusplus
}
#endif

#endif
