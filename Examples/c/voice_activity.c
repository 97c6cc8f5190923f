/* Finds the speech in a recording, frame by frame, with Silero's voice activity detector as a model
   file of Recur, which the command makes of the file in the PyPI package silero-vad. The recording
   has one channel at 16 kHz. Build and run it, as C or as C++:

     recur convert silero_vad_16k_op15.onnx model.safetensors --size sequence=576
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

/* The segments of speech. Speech begins at a probability of 0.5. It ends when the probability falls
   below 0.35 and stays below 0.5 for 100 ms. Segments of up to 250 ms are dropped. All numbers are
   numbers of samples. */
static const long shortest_speech = RATE / 4, shortest_silence = RATE / 10,
                  padding = RATE * 3 / 100;

typedef struct {
  long start, silence; /* the current segment, and the silence that may end it; -1 for none */
  long from, to;       /* the last segment, which is printed when the next one is known; -1 */
  long before;         /* the silence before it */
} segments;

/* Prints the last segment with up to 30 ms before it and after it: half of a shorter silence at
   that side. */
static void print_last(const segments *s, long after) {
  const long start = s->from - (s->before / 2 < padding ? s->before / 2 : padding);
  const long end = s->to + (after / 2 < padding ? after / 2 : padding);
  printf("%.2f to %.2f s\n", (double)start / (int)RATE, (double)end / (int)RATE);
}

static void end_segment(segments *s, long end) {
  if (end - s->start > shortest_speech) {
    if (s->to >= 0)
      print_last(s, s->start - s->to);
    s->before = s->to >= 0 ? s->start - s->to : 2 * s->start;
    s->from = s->start;
    s->to = end;
  }
  s->start = s->silence = -1;
}

/* Adds the frame that begins at a sample. */
static void add_frame(segments *s, long sample, float probability) {
  if (probability >= 0.5f) {
    s->start = s->start < 0 ? sample : s->start;
    s->silence = -1;
  } else if (s->start >= 0 && probability < 0.35f) {
    s->silence = s->silence < 0 ? sample : s->silence;
    if (sample - s->silence >= shortest_silence)
      end_segment(s, s->silence);
  }
}

/* Ends and prints the segments of a recording of this number of samples. */
static void end_recording(segments *s, long samples) {
  if (s->start >= 0)
    end_segment(s, samples);
  if (s->to >= 0)
    print_last(s, 2 * (samples - s->to));
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

  segments found = {.start = -1, .silence = -1, .from = -1, .to = -1, .before = 0};
  float frame[FRAME] = {0}, probability = 0;
  for (long sample = 0; sf_readf_float(speech, frame, FRAME) > 0; sample += FRAME) {
    if (detector_step(&d, frame, &probability) != GSL_SUCCESS)
      return fprintf(stderr, "%s\n", recur_last_error()->message), 1;
    add_frame(&found, sample, probability);
    memset(frame, 0, sizeof frame); /* the last frame may be shorter */
  }
  end_recording(&found, (long)info.frames);
  return 0;
}
