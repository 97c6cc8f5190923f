// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A range of the channels of each position.
public struct ReferenceSlice<R: ReferenceNumber>: ReferenceChannelFunction {
  /// The channels.
  public let channels: Range<Int>

  /// Creates a layer.
  ///
  /// - Parameter channels: The channels.
  public init(_ channels: Range<Int>) { self.channels = channels }

  public func callAsFunction(_ x: [R]) -> [R] { Array(x[channels]) }

  public func backward(x: [R], dy: [R], into gradients: inout ReferenceSlice) -> [R] {
    // dx is dy in the range, otherwise 0
    var dx: [R] = zeros(x.count)
    dx.replaceSubrange(channels, with: dy)
    return dx
  }
}
