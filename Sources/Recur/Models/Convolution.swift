// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

/// A convolution over the steps of a sequence or over the positions within a step, as in PyTorch and ONNX (in
/// signal processing: a correlation): y_i = b + Σ_k W_k x_(i·stride + k·dilation − before).
///
/// n values give ⌊(n + before + after − dilation·(K − 1) − 1) / stride⌋ + 1. With g groups, the channels of x and
/// y are cut into g parts, and each part of y depends on the same part of x only.
public struct Convolution: Sendable, Hashable {
  /// What a convolution runs over.
  public enum Axis: Sendable, Hashable {
    /// The steps of a sequence.
    case steps

    /// The positions within a step.
    case positions
  }

  /// The values before the first and after the last step or position. For n of them, the index i stands for
  /// the index below.
  public enum Padding: Sendable, Hashable {
    /// 0.
    case zeros

    /// −i for i < 0, and 2·(n − 1) − i for i ≥ n. Padding is less than n.
    case reflect

    /// 0 for i < 0, and n − 1 for i ≥ n.
    case replicate
  }

  /// Steps or positions.
  public var axis: Axis

  /// The number of channels of the output, O; a multiple of `groups`.
  public var outputSize: Int

  /// The kernel size, K.
  public var kernelSize: Int

  /// The distance between the first inputs of two outputs.
  public var stride = 1

  /// The distance between the inputs of an output.
  public var dilation = 1

  /// The number of groups, g; divides the number of channels of the input.
  public var groups = 1

  /// The padding before the first step or position.
  public var before = 0

  /// The padding after the last step or position.
  public var after = 0

  /// The values of the padding.
  public var padding = Padding.zeros

  /// Whether b is a parameter; otherwise it is 0.
  public var bias = true

  /// Creates a convolution without padding, with stride, dilation and groups 1.
  ///
  /// - Parameters:
  ///   - axis: Steps or positions.
  ///   - outputSize: The number of channels of the output O, at least 1.
  ///   - kernelSize: The kernel size K, at least 1.
  public init(over axis: Axis, outputSize: Int, kernelSize: Int) {
    self.axis = axis
    self.outputSize = outputSize
    self.kernelSize = kernelSize
  }

  /// Returns a causal convolution over steps: step t of the output depends on the inputs up to step t, so that
  /// it can continue a sequence.
  ///
  /// - Parameters:
  ///   - outputSize: The number of channels of the output O, at least 1.
  ///   - kernelSize: The kernel size K, at least 1.
  ///   - dilation: The distance between the inputs of an output, at least 1.
  /// - Returns: The convolution, padded with dilation·(K − 1) zeros before the first step.
  public static func causal(outputSize: Int, kernelSize: Int, dilation: Int = 1) -> Convolution {
    var convolution = Convolution(over: .steps, outputSize: outputSize, kernelSize: kernelSize)
    convolution.dilation = dilation
    let (padding, overflow) = dilation.multipliedReportingOverflow(by: max(kernelSize, 1) - 1)
    // The C library refuses sizes out of range.
    convolution.before = overflow ? .max : padding
    return convolution
  }
}

extension Convolution {
  var inC: recur_convolution {
    get throws(RecurError) {
      let sizes = [
        ("outputSize", outputSize), ("kernelSize", kernelSize), ("stride", stride),
        ("dilation", dilation), ("groups", groups), ("before", before), ("after", after),
      ]
      for (name, size) in sizes { try requireSize(name, size, atLeast: 0) }
      return recur_convolution(
        axis: axis == .steps ? RECUR_AXIS_STEPS : RECUR_AXIS_POSITIONS, output_size: outputSize,
        kernel_size: kernelSize, stride: stride, dilation: dilation, groups: groups, before: before,
        after: after, padding: padding.inC)
    }
  }
}

extension Convolution.Padding {
  fileprivate var inC: recur_padding {
    switch self {
    case .zeros: RECUR_PADDING_ZEROS
    case .reflect: RECUR_PADDING_REFLECT
    case .replicate: RECUR_PADDING_REPLICATE
    }
  }
}
