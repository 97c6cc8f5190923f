// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A term of a layer normalization of x that an exporter wrote out. Scales by constants may follow in the term.
struct NormalizationTerm {
  enum Kind {
    /// The mean m over the channels.
    case mean

    /// −m
    case negativeMean

    /// x − m
    case centered

    /// (x − m)²
    case squared

    /// The mean of (x − m)², plus ε.
    case variance(epsilon: Double)

    /// s = √(var + ε)
    case deviation(epsilon: Double)

    /// w / s
    case inverse(epsilon: Double, weight: ColumnConstant?)

    /// x ∘ w / s
    case scaledInput(epsilon: Double, weight: ColumnConstant?)

    /// b − m ∘ w / s
    case scaledMean(epsilon: Double, weight: ColumnConstant?, bias: ColumnConstant?)
  }

  let kind: Kind
  let x: Tracked

  init(_ kind: Kind, _ x: Tracked) {
    self.kind = kind
    self.x = x
  }

  private var unknown: Refusal { Refusal("is a part of a layer normalization in an unknown form") }

  /// The mean over the channels of a value or of its squared deviations; nil if it is none.
  static func mean(of input: Value, axes: [Int]) -> NormalizationTerm? {
    let x: Tracked
    var kind = Kind.mean
    switch (input.pending, input.tracked) {
    case (.normalization(let term)?, _):
      guard case .squared = term.kind else { return nil }
      (x, kind) = (term.x, .variance(epsilon: 0))
    case (_, let tracked?) where tracked.padding == nil && !tracked.isTokens: x = tracked
    default: return nil
    }
    guard axes.count == 1, x.axes.indices.contains(axes[0]), x.axes[axes[0]] == [.channels] else {
      return nil
    }
    return NormalizationTerm(kind, x)
  }

  func adding(_ constant: Constant, _ lowering: Lowering) throws(Refusal) -> Value {
    switch kind {
    case .variance(let epsilon):
      return Self(.variance(epsilon: epsilon + (try constant.scalar())), x).value
    case .scaledMean(let epsilon, let weight, nil):
      let bias = try x.columnConstant(constant, lowering)
      return Self(.scaledMean(epsilon: epsilon, weight: weight, bias: bias), x).value
    default: throw unknown
    }
  }

  func multiplied(by constant: Constant, _ lowering: Lowering) throws(Refusal) -> Value {
    guard case .inverse(let epsilon, nil) = kind else { throw unknown }
    return Self(.inverse(epsilon: epsilon, weight: try x.columnConstant(constant, lowering)), x)
      .value
  }

  /// Returns the product with a value or another term.
  func multiplied(by other: Value, _ lowering: Lowering) throws(Refusal) -> Value {
    if case .normalization(let term)? = other.pending {
      switch (kind, term.kind) {
      case (.inverse, .centered), (.inverse, .negativeMean):
        return try term.multiplied(by: value, lowering)
      case (.centered, .centered) where x.isSame(as: term.x): return Self(.squared, x).value
      case (.centered, .inverse(let epsilon, let weight)) where x.isSame(as: term.x):
        return Value(normalized(epsilon, weight, nil, lowering))
      case (.negativeMean, .inverse(let epsilon, let weight)) where x.isSame(as: term.x):
        return Self(.scaledMean(epsilon: epsilon, weight: weight, bias: nil), x).value
      default: throw unknown
      }
    }
    guard case .inverse(let epsilon, let weight) = kind, let tracked = other.tracked,
      tracked.isSame(as: x)
    else { throw unknown }
    return Self(.scaledInput(epsilon: epsilon, weight: weight), x).value
  }

  func adding(_ other: Value, _ lowering: Lowering) throws(Refusal) -> Value {
    guard case .normalization(let term)? = other.pending, term.x.isSame(as: x) else {
      throw unknown
    }
    switch (kind, term.kind) {
    case (.scaledInput(let epsilon, let weight), .scaledMean(let others, let w, let bias)),
      (.scaledMean(let others, let w, let bias), .scaledInput(let epsilon, let weight)):
      guard epsilon == others, weight == w else { throw unknown }
      return Value(normalized(epsilon, weight, bias, lowering))
    default: throw unknown
    }
  }

  func divided(by other: NormalizationTerm, _ lowering: Lowering) throws(Refusal) -> Value {
    guard case .centered = kind, case .deviation(let epsilon) = other.kind, x.isSame(as: other.x)
    else {
      throw unknown
    }
    return Value(normalized(epsilon, nil, nil, lowering))
  }

  func negated() throws(Refusal) -> Value {
    guard case .mean = kind else { throw unknown }
    return Self(.negativeMean, x).value
  }

  func squared() throws(Refusal) -> Value {
    guard case .centered = kind else { throw unknown }
    return Self(.squared, x).value
  }

  func squareRoot() throws(Refusal) -> Value {
    guard case .variance(let epsilon) = kind, epsilon > 0 else { throw unknown }
    return Self(.deviation(epsilon: epsilon), x).value
  }

  func reciprocal() throws(Refusal) -> Value {
    guard case .deviation(let epsilon) = kind else { throw unknown }
    return Self(.inverse(epsilon: epsilon, weight: nil), x).value
  }

  var value: Value { Value(.normalization(self)) }

  private func normalized(
    _ epsilon: Double, _ weight: ColumnConstant?, _ bias: ColumnConstant?, _ lowering: Lowering
  ) -> Tracked {
    let normal = lowering.map(.layerNormalization(epsilon: epsilon), x)
    guard weight != nil || bias != nil else { return normal }
    return lowering.scaled(normal, weight: weight, bias: bias)
  }
}
