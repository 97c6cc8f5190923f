/* Prints the file that serves cblas_dgemm. Valid as C and as C++.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_cblas.h>
#include <recur/linear.h>
#include <recur/version.h>
#include <stdio.h>

int main(void) {
  double numbers[] = {1, 2, 3}, product = 0;
  gsl_vector_view theta = gsl_vector_view_array(numbers, 3);
  recur_linear_parameters p;
  Dl_info info;
  if (recur_linear_parameters_view(&theta.vector, 2, 1, &p) != GSL_SUCCESS)
    return 1;
  /* A program that calls it itself is bound to the first library that has it. */
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, 1, 1, 3, 1, numbers, 3, numbers, 3, 0,
              &product, 1);
  if (product != 14 || gsl_blas_dasum(&theta.vector) != 6)
    return 1;
  if (!dladdr(dlsym(RTLD_DEFAULT, "cblas_dgemm"), &info))
    return 1;
  printf("recur %s, cblas_dgemm from %s\n", recur_version(), info.dli_fname);
  return 0;
}
