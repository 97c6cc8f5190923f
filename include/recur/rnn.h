/* The simple recurrent network (Elman): one layer, one direction.

     z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh
     h_t = phi(z_t)                                        phi is tanh or relu

   and its gradients, with dz_t = dL/dz_t (the derivation is in the documentation, and as
   equations 6.34-6.41 in Qiu, Neural Networks and Deep Learning, chapter 6):

     dz_t     = (dh_t + W_hh^T dz_{t+1}) o phi'(z_t)       dh_t: what the loss gives directly
     dx_t     = W_ih^T dz_t          dh_0  = W_hh^T dz_1
     dW_ih   += sum_t dz_t x_t^T     db_ih += sum_t dz_t
     dW_hh   += sum_t dz_t h_{t-1}^T db_hh += sum_t dz_t

   T time steps, B sequences in the batch, I input features, H hidden units. Examples are rows: a
   sequence is one matrix of T*B rows, and step t is its rows t*B ... t*B + B - 1. Any tda is right.
   T = 0 copies the initial state to the final one; B = 0 has nothing to compute; I and H are at
   least 1. Gradients of parameters are added to what is there, other outputs are overwritten.

   A state that comes in and the same state that goes out (h_prev and h, h0 and hT, dh and dh_prev,
   dhT and dh0) may be one matrix; an output that overlaps any other argument is an error. Matrices
   of one tda may interleave; of different tda, they overlap where their ranges of memory meet.
   A workspace serves one call at a time; the functions allocate nothing.
   A view without data (its pointer NULL) in recur_rnn_parameters means: among parameters, no bias
   (weights must be there); among gradients, one that is not wanted.

   Other names: torch.nn.RNN, keras.layers.SimpleRNN (weights transposed, one bias), ONNX RNN.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef RECUR_RNN_H
#define RECUR_RNN_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <recur/activation.h>
#include <recur/pass.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parameters, or their gradients: views that own nothing. */
typedef struct {
  gsl_matrix weight_ih; /* H x I */
  gsl_matrix weight_hh; /* H x H */
  gsl_vector bias_ih;   /* H */
  gsl_vector bias_hh;   /* H */
} recur_rnn_parameters;

/* How many numbers they are: H*I + H*H + 2*H. */
int recur_rnn_parameters_size(size_t I, size_t H, size_t *count);

/* Views into one contiguous vector of that many, in the order of the struct (stride 1). */
int recur_rnn_parameters_view(gsl_vector *theta, size_t I, size_t H, recur_rnn_parameters *p);

/* Scratch for sequences of exactly T x B x I x H, and for single steps of B x I x H.
   The size is in bytes; training keeps T*B*H numbers (of one step at least) more than inference. */
typedef struct recur_rnn_workspace recur_rnn_workspace;
int recur_rnn_workspace_size(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                             recur_pass pass, size_t *bytes);
recur_rnn_workspace *recur_rnn_alloc(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                                     recur_pass pass);
void recur_rnn_free(recur_rnn_workspace *w);

/* One step. */
int recur_rnn_step_forward(const recur_rnn_parameters *p, const gsl_matrix *x, /* B x I */
                           const gsl_matrix *h_prev, /* B x H, or NULL: zero */
                           gsl_matrix *h,            /* out: B x H */
                           recur_rnn_workspace *w);

int recur_rnn_step_backward(const recur_rnn_parameters *p, const gsl_matrix *x, /* B x I */
                            const gsl_matrix *h_prev,       /* B x H, or NULL: zero */
                            const gsl_matrix *h,            /* B x H, from forward */
                            const gsl_matrix *dh,           /* B x H */
                            gsl_matrix *dx,                 /* out: B x I, or NULL */
                            gsl_matrix *dh_prev,            /* out: B x H, or NULL */
                            const recur_rnn_parameters *dp, /* added to, or NULL */
                            recur_rnn_workspace *w);

/* The whole sequence. */
int recur_rnn_forward(const recur_rnn_parameters *p, const gsl_matrix *x, /* T*B x I */
                      const gsl_matrix *h0,                               /* B x H, or NULL: zero */
                      gsl_matrix *h,  /* out: T*B x H, every h_t */
                      gsl_matrix *hT, /* out: B x H, the last h_t, or NULL */
                      recur_rnn_workspace *w);

