/* Which library serves the matrix products: GSL brings a reference CBLAS, which is slow and would
   be taken silently.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE
#include "check.h"

#include <dlfcn.h>
#include <gsl/gsl_cblas.h>
#include <recur/linear.h>

/* The file that an address was loaded from. */
static const char *library_of(void *address) {
  Dl_info info;
  return dladdr(address, &info) && info.dli_fname ? info.dli_fname : "none";
}

static void check_library(const char *name, void *address) {
  check_note("%s is in %s", name, library_of(address));
  CHECK(strstr(library_of(address), "openblas") != NULL);
}

int main(void) {
  check_begin();
  /* What dlsym finds is what this program and the libraries it loads are bound to. */
  check_library("cblas_dgemm", dlsym(RTLD_DEFAULT, "cblas_dgemm"));
  check_library("cblas_sgemm", dlsym(RTLD_DEFAULT, "cblas_sgemm"));
  size_t count;
  CHECK(recur_linear_parameters_size(2, 3, &count) == GSL_SUCCESS && count == 9);
  return check_end();
}
