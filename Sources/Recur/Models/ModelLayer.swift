// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A layer: it computes the value of a ``ModelNode`` from the values of earlier nodes.
///
/// A value has C channels at each of Q positions, for each step of each sequence: T·B rows of Q·C columns, with
/// the channels of position 0 first. Q is 1 for most values; a frame of audio samples has more positions.
public enum ModelLayer: Sendable, Hashable {
  /// An input of features: Q = 1, and C is the size.
  case features(Int)

  /// An input of tokens, 0 to `vocabularySize` − 1.
  case tokens(vocabularySize: Int)

  /// Row k of the weight for token k.
  case embedding(size: Int)

  /// The outputs of a recurrent network, C = D·P. An input size of 0 stands for the number of columns of the
  /// source.
  indirect case network(NetworkConfiguration)

  /// W x + b, where x has all columns; Q = 1, and C is the size.
  case dense(size: Int, bias: Bool = true)

  /// A convolution over steps or positions.
  case convolution(Convolution)

  /// φ(x).
  case activation(Activation)

  /// x for x > 0, otherwise a x; one slope a for each channel, or for all if shared.
  case prelu(shared: Bool = false)

  /// (x − mean) / √(var + ε) ∘ w + b, over the channels of a position; var is the mean of (x − mean)².
  case layerNormalization(epsilon: Double = 1e-5)

  /// w ∘ x + b: one w and one b for each channel. A batch normalization in inference is a scale with
  /// w = γ / √(variance + ε) and b = β − mean w.
  case scale

  /// The sum of 2 to 8 values.
  case add

  /// The elementwise product of 2 to 8 values.
  case multiply

  /// The channels of 2 to 8 values, at each position.
  case concatenate

  /// A range of the channels of each position.
  case slice(Range<Int>)

  /// The same columns as another number of positions.
  case reshape(positions: Int)

  /// exp(x) / Σ exp(x), over the channels of a position.
  case softmax

  /// √(a² + b²), where a is the first half of the channels and b the second.
  case magnitude

  /// One row for each sequence: its first step, at which a reverse direction ends.
  case firstStep

  /// One row for each sequence: its last step.
  case lastStep

  /// One row for each sequence: the mean of its steps.
  case mean

  /// One row for each sequence: the maximum of its steps.
  case maximum
}
