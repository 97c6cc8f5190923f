/* Makes the n-th call of a function of the C library fail. A program preloads this library
   (LD_PRELOAD), which reads the environment, or is linked to it and calls fail_nth_arm.

     FAIL_CALL    the kind of call, one of kinds below, such as write
     FAIL_NTH     n, from 1
     FAIL_ERRNO   the number of the error; 0 shortens a read or a write to half of its bytes
     FAIL_CALLER  program, the default: count only calls in the code of the executable, which
                  contains all of Recur's code, but not that of Swift's and other shared libraries;
                  any: count all calls
     FAIL_LOG     a file that receives one line if the n-th call is reached
     FAIL_FAULTS  if set, a fault or a trap, which is silent in Swift's release builds, prints a
                  line with the program or the library in which it is

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE

#include "fail_nth.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static const char *const kinds[] = {
    "allocate", "close",    "dup",     "flock", "fstat",       "fsync",          "ftruncate",
    "getcwd",   "mkdir",    "mkstemp", "open",  "posix_spawn", "pthread_atfork", "pthread_create",
    "read",     "realpath", "rename",  "stat",  "tmpfile",     "unlink",         "write"};

static struct {
  const char *call; /* NULL: nothing is counted */
  long n;
  int error;
  bool only_program;
  const char *log;
} plan;

static atomic_long calls, failures, live;
static uintptr_t program_start, program_end;

/* A misspelled name would fail nothing, which looks like success. */
static void check_kind(const char *call) {
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
    if (strcmp(kinds[k], call) == 0)
      return;
  fprintf(stderr, "fail_nth: FAIL_CALL is %s, which is no kind of call\n", call);
  exit(2);
}

void fail_nth_arm(const char *call, long n, int error) {
  check_kind(call);
  calls = failures = 0;
  plan.n = n;
  plan.error = error;
  plan.call = call;
}

int fail_nth_disarm(void) {
  plan.call = NULL;
  return failures > 0;
}

long fail_nth_live(void) {
  return live;
}

/* The first object is the executable. */
static int find_program(struct dl_phdr_info *object, size_t size, void *unused) {
  (void)size;
  (void)unused;
  for (size_t k = 0; k < object->dlpi_phnum; k++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[k];
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
      continue;
    program_start = object->dlpi_addr + segment->p_vaddr;
    program_end = program_start + segment->p_memsz;
  }
  return 1;
}

static bool in_program(const void *caller) {
  return (uintptr_t)caller >= program_start && (uintptr_t)caller < program_end;
}

static void *instruction_of(const ucontext_t *context) {
#ifdef __x86_64__
  return (void *)context->uc_mcontext.gregs[REG_RIP];
#else
  return (void *)context->uc_mcontext.pc; /* arm64 */
#endif
}

/* The name of the library or the program that has an instruction. */
static const char *module_of(const void *instruction) {
  Dl_info place = {0};
  dladdr(instruction, &place);
  return place.dli_fname ? place.dli_fname : "?";
}

/* The module that called a function of the C library: a fault there is the caller's, such as a
 * length of a null string. */
static const char *caller_of(const void *instruction) {
  void *frames[40];
  const int count = backtrace(frames, 40);
  int k = 0;
  while (k < count && frames[k] != instruction)
    k++;
  while (k < count && strstr(module_of(frames[k]), "/libc.so"))
    k++;
  return k < count ? module_of(frames[k]) : "?";
}

/* Returns to the instruction, which then ends the process. */
static void report_fault(int number, siginfo_t *fault, void *context) {
  char line[700];
  (void)fault;
  const void *instruction = instruction_of(context);
  const char *module = module_of(instruction);
  const bool is_library = strstr(module, "/libc.so") != NULL;
  const int length =
      snprintf(line, sizeof line, "fail_nth: signal %d in %.300s%s%.300s\n", number, module,
               is_library ? " called by " : "", is_library ? caller_of(instruction) : "");
  syscall(SYS_write, STDERR_FILENO, line, length);
}

