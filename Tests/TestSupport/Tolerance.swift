// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// How far a result may be from its oracle: the one rule of all tests. No test picks a number.
public enum Tolerance {
  /// A bound on the error of one output that n rounded operations stand behind, in series or in a
  /// sum, where `magnitude` is the sum of the absolute values of what is summed.
  ///
  /// To first order n roundings of half an epsilon each err by at most n epsilon / 2 times that
  /// magnitude, in any order of summation and with or without fused multiply-adds (Higham, Accuracy
  /// and Stability of Numerical Algorithms, chapter 3: gamma_n). Twice that is for functions whose
  /// error is up to a whole epsilon, and twice again for the oracle, which may be no wider than the
  /// type under test. Below the normal numbers the error no longer shrinks with the magnitude.
  public static func bound<Tested: BinaryFloatingPoint, Oracle: BinaryFloatingPoint>(
    operations n: Int, magnitude: Oracle, of type: Tested.Type
  ) -> Oracle {
    let normal = Oracle.maximum(magnitude, Oracle(Tested.leastNormalMagnitude))
    return magnitude.isNaN ? .nan : 2 * Oracle(n) * Oracle(Tested.ulpOfOne) * normal
  }

  /// A bound on the error of a central difference (`centralDifferences`) of a function that itself
  /// takes n operations, where `magnitude` is that of the function's value.
  ///
  /// Rounding contributes the function's own bound over the step, and what Taylor's series leaves
  /// out contributes step^2 / 6 times the third derivative, which for arguments of unit scale is
  /// below n times the magnitude.
  public static func difference<R: BinaryFloatingPoint>(operations n: Int, magnitude: R) -> R {
    let step = differenceStep(R.self)
    let truncation = step * step * R(n) * magnitude
    return bound(operations: n, magnitude: magnitude, of: R.self) / step + truncation
  }
}

/// How many operations stand behind one output, for T steps, B sequences in the batch, I inputs,
/// H hidden units and O outputs.
extension Tolerance {
  /// An element of y = W x + b: I products and their sum, and the bias.
  public static func linearForward(inputs: Int) -> Int { inputs + 2 }

  /// An element of dx = W^T dy, or of a parameter's gradient summed over the rows.
  public static func linearBackward(rows: Int, outputs: Int) -> Int { rows + outputs + 1 }

  /// An element of h_t after T steps: the products and their sum, two biases, and phi, each step.
  /// The magnitude is `ReferenceRNN.forwardMagnitudes`.
  public static func rnnForward(steps: Int, inputs: Int, hidden: Int) -> Int {
    steps * (inputs + hidden + 6)
  }

  /// An element of any gradient, from the same h as the oracle's: H products and their sum, dh_t
  /// and phi' each step, then dx, dh_0 or a sum over steps and sequences. The magnitude is
  /// `ReferenceRNN.backwardMagnitudes`, summed over the sequences.
  ///
  /// The same h: the oracle is given what the forward pass under test gave, widened. Otherwise
  /// the forward pass's errors would be in the gradients, and in this bound, too.
  public static func rnnBackward(steps: Int, batch: Int = 1, hidden: Int) -> Int {
    steps * (hidden + 5) + hidden + steps * batch + 1
  }

  /// The same for `doubleSums`, which sums a term for each pair of steps.
  public static func rnnDoubleSums(steps: Int, hidden: Int) -> Int {
    steps * (hidden + 5) + steps * steps + 1
  }

  /// An element of softmax(z) for given z, with the magnitude 1: exp of a rounded difference,
  /// whose error e^-a a cannot exceed 1/e, the sum, and the quotient.
  public static func softmax(outputs: Int) -> Int { outputs + 6 }

  /// An element of dz from given y: the sum over the classes, a difference and two products. The
  /// magnitude is the largest |dy|, or |dloss|, times 2.
  public static func softmaxBackward(outputs: Int) -> Int { outputs + 4 }

  /// The loss for given z, with the magnitude 1 + (largest z - smallest z).
  public static func crossEntropy(outputs: Int) -> Int { outputs + 8 }
}
