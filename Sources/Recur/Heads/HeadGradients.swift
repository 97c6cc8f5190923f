// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// The gradients of a loss that an output head computes.
public struct HeadGradients<Rows: FeatureRows>: Sendable {
  /// The gradient with respect to the head's parameters, in their layout.
  public let parameters: ParameterVector<Rows.Scalar>

  /// The gradient with respect to the inputs, of the same shape.
  public let inputs: Rows
}
