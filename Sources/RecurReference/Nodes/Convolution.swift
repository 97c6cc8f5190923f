// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A convolution, as in PyTorch and ONNX (in signal processing: a correlation). For the padded inputs p₀, p₁, …,
///
/// yᵢ = b + Σₖ Wₖ p_{i·stride + k·dilation}, k = 0 … K − 1.
///
/// With g groups, the channels of p and y are cut into g parts, and each part of y depends on the same part of p
/// only. No inputs give no outputs.
///
/// A convolution over steps that pads M = dilation·(K − 1) zeros before and none after is causal. It has a state:
/// the last M inputs, which replace these zeros.
public struct ReferenceConvolution<R: ReferenceNumber>: ReferenceLayer {
  /// The axis, the strides and the padding.
  public let options: ReferenceConvolutionOptions

  /// The weight W, O x C/g x K.
  public var weight: [[[R]]]

  /// The bias b, O elements; if empty, none.
  public var bias: [R]

  /// Creates a convolution with the given parameters.
  ///
  /// - Parameters:
  ///   - options: The axis, the strides and the padding.
  ///   - weight: The weight W, O x C/g x K.
  ///   - bias: The bias b, O elements; if empty, none.
  public init(_ options: ReferenceConvolutionOptions, weight: [[[R]]], bias: [R] = []) {
    (self.options, self.weight, self.bias) = (options, weight, bias)
  }

  public var parameters: [R] {
    get { weight.flatMap { $0.flatMap { $0 } } + bias }
    set {
      let count = newValue.count - bias.count
      weight = matrix(Array(newValue[..<count]), rows: outputSize).map {
        matrix($0, rows: channels)
      }
      bias = Array(newValue[count...])
    }
  }

  public var stateSize: Int { isCausal ? reach * options.groups * channels : 0 }

  public func forward(_ x: [ReferenceValue<R>], from state: [R]) -> ReferenceLayerOutput<R> {
    switch options.axis {
    case .steps:
      let inputs = x[0].map { $0[0] }
      let padded = padded(inputs, past: past(state))
      return ReferenceLayerOutput(
        value: outputs(padded, of: inputs.count).map { [$0] },
        finalState: isCausal ? padded.suffix(reach).flatMap { $0 } : [])
    case .positions:
      return ReferenceLayerOutput(
        value: x[0].map { outputs(padded($0, past: []), of: $0.count) })
    }
  }

  public func backward(
    x: [ReferenceValue<R>], from state: [R], dy: ReferenceValue<R>, dFinal: [R]
  ) -> ReferenceLayerBackward<R> {
    var gradients = self
    gradients.parameters = zeros(parameters.count)
    var result = ReferenceLayerBackward<R>(dx: [])
    switch options.axis {
    case .steps:
      let (dx, dPast) = backward(
        x[0].map { $0[0] }, past: past(state), dy: dy.map { $0[0] }, dFuture: past(dFinal),
        into: &gradients)
      result.dx = [dx.map { [$0] }]
      result.dInitial = dPast.flatMap { $0 }
    case .positions:
      result.dx = [
        zip(x[0], dy).map { x, dy in
          backward(x, past: [], dy: dy, dFuture: [], into: &gradients).dx
        }
      ]
    }
    result.gradients = gradients.parameters
    return result
  }
}

// Inputs in a row: n steps, or the positions of a step

extension ReferenceConvolution {
  private var outputSize: Int { weight.count }
  private var kernelSize: Int { weight[0][0].count }

  /// C/g
  private var channels: Int { weight[0].count }

  /// M = dilation·(K − 1): the distance between the first and the last input of an output.
  private var reach: Int { options.dilation * (kernelSize - 1) }

  private var isCausal: Bool {
    options.axis == .steps && options.padding == .zeros && options.before == reach
      && options.after == 0
  }

  /// The state as M inputs.
  private func past(_ state: [R]) -> [[R]] { matrix(state, rows: isCausal ? reach : 0) }

  private func padded(_ x: [[R]], past: [[R]]) -> [[R]] {
    if isCausal { return past + x }
    return options.places(x.count).map { place in
      place.map { x[$0] } ?? zeros(options.groups * channels)
    }
  }

  /// ⌊(n + before + after − M − 1) / stride⌋ + 1
  private func outputCount(_ padded: [[R]], of n: Int) -> Int {
    n == 0 || padded.count <= reach ? 0 : (padded.count - reach - 1) / options.stride + 1
  }

  private func outputs(_ padded: [[R]], of n: Int) -> [[R]] {
    (0..<outputCount(padded, of: n)).map { i in
      (0..<outputSize).map { o in
        var y = bias.isEmpty ? 0 : bias[o]
        for (c, k) in taps { y += weight[o][c][k] * padded[place(i, k)][channel(o, c)] }
        return y
      }
    }
  }

  /// Returns the gradients of the inputs and of the state, and adds those of the parameters. dFuture is the
  /// gradient of the state after the last step.
  private func backward(
    _ x: [[R]], past: [[R]], dy: [[R]], dFuture: [[R]], into gradients: inout ReferenceConvolution
  ) -> (dx: [[R]], dPast: [[R]]) {
    let p = padded(x, past: past)
    var dp = zeros(like: p)
    for i in dy.indices {
      for o in 0..<outputSize {
        // db += dyᵢ
        if !bias.isEmpty { gradients.bias[o] += dy[i][o] }
        for (c, k) in taps {
          // dWₖ += dyᵢ pᵀ, dp += Wₖᵀ dyᵢ
          gradients.weight[o][c][k] += dy[i][o] * p[place(i, k)][channel(o, c)]
          dp[place(i, k)][channel(o, c)] += weight[o][c][k] * dy[i][o]
        }
      }
    }
    if isCausal {
      // p = [past, x], and its last M inputs are the final state
      for m in dFuture.indices { dp[x.count + m] = sum(dp[x.count + m], dFuture[m]) }
      return (Array(dp[past.count...]), Array(dp[..<past.count]))
    }
    // An input may stand at several places.
    var dx = zeros(like: x)
    for (place, i) in options.places(x.count).enumerated() {
      if let i { dx[i] = sum(dx[i], dp[place]) }
    }
    return (dx, [])
  }

  /// All channels c of a group and all k.
  private var taps: [(c: Int, k: Int)] {
    (0..<channels).flatMap { c in (0..<kernelSize).map { k in (c, k) } }
  }

  private func place(_ i: Int, _ k: Int) -> Int { i * options.stride + k * options.dilation }

  /// The channel of p for channel c of the group of output channel o.
  private func channel(_ o: Int, _ c: Int) -> Int {
    o / (outputSize / options.groups) * channels + c
  }
}