static void watch_faults(void) {
  void *frame;
  backtrace(&frame, 1); /* The first call loads a library. */
  const struct sigaction action = {.sa_sigaction = report_fault,
                                   .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};
  const int numbers[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
    sigaction(numbers[k], &action, NULL);
}

__attribute__((constructor)) static void begin(void) {
  dl_iterate_phdr(find_program, NULL);
  if (getenv("FAIL_FAULTS"))
    watch_faults();
  const char *caller = getenv("FAIL_CALLER"), *n = getenv("FAIL_NTH"),
             *error = getenv("FAIL_ERRNO");
  plan.only_program = caller == NULL || strcmp(caller, "program") == 0;
  plan.log = getenv("FAIL_LOG");
  if (getenv("FAIL_CALL") && n && error)
    fail_nth_arm(getenv("FAIL_CALL"), atol(n), atoi(error));
  unsetenv("LD_PRELOAD"); /* The programs that the program starts do not fail. */
}

/* Writes a line to the log, without functions that this library replaces. */
static void report(const char *call, const void *caller) {
  char line[1000];
  Dl_info place = {0};
  dladdr(caller, &place);
  /* Swift's mangled names may be longer than a line. */
  const int length =
      snprintf(line, sizeof line, "%s %ld failed, called by %.600s in %.300s\n", call, plan.n,
               place.dli_sname ? place.dli_sname : "?", place.dli_fname ? place.dli_fname : "?");
  const long log =
      syscall(SYS_openat, AT_FDCWD, plan.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  syscall(SYS_write, log, line, length);
  syscall(SYS_close, log);
}

/* Counts a call. Returns whether it fails, and then sets errno. */
static bool fails(const char *call, const void *caller) {
  if (plan.call == NULL || strcmp(plan.call, call) != 0)
    return false;
  if (plan.only_program && !in_program(caller))
    return false;
  if (atomic_fetch_add(&calls, 1) + 1 != plan.n)
    return false;
  failures++;
  if (plan.log)
    report(call, caller);
  errno = plan.error;
  return true;
}

#define CALLER __builtin_return_address(0)
/* Not inlined, so that the return address is that of its caller. */
#define STANDS_IN __attribute__((noinline))

/* The function of the C library with the name of the one that calls this. ISO C does not convert
   pointers to functions; POSIX does. */
#define REAL(type) ((type)(uintptr_t)real(__func__))
static void *real(const char *name) {
  return dlsym(RTLD_NEXT, name);
}

/* Memory: "allocate". dlsym allocates, so these call the functions of glibc by their other names.
 */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static void *counted(void *memory, const void *caller) {
  if (memory != NULL && in_program(caller))
    live++;
  return memory;
}

STANDS_IN void *malloc(size_t size) {
  return fails("allocate", CALLER) ? NULL : counted(__libc_malloc(size), CALLER);
}

STANDS_IN void *calloc(size_t count, size_t size) {
  return fails("allocate", CALLER) ? NULL : counted(__libc_calloc(count, size), CALLER);
}

STANDS_IN void *realloc(void *old, size_t size) {
  if (fails("allocate", CALLER))
    return NULL;
  void *memory = __libc_realloc(old, size);
  return old == NULL ? counted(memory, CALLER) : memory;
}

STANDS_IN void *aligned_alloc(size_t alignment, size_t size) {
  return fails("allocate", CALLER) ? NULL : counted(__libc_memalign(alignment, size), CALLER);
}

STANDS_IN int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (fails("allocate", CALLER))
    return ENOMEM;
  *memory = counted(__libc_memalign(alignment, size), CALLER);
  return *memory == NULL ? ENOMEM : 0;
}

STANDS_IN void free(void *memory) {
  if (memory != NULL && in_program(CALLER))
    live--;
  __libc_free(memory);
}

/* Threads and processes */

STANDS_IN int pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                             void *argument) {
  if (fails("pthread_create", CALLER))
    return plan.error;
  return REAL(int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))(
      id, attributes, run, argument);
}

/* pthread_atfork jumps here; its code is in the program. */
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *dso);
STANDS_IN int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
                                void *dso) {
  if (fails("pthread_atfork", (const void *)program_start))
    return plan.error;
  return REAL(int (*)(void (*)(void), void (*)(void), void (*)(void), void *))(prepare, parent,
                                                                               child, dso);
}

#define SPAWN                                                                                      \
  pid_t *id, const char *path, const posix_spawn_file_actions_t *actions,                          \
      const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]

STANDS_IN int posix_spawn(SPAWN) {
  if (fails("posix_spawn", CALLER))
    return plan.error;
  return REAL(int (*)(SPAWN))(id, path, actions, attributes, arguments, environment);
}

STANDS_IN int posix_spawnp(SPAWN) {
  if (fails("posix_spawn", CALLER))
    return plan.error;
  return REAL(int (*)(SPAWN))(id, path, actions, attributes, arguments, environment);
}

/* Files that are opened */

