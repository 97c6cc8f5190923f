// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A term of an index into a table that counts from the end if it is negative: n·(x + V) + (1 − n)·x, where n is 1
/// for x < 0, as an exporter wrote it. Tokens are not negative, so the sum is x.
struct TokenTerm {
  enum Kind { case converted, shifted, negative, notNegative, selectedShifted, selected }

  let kind: Kind
  let tokens: Tracked

  init(_ kind: Kind, _ tokens: Tracked) {
    self.kind = kind
    self.tokens = tokens
  }

  private var unknown: Refusal {
    Refusal("computes tokens, which is supported only for indices from the end")
  }

  var value: Value { Value(.token(self)) }

  /// x < 0
  func less(than constant: Constant) throws(Refusal) -> Value {
    guard kind == .converted, try constant.scalar() == 0 else { throw unknown }
    return Self(.negative, tokens).value
  }

  func negated() throws(Refusal) -> Value {
    guard kind == .negative else { throw unknown }
    return Self(.notNegative, tokens).value
  }

  func multiplied(by other: Value) throws(Refusal) -> Value {
    if kind == .notNegative, other.pending == nil, let x = other.tracked, x.isTokens,
      x.isSame(as: tokens)
    {
      return Self(.selected, tokens).value
    }
    guard case .token(let term)? = other.pending, term.tokens.isSame(as: tokens),
      Set([kind, term.kind]) == [.negative, .shifted]
    else { throw unknown }
    return Self(.selectedShifted, tokens).value
  }

  func adding(_ other: Value) throws(Refusal) -> Value {
    guard case .token(let term)? = other.pending, term.tokens.isSame(as: tokens),
      Set([kind, term.kind]) == [.selectedShifted, .selected]
    else { throw unknown }
    return Value(tokens)
  }
}
