/* recur_safetensors_write: what it writes is read again, bit for bit, and is what Recur's Swift
   library writes; altered files are refused.

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include "files/files.h"

#include <sys/stat.h>

static const float three[] = {1, -0.0f, 1e-45f};
static const double six[] = {0.1, -0.2, 0.3, 5e-324, 1e308, -7};

static const recur_tensor tensors[] = {
    {.name = "a", .type = RECUR_TENSOR_F64, .rank = 2, .shape = {2, 3}, .data = six},
    {.name = "b/\"\xc3\xbc\\\n", .type = RECUR_TENSOR_F32, .rank = 1, .shape = {3}, .data = three},
    {.name = "empty", .type = RECUR_TENSOR_F64, .rank = 2, .shape = {0, 4}},
    {.name = "scalar", .type = RECUR_TENSOR_U8, .data = "\x7f"},
};
static const recur_metadata metadata[] = {
    {"text", "line\n\"quoted\" \\ \xe2\x98\x83 \x01"}, {"", "empty name"}, {"recur.z", ""}};

static int write_all(const char *name) {
  return recur_safetensors_write(path_of(name), tensors, COUNT(tensors), metadata, COUNT(metadata));
}

static void test_round_trip(void) {
  CHECK(write_all("a file \xe2\x98\x83") == GSL_SUCCESS && count_files() == 1);
  recur_safetensors *const file = recur_safetensors_open(path_of("a file \xe2\x98\x83"));
  CHECK(recur_safetensors_is_verified(file));
  CHECK(recur_safetensors_count(file) == COUNT(tensors));
  for (size_t k = 0; k < COUNT(tensors); k++) {
    const recur_tensor *const found = recur_safetensors_tensor(file, k);
    check_note("tensor %zu", k);
    CHECK(strcmp(found->name, tensors[k].name) == 0 && found->type == tensors[k].type);
    CHECK(found->rank == tensors[k].rank);
    CHECK(memcmp(found->shape, tensors[k].shape, sizeof found->shape) == 0);
    CHECK(found->bytes == 0 || memcmp(found->data, tensors[k].data, found->bytes) == 0);
  }
  CHECK(recur_safetensors_metadata_count(file) == COUNT(metadata));
  for (size_t k = 0; k < COUNT(metadata); k++)
    CHECK(strcmp(recur_safetensors_string(file, metadata[k].key), metadata[k].value) == 0);
  CHECK(recur_safetensors_string(file, "recur.checksum") == NULL);
  /* By key. */
  CHECK(strcmp(recur_safetensors_metadata(file, 0)->key, "") == 0);
  CHECK(strcmp(recur_safetensors_metadata(file, 1)->key, "recur.z") == 0);
  recur_safetensors_close(file);
}

/* The contents of a file, written again. */
static void test_same_bytes(const char *path) {
  enum { MOST = 16 };
  recur_tensor own[MOST];
  recur_metadata strings[MOST];
  recur_safetensors *const file = recur_safetensors_open(path);
  const size_t count = recur_safetensors_count(file),
               pairs = recur_safetensors_metadata_count(file);
  check_note("%s", path);
  CHECK(recur_safetensors_is_verified(file) && count > 0 && count <= MOST && pairs <= MOST);
  for (size_t k = 0; k < count; k++)
    own[k] = *recur_safetensors_tensor(file, k);
  for (size_t k = 0; k < pairs; k++)
    strings[pairs - 1 - k] = *recur_safetensors_metadata(file, k);
  CHECK(recur_safetensors_write(path_of("again"), own, count, strings, pairs) == GSL_SUCCESS);
  file_bytes before = read_whole(path), after = read_whole(path_of("again"));
  CHECK(before.size == after.size && memcmp(before.data, after.data, before.size) == 0);
  free(before.data);
  free(after.data);
  recur_safetensors_close(file);
}

