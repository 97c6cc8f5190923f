// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The options of a convolution over the steps of a sequence or over the positions within a step.
public struct ReferenceConvolutionOptions: Hashable, Sendable {
  /// The direction of a convolution.
  public enum Axis: Sendable, CaseIterable {
    /// The steps of a sequence. The value has one position.
    case steps

    /// The positions within each step.
    case positions
  }

  /// The values before the first and after the last of n inputs.
  public enum Padding: Sendable, CaseIterable {
    /// 0.
    case zeros

    /// x₋ᵢ for i < 0, and x_{2(n − 1) − i} for i ≥ n, with inputs counted from 0.
    case reflect

    /// The first and the last input.
    case replicate
  }

  /// Steps or positions.
  public var axis: Axis

  /// The distance between the first inputs of two outputs.
  public var stride = 1

  /// The distance between the inputs of an output.
  public var dilation = 1

  /// The number of groups g.
  public var groups = 1

  /// The padding before the first input.
  public var before = 0

  /// The padding after the last input.
  public var after = 0

  /// The values of the padding.
  public var padding = Padding.zeros

  /// Creates options without padding, with stride, dilation and groups 1.
  ///
  /// - Parameter axis: Steps or positions.
  public init(over axis: Axis) { self.axis = axis }

  /// The index of the input at each place of the padded inputs; nil for a zero. No inputs have no padding.
  func places(_ n: Int) -> [Int?] {
    if n == 0 { return [] }
    return (-before..<n + after).map { i in
      if i >= 0, i < n { return i }
      switch padding {
      case .zeros: return nil
      case .reflect: return i < 0 ? -i : 2 * (n - 1) - i
      case .replicate: return i < 0 ? 0 : n - 1
      }
    }
  }
}
