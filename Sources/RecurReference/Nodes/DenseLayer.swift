// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

// A dense layer is the linear layer of all columns of a step: y = W x + b, where x has Q·C elements.

extension ReferenceLinear: ReferenceFunction {
  public var parameters: [R] {
    get { weight.flatMap { $0 } + bias }
    set {
      let count = newValue.count - bias.count
      weight = matrix(Array(newValue[..<count]), rows: weight.count)
      bias = Array(newValue[count...])
    }
  }

  public func callAsFunction(_ x: ReferenceValue<R>) -> ReferenceValue<R> {
    x.map { step in [self(step.flatMap { $0 })] }
  }

  public func backward(
    x: ReferenceValue<R>, dy: ReferenceValue<R>, into gradients: inout ReferenceLinear
  ) -> ReferenceValue<R> {
    x.indices.map { t in
      let columns = backward(x: x[t].flatMap { $0 }, dy: dy[t][0], into: &gradients)
      return matrix(columns, rows: x[t].count)
    }
  }
}
