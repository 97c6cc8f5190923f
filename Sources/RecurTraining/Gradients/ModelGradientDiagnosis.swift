// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Measurements of how the gradient of a graph's loss changes from node to node, and within each network through
/// time.
///
/// ```swift
/// let diagnosis = try model.diagnoseGradients(
///   .meanSquaredError, of: batch)
/// print(diagnosis.summary)
/// print(diagnosis["lstm"]!.network!.flow!.kind)
/// ```
///
/// A value that overflows is infinite; values computed from it are infinite or NaN.
public struct ModelGradientDiagnosis: Sendable, Equatable, Codable {
  /// The loss of the batch.
  public var loss: LossValue

  /// The norm of the gradients of all the model's parameters together.
  public var gradientNorm: Double

  /// The measurements of each node that reads others, in the order of the nodes.
  public var nodes: [NodeGradientDiagnosis]

  /// The measurements of a node; nil if no node with this name reads others.
  ///
  /// - Parameter name: the name of the node.
  public subscript(name: String) -> NodeGradientDiagnosis? { nodes.first { $0.name == name } }

  /// Returns the effect that ``GradientClipping/norm(_:)`` would have on these gradients: see
  /// ``GradientDiagnosis/clipping(at:)``.
  ///
  /// - Parameter limit: the maximum norm, above 0.
  /// - Returns: the factor and the norm after clipping.
  public func clipping(at limit: Double) -> ClippingEffect {
    ClippingEffect(of: gradientNorm, at: limit)
  }

  /// One line for each network: whether its gradients vanish or explode, from which step, and what its weights
  /// imply.
  public var summary: String {
    nodes.compactMap { node in node.network.map { "\(node.name): \($0.summary)" } }
      .joined(separator: "\n")
  }
}

/// The measurements of one node.
public struct NodeGradientDiagnosis: Sendable, Equatable, Codable {
  /// The name of the node.
  public var name: String

  /// ‖∂L/∂yₜ‖ for each of the B sequences and each step of its value y; one norm for each sequence if the node has
  /// one row for each. L is the loss of the whole batch. Between two nodes, these norms show where a gradient
  /// vanishes on its way from the outputs to the inputs.
  public var valueNorms: [[Double]]

  /// The measurements of a network: those of a ``SequenceModel`` of this network, with the loss and the norm of all
  /// gradients of the graph. Nil for other nodes.
  public var network: GradientDiagnosis?
}

extension Model {
  /// Measures how the gradients of a batch change in the backward pass through the graph, and through time in each
  /// of its networks.
  ///
  /// Each network takes two training passes and the time and memory of
  /// ``SequenceModel/diagnoseGradients(_:of:initialState:sequences:saturatedBelow:threads:)``. Most of it goes into
  /// the Jacobians, which `sequences: 0` omits.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - sequences: the number of sequences whose Jacobians are measured, starting with the first; all if nil.
  ///   - share: a unit counts as saturated if the slope of its activation is below this share of the maximum slope,
  ///     0 to 1.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the measurements.
  /// - Throws: `RecurError.unsupported(argument:reason:)` if a network has dropout or zoneout (copy the parameters
  ///   to a model without them); otherwise the same errors as computing the loss.
  public func diagnoseGradients(
    _ loss: Loss, of batch: TrainingBatch<Scalar>, initialState: State? = nil,
    sequences: Int? = nil, saturatedBelow share: Double = 0.05, threads: Threads? = nil
  ) throws(RecurError) -> ModelGradientDiagnosis {
    let sequences = try requireOptions(
      sequences, share, batch.batchSize, drawsMasks: drawsMasks, "model")
    let all = try withAllOutputs()
    let pass = try all.trainingPass(
      named(batch.inputs, inputs, "inputs"), lengths: batch.lengths, initialState: initialState,
      threads: threads)
    let values = pass.results
    let (value, slopes) = try terms(loss, values, batch)
    var dtheta = try parameters.zeros()
    let gradients = try pass.backwardToValues(outputGradients: slopes, addingTo: &dtheta)
    var result = ModelGradientDiagnosis(
      loss: value, gradientNorm: Double(dtheta.norm), nodes: [])
    for node in graph.nodes {
      guard let gradient = gradients[node.name] else { continue }
      let lengths = try all.lengths(of: node.name, in: batch)
      var own = NodeGradientDiagnosis(
        name: node.name, valueNorms: gradient.norms(lengths), network: nil)
      if case .network(let configuration) = node.layer, let input = values[node.sources[0]] {
        own.network = try diagnosis(
          of: configuration.network(of: Scalar.self), node, input, gradient, lengths, initialState,
          result, (sequences, share), threads)
      }
      result.nodes.append(own)
    }
    return result
  }

  /// Measures a network, given its inputs and the gradient with respect to its outputs.
  private func diagnosis<Network: RecurrentNetwork<Scalar>>(
    of network: Network, _ node: ModelNode, _ input: SequenceBatch<Scalar>,
    _ gradient: SequenceBatch<Scalar>, _ lengths: [Int], _ initialState: State?,
    _ model: ModelGradientDiagnosis, _ options: (sequences: Int, share: Double),
    _ threads: Threads?
  ) throws(RecurError) -> GradientDiagnosis {
    var network = network
    for slice in network.parameters.slices {
      guard let matrix = parameters["\(node.name).\(slice.name)"] else {
        throw .outOfMemory(reason: "memory for \(slice.name) cannot be allocated")
      }
      try network.parameters.set(slice.name, to: matrix)
    }
    var state: Network.State?
    if let hidden = initialState?["\(node.name).h"] {
      state = try Network.State(hidden: hidden, cellState: initialState?["\(node.name).c"])
    }
    let pass = try network.trainingPass(
      input, lengths: lengths, initialState: state, threads: threads)
    let gates = try network.gateDiagnoses(pass, lengths, saturatedBelow: options.share)
    let norms = try pass.backward(outputGradient: gradient, stateNorms: true).stateNorms
    return try GradientDiagnosis(
      network, loss: model.loss, gradientNorm: model.gradientNorm, gates: gates,
      stateNorms: norms!, input: input, lengths: lengths,
      jacobians: network.jacobians(input, lengths.prefix(options.sequences), state, threads))
  }

  /// The number of steps of a value in each sequence.
  private func lengths(
    of node: String, in batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> [Int] {
    let rows = try rowsWithinSequences(of: node, in: batch)
    let B = batch.batchSize
    return (0..<B).map { b in stride(from: b, to: rows.count, by: B).count { rows[$0] } }
  }
}

extension SequenceBatch {
  /// The norm of each row within a sequence, grouped by sequence.
  fileprivate func norms(_ lengths: [Int]) -> [[Double]] {
    lengths.indices.map { b in
      (0..<lengths[b]).map { t in
        (0..<features).reduce(0.0) { sum, j in
          let element = Double(self[t, b, j])
          return sum + element * element
        }
        .squareRoot()
      }
    }
  }
}