int recur_rnn_backward(const recur_rnn_parameters *p, const gsl_matrix *x, /* T*B x I */
                       const gsl_matrix *h0,           /* B x H, or NULL: zero */
                       const gsl_matrix *h,            /* T*B x H, from forward */
                       const gsl_matrix *dh,           /* T*B x H, or NULL: zero */
                       const gsl_matrix *dhT,          /* B x H, or NULL: zero */
                       gsl_matrix *dx,                 /* out: T*B x I, or NULL */
                       gsl_matrix *dh0,                /* out: B x H, or NULL */
                       const recur_rnn_parameters *dp, /* added to, or NULL */
                       gsl_matrix *dh_norms,           /* out: T x B, or NULL: the norm of the whole
                                                          gradient dL/dh_t of each step and sequence */
                       recur_rnn_workspace *w);

/* The error terms delta_{t,k} = dL_t/dz_k for all k <= t, where L_t is the loss at step t alone:

     delta_{t,t} = dL_t/dh_t o phi'(z_t)
     delta_{t,k} = W_hh^T delta_{t,k+1} o phi'(z_k)       (steps are counted from 0) */
int recur_rnn_error_terms(const recur_rnn_parameters *p,
                          const gsl_matrix *h,    /* T*B x H, from forward */
                          size_t t,               /* below T */
                          const gsl_matrix *dh_t, /* B x H, dL_t/dh_t */
                          gsl_matrix *delta,      /* out: (t+1)*B x H */
                          recur_rnn_workspace *w);

/* The same in single precision. */

typedef struct {
  gsl_matrix_float weight_ih;
  gsl_matrix_float weight_hh;
  gsl_vector_float bias_ih;
  gsl_vector_float bias_hh;
} recur_rnn_float_parameters;

int recur_rnn_float_parameters_size(size_t I, size_t H, size_t *count);
int recur_rnn_float_parameters_view(gsl_vector_float *theta, size_t I, size_t H,
                                    recur_rnn_float_parameters *p);

typedef struct recur_rnn_float_workspace recur_rnn_float_workspace;
int recur_rnn_float_workspace_size(size_t T, size_t B, size_t I, size_t H, recur_activation phi,
                                   recur_pass pass, size_t *bytes);
recur_rnn_float_workspace *recur_rnn_float_alloc(size_t T, size_t B, size_t I, size_t H,
                                                 recur_activation phi, recur_pass pass);
void recur_rnn_float_free(recur_rnn_float_workspace *w);

int recur_rnn_float_step_forward(const recur_rnn_float_parameters *p, const gsl_matrix_float *x,
                                 const gsl_matrix_float *h_prev, gsl_matrix_float *h,
                                 recur_rnn_float_workspace *w);
int recur_rnn_float_step_backward(const recur_rnn_float_parameters *p, const gsl_matrix_float *x,
                                  const gsl_matrix_float *h_prev, const gsl_matrix_float *h,
                                  const gsl_matrix_float *dh, gsl_matrix_float *dx,
                                  gsl_matrix_float *dh_prev, const recur_rnn_float_parameters *dp,
                                  recur_rnn_float_workspace *w);
int recur_rnn_float_forward(const recur_rnn_float_parameters *p, const gsl_matrix_float *x,
                            const gsl_matrix_float *h0, gsl_matrix_float *h, gsl_matrix_float *hT,
                            recur_rnn_float_workspace *w);
int recur_rnn_float_backward(const recur_rnn_float_parameters *p, const gsl_matrix_float *x,
                             const gsl_matrix_float *h0, const gsl_matrix_float *h,
                             const gsl_matrix_float *dh, const gsl_matrix_float *dhT,
                             gsl_matrix_float *dx, gsl_matrix_float *dh0,
                             const recur_rnn_float_parameters *dp, gsl_matrix_float *dh_norms,
                             recur_rnn_float_workspace *w);
int recur_rnn_float_error_terms(const recur_rnn_float_parameters *p, const gsl_matrix_float *h,
                                size_t t, const gsl_matrix_float *dh_t, gsl_matrix_float *delta,
                                recur_rnn_float_workspace *w);

#ifdef __cplusplus
}
#endif

#endif
