/* Finds the speech in a recording, frame by frame, with Silero's voice activity detector as a model
   file of Recur, which the Swift example voice-activity writes (--save). The recording has one
   channel at 16 kHz. Build and run it, as C or as C++:

     cc voice_activity.c $(pkg-config --cflags --libs recur-files sndfile) -o voice_activity
     ./voice_activity model.safetensors speech.wav

   Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later */

#include <recur/error.h>
#include <recur/model_file.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

/* A frame of 32 ms is computed with the last 4 ms of the frame before it. */
enum { RATE = 16000, FRAME = 512, CONTEXT = 64 };

/* The detector: its parameters, the memory of a pass, and the state of its network. */
typedef struct {
  recur_model_file *file;
  recur_model_float_weights *weights;
  recur_model_float_workspace *workspace;
  gsl_vector_float *theta, *state;
  gsl_matrix_float *x, *y;
} detector;

static int detector_open(detector *d, const char *path) {
  size_t slices, parameters, states;
  d->file = recur_model_file_open(path);
  const recur_model *model = recur_model_file_model(d->file);
  if (d->file == NULL || recur_model_parameters_count(model, &slices, &parameters) != GSL_SUCCESS ||
      recur_model_state_count(model, 1, &slices, &states) != GSL_SUCCESS)
    return GSL_FAILURE;
  d->theta = gsl_vector_float_alloc(parameters);
  d->state = gsl_vector_float_calloc(states);
  d->x = gsl_matrix_float_calloc(1, CONTEXT + FRAME);
  d->y = gsl_matrix_float_alloc(1, 1);
  d->weights = recur_model_float_weights_alloc(model);
  d->workspace = recur_model_float_workspace_alloc(model, 1, 1, RECUR_MODE_INFERENCE, 0);
  if (recur_model_file_float_read(d->file, d->theta) != GSL_SUCCESS)
    return GSL_FAILURE;
  return recur_model_float_weights_set(d->weights, d->theta);
}

/* Sets *probability to that of speech in the next frame. */
static int detector_step(detector *d, const float *frame, float *probability) {
  const gsl_matrix_float *inputs[] = {d->x};
  gsl_matrix_float *outputs[] = {d->y};
  const recur_model_float_pass pass = {
      .features = inputs, .initial_state = d->state, .final_state = d->state, .outputs = outputs};
  memmove(d->x->data, d->x->data + FRAME, CONTEXT * sizeof *frame);
  memcpy(d->x->data + CONTEXT, frame, FRAME * sizeof *frame);
  const int status = recur_model_float_infer(d->weights, &pass, d->workspace);
  *probability = d->y->data[0];
  return status;
}

/* Prints a segment with up to 30 ms before it and after it: half of a shorter silence at that side.
 */
static void print_segment(long start, long end, long before, long after) {
  const long padding = RATE * 3 / 100;
  start -= before / 2 < padding ? before / 2 : padding;
  end += after / 2 < padding ? after / 2 : padding;
  printf("%.2f to %.2f s\n", (double)start / (int)RATE, (double)end / (int)RATE);
}

int main(int argc, char **argv) {
  detector d;
  SF_INFO info = {0};
  if (argc != 3)
    return fprintf(stderr, "expected MODEL.safetensors SPEECH.wav\n"), 1;
  if (detector_open(&d, argv[1]) != GSL_SUCCESS)
    return fprintf(stderr, "%s\n", recur_last_error()->message), 1;
  SNDFILE *speech = sf_open(argv[2], SFM_READ, &info);
  if (speech == NULL || info.channels != 1 || info.samplerate != RATE)
    return fprintf(stderr, "%s: expected a recording of one channel at 16 kHz\n", argv[2]), 1;

  /* Speech begins at a probability of 0.5. It ends when the probability falls below 0.35 and stays
     below 0.5 for 100 ms. Segments of up to 250 ms are dropped. A segment is printed when the next
     one is known. */
  const long shortest_speech = RATE / 4, shortest_silence = RATE / 10, all = (long)info.frames;
  long start = -1, silence = -1, from = -1, to = -1, previous = 0;
  for (long sample = 0, more = 1; more; sample += FRAME) {
    float frame[FRAME] = {0}, probability = 0;
    more = sf_readf_float(speech, frame, FRAME) > 0;
    if (more && detector_step(&d, frame, &probability) != GSL_SUCCESS)
      return fprintf(stderr, "%s\n", recur_last_error()->message), 1;
    if (more && probability >= 0.5f) {
      start = start < 0 ? sample : start;
      silence = -1;
    } else if (start >= 0 && (!more || probability < 0.35f)) {
      silence = more ? (silence < 0 ? sample : silence) : all;
      if (more && sample - silence < shortest_silence)
        continue;
      if (silence - start > shortest_speech) {
        if (to >= 0)
          print_segment(from, to, previous, start - to);
        previous = to >= 0 ? start - to : 2 * start;
        from = start;
        to = silence;
      }
      start = silence = -1;
    }
  }
  if (to >= 0)
    print_segment(from, to, previous, 2 * (all - to));
  return 0;
}
