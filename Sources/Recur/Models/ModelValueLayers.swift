// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// Layers of one value, as in Keras's functional interface.

extension ModelValue {
  /// Returns the vectors of tokens.
  ///
  /// - Parameter size: The number of elements of a vector, at least 1.
  /// - Returns: The value, with C = size.
  public func embedding(size: Int) -> ModelValue {
    layer(.embedding(size: size))
  }

  /// Returns the outputs of a recurrent network with any options.
  ///
  /// - Parameter configuration: The cell, the sizes and the options. An input size of 0 stands for the number of
  ///   columns of this value.
  /// - Returns: The value, with C = D·P.
  public func network(_ configuration: NetworkConfiguration) -> ModelValue {
    layer(.network(configuration))
  }

  /// Returns the outputs of a simple recurrent network.
  ///
  /// - Parameters:
  ///   - hiddenSize: The hidden size H, at least 1.
  ///   - layers: The number of layers L, at least 1.
  ///   - bidirectional: Whether each layer has a reverse direction.
  /// - Returns: The value, with C = D·H.
  public func rnn(
    hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false
  ) -> ModelValue {
    network(.simple, hiddenSize, layers, bidirectional)
  }

  /// Returns the outputs of a gated recurrent unit.
  ///
  /// - Parameters:
  ///   - hiddenSize: The hidden size H, at least 1.
  ///   - layers: The number of layers L, at least 1.
  ///   - bidirectional: Whether each layer has a reverse direction.
  /// - Returns: The value, with C = D·H.
  public func gru(
    hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false
  ) -> ModelValue {
    network(.gru, hiddenSize, layers, bidirectional)
  }

  /// Returns the outputs of a long short-term memory.
  ///
  /// - Parameters:
  ///   - hiddenSize: The hidden size H, at least 1.
  ///   - layers: The number of layers L, at least 1.
  ///   - bidirectional: Whether each layer has a reverse direction.
  /// - Returns: The value, with C = D·H.
  public func lstm(
    hiddenSize: Int, layers: Int = 1, bidirectional: Bool = false
  ) -> ModelValue {
    network(.lstm, hiddenSize, layers, bidirectional)
  }

  private func network(
    _ cell: NetworkConfiguration.Cell, _ hiddenSize: Int, _ layers: Int,
    _ bidirectional: Bool
  ) -> ModelValue {
    var configuration = NetworkConfiguration(cell, inputSize: 0, hiddenSize: hiddenSize)
    configuration.layers = layers
    configuration.bidirectional = bidirectional
    return network(configuration)
  }

  /// Returns W x + b, where x has all columns.
  ///
  /// - Parameters:
  ///   - size: The number of outputs, at least 1.
  ///   - bias: Whether b is a parameter; otherwise it is 0.
  /// - Returns: The value, with C = size and Q = 1.
  public func dense(size: Int, bias: Bool = true) -> ModelValue {
    layer(.dense(size: size, bias: bias))
  }

  /// Returns a convolution over steps or positions.
  ///
  /// - Parameter convolution: The axis, the sizes and the padding.
  /// - Returns: The value.
  public func convolution(_ convolution: Convolution) -> ModelValue {
    layer(.convolution(convolution))
  }

  /// Returns φ(x).
  ///
  /// - Parameter activation: The activation φ.
  /// - Returns: The value, of the same shape.
  public func activation(_ activation: Activation) -> ModelValue {
    layer(.activation(activation))
  }

  /// Returns x for x > 0, otherwise a x, with trained slopes a.
  ///
  /// - Parameter shared: Whether all channels have the same slope.
  /// - Returns: The value, of the same shape.
  public func prelu(shared: Bool = false) -> ModelValue {
    layer(.prelu(shared: shared))
  }

  /// Returns the layer normalization over the channels of a position.
  ///
  /// - Parameter epsilon: The ε in √(var + ε).
  /// - Returns: The value, of the same shape.
  public func layerNormalization(epsilon: Double = 1e-5) -> ModelValue {
    layer(.layerNormalization(epsilon: epsilon))
  }

  /// Returns w ∘ x + b, with one w and one b for each channel.
  ///
  /// - Returns: The value, of the same shape.
  public func scale() -> ModelValue { layer(.scale) }

  /// Returns a range of the channels of each position.
  ///
  /// - Parameter channels: The channels.
  /// - Returns: The value, with as many channels as the range.
  public func slice(channels: Range<Int>) -> ModelValue {
    layer(.slice(channels))
  }

  /// Returns the same columns as another number of positions.
  ///
  /// - Parameter positions: The number of positions Q, which divides the number of columns.
  /// - Returns: The value.
  public func reshape(positions: Int) -> ModelValue {
    layer(.reshape(positions: positions))
  }

  /// Returns exp(x) / Σ exp(x), over the channels of a position.
  ///
  /// - Returns: The value, of the same shape.
  public func softmax() -> ModelValue { layer(.softmax) }

  /// Returns √(a² + b²), where a is the first half of the channels and b the second.
  ///
  /// - Returns: The value, with half as many channels.
  public func magnitude() -> ModelValue { layer(.magnitude) }

  /// Returns the first step of each sequence, at which a reverse direction ends.
  ///
  /// - Returns: The value, with one row for each sequence.
  public func firstStep() -> ModelValue { layer(.firstStep) }

  /// Returns the last step of each sequence.
  ///
  /// - Returns: The value, with one row for each sequence.
  public func lastStep() -> ModelValue { layer(.lastStep) }

  /// Returns the mean of the steps of each sequence.
  ///
  /// - Returns: The value, with one row for each sequence.
  public func mean() -> ModelValue { layer(.mean) }

  /// Returns the maximum of the steps of each sequence.
  ///
  /// - Returns: The value, with one row for each sequence.
  public func maximum() -> ModelValue { layer(.maximum) }
}

// Layers of several values

extension ModelValue {
  /// Returns the sum of two values of the same shape.
  ///
  /// - Parameters:
  ///   - a: A value.
  ///   - b: A value of the same shape.
  /// - Returns: a + b.
  public static func + (a: ModelValue, b: ModelValue) -> ModelValue {
    ModelValue(.add, of: [a, b])
  }

  /// Returns the elementwise product of two values of the same shape.
  ///
  /// - Parameters:
  ///   - a: A value.
  ///   - b: A value of the same shape.
  /// - Returns: a ∘ b.
  public static func * (a: ModelValue, b: ModelValue) -> ModelValue {
    ModelValue(.multiply, of: [a, b])
  }

  /// Returns the channels of several values, at each position.
  ///
  /// - Parameter values: 2 to 8 values with the same steps and positions.
  /// - Returns: The value, with the channels of all values in order.
  public static func concatenation(
    of values: ModelValue...
  ) -> ModelValue {
    ModelValue(.concatenate, of: values)
  }
}