/* Any change of a byte, and any shorter or longer file, is refused or no longer verified. */
static void test_damage(void) {
  CHECK(write_all("whole") == GSL_SUCCESS);
  file_bytes whole = read_whole(path_of("whole"));
  for (size_t k = 0; k < whole.size; k++)
    for (int change = 1; change < 256; change += change) {
      whole.data[k] ^= (unsigned char)change;
      recur_safetensors *const file = recur_safetensors_from_memory(whole.data, whole.size);
      check_note("byte %zu", k);
      CHECK(!recur_safetensors_is_verified(file));
      recur_safetensors_close(file);
      whole.data[k] ^= (unsigned char)change;
    }
  for (size_t size = 0; size < whole.size; size++)
    CHECK(recur_safetensors_from_memory(whole.data, size) == NULL);
  whole.data[whole.size] = 0;
  CHECK(recur_safetensors_from_memory(whole.data, whole.size + 1) == NULL);
  recur_safetensors *const file = recur_safetensors_from_memory(whole.data, whole.size);
  CHECK(recur_safetensors_is_verified(file));
  recur_safetensors_close(file);
  free(whole.data);
}

/* Refusals */

static void refuse_tensor(recur_tensor tensor, int status, const char *reason) {
  CHECK(recur_safetensors_write(path_of("refused"), &tensor, 1, NULL, 0) == status);
  check_failed_as(status, "recur_safetensors_write", reason);
}

static void refuse_pair(recur_metadata pair, int status, const char *reason) {
  const recur_metadata pairs[] = {{"b", "c"}, pair};
  CHECK(recur_safetensors_write(path_of("refused"), NULL, 0, pairs, 2) == status);
  check_failed_as(status, "recur_safetensors_write", reason);
}

