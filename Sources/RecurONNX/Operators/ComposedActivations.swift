// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

// Activations that Recur computes by several nodes without parameters.

extension Lowering {
  /// a + b or a ∘ b, for values with the same axes.
  fileprivate func joined(_ layer: ModelLayer, _ a: Tracked, _ b: Tracked) -> Tracked {
    var result = a
    result.node = builder.add(layer, of: [a.node, b.node])
    return result
  }

  fileprivate func affine(_ value: Tracked, _ weight: Double, _ bias: Double) -> Tracked {
    scaled(value, weight: .scalar(weight), bias: .scalar(bias))
  }

  /// erf x = tanh(x·p(x²)) for −3.9 ≤ x ≤ 3.9, where p is a polynomial; further out it is ±1 in single precision.
  ///
  /// The coefficients minimize the largest error of tanh(x·p(x²)), by a weighted fit of artanh(erf x)/x. The error
  /// is below 1e-8, further out below 4e-8, and below 1e-7 in single precision.
  fileprivate func erf(_ x: Tracked) -> Tracked {
    let coefficients = [
      1.128_379_243_684_266_1, 0.102_771_443_487_150_67, -0.000_204_511_995_013_756_4,
      -0.000_597_968_593_087_417_8, 7.097_747_850_810_72e-05, 7.640_417_803_163_44e-07,
      -1.181_500_342_240_124_7e-06, 1.447_770_127_977_859_4e-07, -7.854_143_243_837_533e-09,
      1.657_104_889_737_806_6e-10,
    ]
    let clipped = map(.activation(.hardTanh(min: -3.9, max: 3.9)), x)
    let square = joined(.multiply, clipped, clipped)
    var sum = affine(square, coefficients[9], coefficients[8])
    for coefficient in coefficients[..<8].reversed() {
      sum = affine(joined(.multiply, sum, square), 1, coefficient)
    }
    return map(.activation(.tanh), joined(.multiply, sum, clipped))
  }

  /// x·(1 + erf(x/√2))/2
  fileprivate func gelu(_ x: Tracked) -> Tracked {
    joined(.multiply, x, affine(erf(affine(x, 0.5.squareRoot(), 0)), 0.5, 0.5))
  }

  /// x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2
  fileprivate func geluByTanh(_ x: Tracked) -> Tracked {
    let cube = joined(.multiply, x, joined(.multiply, x, x))
    let sum = joined(.add, x, affine(cube, 0.044715, 0))
    let tanh = map(.activation(.tanh), affine(sum, (2 / Double.pi).squareRoot(), 0))
    return joined(.multiply, x, affine(tanh, 0.5, 0.5))
  }
}

// Softmax

extension Lowering {
  fileprivate func slice(_ value: Tracked, _ range: Range<Int>) -> Tracked {
    var result = value
    result.node = builder.add(.slice(range), of: [value.node])
    result.channels = range.count
    return result
  }

  /// log(exp a + exp b) = a + softplus(b − a), for the halves of the channels, until one is left.
  private func logSumExp(_ value: Tracked) -> Tracked {
    var rest = value
    while rest.channels > 1 {
      let (half, all) = (rest.channels / 2, rest.channels)
      let (a, b) = (slice(rest, 0..<half), slice(rest, half..<2 * half))
      let difference = joined(.add, b, affine(a, -1, 0))
      var sums = joined(.add, a, map(.activation(.softplus), difference))
      if all > 2 * half {
        sums.node = concatenated([sums.node, slice(rest, 2 * half..<all).node])
        sums.channels += 1
      }
      rest = sums
    }
    return rest
  }

  /// Copies of the only channel.
  private func copies(_ value: Tracked, _ channels: Int) -> Tracked {
    var wide = value
    while wide.channels < channels {
      let count = min(8, (channels + wide.channels - 1) / wide.channels)
      wide.node = concatenated(Array(repeating: wide.node, count: count))
      wide.channels *= count
    }
    return wide.channels == channels ? wide : slice(wide, 0..<channels)
  }

  /// x − log(Σ exp x) over the channels.
  fileprivate func logSoftmax(_ value: Tracked) -> Tracked {
    joined(.add, value, affine(copies(logSumExp(value), value.channels), -1, 0))
  }
}

private func gelu(_ lowering: Lowering, _ call: Call) throws(Refusal) -> [Value] {
  let x = try call.tracked(0)
  switch try call.string("approximate", default: "none") {
  case "none": return [Value(lowering.gelu(x))]
  case "tanh": return [Value(lowering.geluByTanh(x))]
  case let other: throw Refusal("has the approximation \(other), expected none or tanh")
  }
}

let composedActivationOperations: [String: Operation] = [
  "Erf": Operation(
    inputs: 1,
    lower: { lowering, call throws(Refusal) in [Value(lowering.erf(try call.tracked(0)))] }),
  "Gelu": Operation(inputs: 1, ["approximate"], lower: gelu),
  "LogSoftmax": Operation(
    inputs: 1, ["axis"],
    lower: overChannels { lowering, value in lowering.logSoftmax(value) }),
]