static mode_t mode_of(int flags, va_list list) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
  STANDS_IN int name(const char *path, int flags, ...) {                                           \
    va_list list;                                                                                  \
    va_start(list, flags);                                                                         \
    const mode_t mode = mode_of(flags, list);                                                      \
    va_end(list);                                                                                  \
    return fails("open", CALLER) ? -1 : REAL(int (*)(const char *, int, ...))(path, flags, mode);  \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                               \
  STANDS_IN int name(int folder, const char *path, int flags, ...) {                               \
    va_list list;                                                                                  \
    va_start(list, flags);                                                                         \
    const mode_t mode = mode_of(flags, list);                                                      \
    va_end(list);                                                                                  \
    return fails("open", CALLER)                                                                   \
               ? -1                                                                                \
               : REAL(int (*)(int, const char *, int, ...))(folder, path, flags, mode);            \
  }
OPENAT(openat)
OPENAT(openat64)

STANDS_IN FILE *fopen(const char *path, const char *mode) {
  return fails("open", CALLER) ? NULL : REAL(FILE * (*)(const char *, const char *))(path, mode);
}

STANDS_IN FILE *tmpfile(void) {
  return fails("tmpfile", CALLER) ? NULL : REAL(FILE * (*)(void))();
}

/* Transfers: an error, or fewer bytes. */

#define TRANSFER(name, call, type)                                                                 \
  STANDS_IN ssize_t name(int file, type bytes, size_t count) {                                     \
    if (fails(call, CALLER)) {                                                                     \
      if (plan.error != 0)                                                                         \
        return -1;                                                                                 \
      count -= count / 2;                                                                          \
    }                                                                                              \
    return REAL(ssize_t(*)(int, type, size_t))(file, bytes, count);                                \
  }
TRANSFER(read, "read", void *)
TRANSFER(write, "write", const void *)

#define TRANSFER_AT(name, call, type)                                                              \
  STANDS_IN ssize_t name(int file, type bytes, size_t count, off_t offset) {                       \
    if (fails(call, CALLER)) {                                                                     \
      if (plan.error != 0)                                                                         \
        return -1;                                                                                 \
      count -= count / 2;                                                                          \
    }                                                                                              \
    return REAL(ssize_t(*)(int, type, size_t, off_t))(file, bytes, count, offset);                 \
  }
TRANSFER_AT(pread, "read", void *)
TRANSFER_AT(pwrite, "write", const void *)

/* All others. A failed close closes the file, as in Linux. */

#define ONE(name, call, A)                                                                         \
  STANDS_IN int name(A a) {                                                                        \
    return fails(call, CALLER) ? -1 : REAL(int (*)(A))(a);                                         \
  }
#define TWO(name, call, A, B)                                                                      \
  STANDS_IN int name(A a, B b) {                                                                   \
    return fails(call, CALLER) ? -1 : REAL(int (*)(A, B))(a, b);                                   \
  }
ONE(fsync, "fsync", int)
ONE(fdatasync, "fsync", int)
ONE(dup, "dup", int)
ONE(mkstemp, "mkstemp", char *)
ONE(rmdir, "unlink", const char *)
ONE(unlink, "unlink", const char *)
TWO(flock, "flock", int, int)
TWO(fstat, "fstat", int, struct stat *)
TWO(ftruncate, "ftruncate", int, off_t)
TWO(ftruncate64, "ftruncate", int, off64_t)
TWO(lstat, "stat", const char *, struct stat *)
TWO(mkdir, "mkdir", const char *, mode_t)
TWO(mkostemp, "mkstemp", char *, int)
TWO(rename, "rename", const char *, const char *)
TWO(stat, "stat", const char *, struct stat *)

STANDS_IN int renameat(int a, const char *b, int c, const char *d) {
  return fails("rename", CALLER) ? -1
                                 : REAL(int (*)(int, const char *, int, const char *))(a, b, c, d);
}

STANDS_IN int fstatat(int folder, const char *path, struct stat *status, int flags) {
  return fails("stat", CALLER)
             ? -1
             : REAL(int (*)(int, const char *, struct stat *, int))(folder, path, status, flags);
}

STANDS_IN int close(int file) {
  const bool failed = fails("close", CALLER);
  const int status = REAL(int (*)(int))(file);
  if (!failed)
    return status;
  errno = plan.error;
  return -1;
}

STANDS_IN char *realpath(const char *path, char *resolved) {
  return fails("realpath", CALLER) ? NULL : REAL(char *(*)(const char *, char *))(path, resolved);
}

STANDS_IN char *getcwd(char *path, size_t size) {
  return fails("getcwd", CALLER) ? NULL : REAL(char *(*)(char *, size_t))(path, size);
}