static void test_refused_contents(void) {
  const recur_tensor one = {
      .name = "a", .type = RECUR_TENSOR_F32, .rank = 1, .shape = {1}, .data = three};
  const recur_tensor twice[] = {one, one};
  recur_tensor large[] = {one, one};
  recur_tensor t;
  CHECK(recur_safetensors_write(path_of("refused"), twice, 2, NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_write", ": tensor \"a\" is used twice");
  refuse_tensor((t = one, t.name = NULL, t), GSL_EINVAL, ": tensors[0] has no name");
  refuse_tensor((t = one, t.name = "", t), GSL_EINVAL, ": tensors[0] has no name");
  refuse_tensor((t = one, t.name = "\xc3", t), GSL_EINVAL, ": tensor \"\\xc3\" is not UTF-8");
  refuse_tensor((t = one, t.name = "__metadata__", t), GSL_EINVAL,
                ": tensor \"__metadata__\" is used twice");
  refuse_tensor((t = one, t.rank = 9, t), GSL_EINVAL, "has 9 dimensions, expected at most 8");
  refuse_tensor((t = one, t.type = RECUR_TENSOR_TYPES, t), GSL_EINVAL, "has type 13");
  refuse_tensor((t = one, t.shape[0] = SIZE_MAX, t), GSL_EINVAL,
                "has the invalid shape [18446744073709551615]");
  refuse_tensor((t = one, t.data = NULL, t), GSL_EFAULT, ": tensor \"a\" has no data");
  large[0].name = "b";
  large[0].shape[0] = large[1].shape[0] = (size_t)1 << 60;
  CHECK(recur_safetensors_write(path_of("refused"), large, 2, NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_write", ": tensor \"a\" makes the file too large");
  refuse_pair((recur_metadata){"b", "d"}, GSL_EINVAL, ": metadata \"b\" is used twice");
  refuse_pair((recur_metadata){"recur.checksum", "1"}, GSL_EINVAL,
              ": metadata \"recur.checksum\" is used twice");
  refuse_pair((recur_metadata){"\xff", "1"}, GSL_EINVAL, ": metadata \"\\xff\" is not UTF-8");
  refuse_pair((recur_metadata){"a", "\xff"}, GSL_EINVAL, ": metadata \"\\xff\" is not UTF-8");
  refuse_pair((recur_metadata){NULL, "1"}, GSL_EFAULT, ": metadata [1] has no key or no value");
  refuse_pair((recur_metadata){"a", NULL}, GSL_EFAULT, ": metadata [1] has no key or no value");
  CHECK(recur_safetensors_write(NULL, &one, 1, NULL, 0) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_safetensors_write", "path is NULL");
  CHECK(recur_safetensors_write(path_of("refused"), NULL, 1, NULL, 0) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_safetensors_write", "tensors is NULL");
  CHECK(recur_safetensors_write(path_of("refused"), NULL, 0, NULL, 1) == GSL_EFAULT);
  check_failed_as(GSL_EFAULT, "recur_safetensors_write", "metadata is NULL");
  CHECK(access(path_of("refused"), F_OK) != 0);
}

/* A string that makes the header longer than the format allows. */
static void test_long_header(void) {
  const size_t length = 100000000;
  char *const text = malloc(length);
  memset(text, 'x', length - 1);
  text[length - 1] = 0;
  const recur_metadata pair = {"a", text};
  CHECK(recur_safetensors_write(path_of("refused"), NULL, 0, &pair, 1) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_write",
                  ": the header would have 100000056 bytes, expected at most 100000000");
  free(text);
}

/* More tensors than the reader would accept. */
static void test_many_tensors(void) {
  enum { MANY = 3000 };
  static recur_tensor many[MANY];
  static char names[MANY][6];
  for (size_t k = 0; k < MANY; k++) {
    snprintf(names[k], sizeof names[k], "%zu", k);
    many[k] = (recur_tensor){.name = names[k], .type = RECUR_TENSOR_U8, .data = "x"};
  }
  CHECK(recur_safetensors_write(path_of("many"), many, 900, NULL, 0) == GSL_SUCCESS);
  recur_safetensors *const file = recur_safetensors_open(path_of("many"));
  CHECK(recur_safetensors_count(file) == 900);
  recur_safetensors_close(file);
  CHECK(recur_safetensors_write(path_of("refused"), many, MANY, NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_write", ": the header has 33004 separators in ");
}

/* Files */

static void test_replaces(void) {
  const size_t files = count_files();
  CHECK(write_all("file") == GSL_SUCCESS && write_all("file") == GSL_SUCCESS);
  CHECK(count_files() == files + 1);
  /* A link is followed, and an open file is not affected. */
  CHECK(symlink("file", path_of("link")) == 0);
  recur_safetensors *const open = recur_safetensors_open(path_of("link"));
  CHECK(recur_safetensors_write(path_of("link"), tensors, 1, NULL, 0) == GSL_SUCCESS);
  CHECK(recur_safetensors_count(open) == COUNT(tensors));
  CHECK(memcmp(recur_safetensors_find(open, "a")->data, six, sizeof six) == 0);
  recur_safetensors_close(open);
  recur_safetensors *const file = recur_safetensors_open(path_of("file"));
  CHECK(recur_safetensors_count(file) == 1);
  recur_safetensors_close(file);
  struct stat status;
  CHECK(lstat(path_of("link"), &status) == 0 && S_ISLNK(status.st_mode));
  /* A leftover partial file is overwritten. */
  const file_bytes rest = {(unsigned char *)"rest", 4};
  write_whole(path_of(".file.partial"), &rest);
  CHECK(write_all("file") == GSL_SUCCESS && access(path_of(".file.partial"), F_OK) != 0);
  CHECK(count_files() == files + 2);
}

static void test_refused_paths(void) {
  CHECK(write_all("missing/file") == GSL_EFAILED);
  check_failed_as(GSL_EFAILED, "recur_safetensors_write",
                  "missing/file\": its folder does not exist");
  CHECK(mkdir(path_of("folder"), 0700) == 0 && write_all("folder") == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_write", "folder\" is not a regular file");
  CHECK(recur_safetensors_write("/dev/null", NULL, 0, NULL, 0) == GSL_EINVAL);
  check_failed_as(GSL_EINVAL, "recur_safetensors_write", "\"/dev/null\" is not a regular file");
  /* The partial file must not be a link. */
  CHECK(symlink("elsewhere", path_of(".linked.partial")) == 0);
  CHECK(write_all("linked") == GSL_EFAILED && access(path_of("elsewhere"), F_OK) != 0);
}

/* In the current folder, without tensors. */
static void test_current_folder(void) {
  char before[4096];
  CHECK(getcwd(before, sizeof before) != NULL && chdir(folder) == 0);
  CHECK(recur_safetensors_write("here", NULL, 0, NULL, 0) == GSL_SUCCESS);
  recur_safetensors *const file = recur_safetensors_open("here");
  CHECK(recur_safetensors_is_verified(file) && recur_safetensors_count(file) == 0);
  recur_safetensors_close(file);
  CHECK(chdir(before) == 0);
}

int main(void) {
  begin_files();
  test_round_trip();
  test_same_bytes("Tests/golden/swift.safetensors");
  test_damage();
  test_refused_contents();
  test_long_header();
  test_many_tensors();
  test_replaces();
  test_refused_paths();
  test_current_folder();
  return end_files();
}
