// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A number that is computed on data in addition to the loss, such as an accuracy: the mean over the rows that
/// count.
///
/// ```swift
/// let large = Metric<Float>("large errors") { rows in
///   guard case .values(let targets) = rows.targets else {
///     return .nan
///   }
///   return Double(
///     (0..<targets.rows).count { row in
///       abs(rows.outputs[row, 0] - targets[row, 0]) > 1
///     })
/// }
/// try training.fit(data, validation: later, metrics: [large])
/// ```
public struct Metric<Scalar: RecurScalar>: Sendable {
  /// The rows of an output that count, and their targets.
  public struct Rows: Sendable {
    /// N x O.
    public let outputs: Matrix<Scalar>

    /// The targets of the N rows.
    public let targets: Targets<Scalar>
  }

  /// The name under which results are reported.
  public var name: String

  /// The name of the output; ``TrainingBatch/only`` for the only one.
  public let output: String

  /// Returns the sum of a number over rows.
  let sum: @Sendable (Rows) throws -> Double

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - name: the name under which results are reported.
  ///   - output: the name of the output; the only one if omitted.
  ///   - sum: returns the sum of a number over the rows of a batch that count.
  public init(
    _ name: String, of output: String = TrainingBatch<Scalar>.only,
    sum: @escaping @Sendable (Rows) throws -> Double
  ) {
    self.name = name
    self.output = output
    self.sum = sum
  }

  /// The share of rows whose largest output is that of the label.
  public static var accuracy: Metric { accuracy(of: TrainingBatch<Scalar>.only) }

  /// Returns the share of rows whose largest output is that of the label.
  ///
  /// - Parameter output: the name of the output.
  /// - Returns: the metric.
  public static func accuracy(of output: String) -> Metric {
    Metric("accuracy", of: output) { rows in
      guard case .labels(let labels) = rows.targets else {
        throw RecurError.invalid(argument: "targets", reason: "has values, expected labels")
      }
      return Double(
        labels.indices.count { row in
          (0..<rows.outputs.columns).max { rows.outputs[row, $0] < rows.outputs[row, $1] }
            == labels[row]
        })
    }
  }
}

extension TrainableModel {
  /// Computes metrics over all examples, without training.
  ///
  /// - Parameters:
  ///   - metrics: the metrics, with distinct names.
  ///   - loss: the loss of the model. Rows with its ignored label do not count.
  ///   - data: the examples.
  ///   - batching: how batches are formed: as in training, but always in order.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the mean of each metric over the rows that count, by name; NaN if none counts.
  /// - Throws: `RecurError` if the data are empty or do not fit the model, or if memory allocation
  ///   fails; the errors of the metrics.
  public func metrics(
    _ metrics: [Metric<Scalar>], _ loss: Loss, over data: any TrainingData<Scalar>,
    batching: Batching = .inOrder(size: 32), threads: Threads? = nil
  ) throws -> [String: Double] {
    guard !metrics.isEmpty else { return [:] }
    guard Set(metrics.map(\.name)).count == metrics.count else {
      throw RecurError.invalid(argument: "metrics", reason: "has two with the same name")
    }
    var sums = Array(repeating: (sum: 0.0, count: 0), count: metrics.count)
    var failure: (any Error)?
    try forEachBatch(of: data, batching) { batch, state throws(RecurError) in
      let result = try outputs(for: batch, initialState: state, threads: threads)
      for (k, metric) in metrics.enumerated() where failure == nil {
        let rows = try metric.rows(result.outputs, batch, loss)
        sums[k].count += rows.outputs.rows
        do { sums[k].sum += try metric.sum(rows) } catch { failure = error }
      }
      return result.finalState
    }
    if let failure { throw failure }
    return Dictionary(
      uniqueKeysWithValues: zip(metrics, sums).map { metric, total in
        (metric.name, total.count == 0 ? .nan : total.sum / Double(total.count))
      })
  }
}

extension Metric {
  /// Returns the rows of the metric's output that count.
  fileprivate func rows(
    _ outputs: [String: CountedOutput<Scalar>], _ batch: TrainingBatch<Scalar>, _ loss: Loss
  ) throws(RecurError) -> Rows {
    let isOnly = output == TrainingBatch<Scalar>.only
    guard
      let found = isOnly && outputs.count == 1 ? outputs.values.first : outputs[output],
      let targets = isOnly && batch.outputTargets.count == 1
        ? batch.outputTargets.values.first : batch.outputTargets[output]
    else {
      throw .invalid(
        argument: "metrics", reason: "has \(name) of the output \"\(output)\", which has no targets"
      )
    }
    let counting = loss.ofOutput(output).counting(found.counting, targets.targets)
    let places = counting.indices.filter { counting[$0] }
    return Rows(
      outputs: try found.rows.rows(places), targets: try targets.targets.rows(places))
  }
}

extension Loss {
  /// The loss of one output: a part of a sum, or this loss.
  fileprivate func ofOutput(_ name: String) -> Loss {
    guard case .heads(let heads) = self else { return self }
    let isOnly = name.isEmpty && heads.count == 1
    return (isOnly ? heads.values.first : heads[name])?.loss ?? self
  }

  /// Returns the rows that count, without those of an ignored label.
  fileprivate func counting<Scalar>(_ rows: [Bool], _ targets: Targets<Scalar>) -> [Bool] {
    guard case .crossEntropy(let ignored?, _) = self, case .labels(let labels) = targets else {
      return rows
    }
    return zip(rows, labels).map { $0 && $1 != ignored }
  }
}
