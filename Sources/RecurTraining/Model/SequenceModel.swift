// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// A sequence model: an embedding (for token models), a recurrent network, and a linear layer over
/// its outputs.
///
/// A model is a value. All its parameters are in one vector. The name of each slice starts with the
/// name of its component: `embedding.weight`, `network.weight_ih_l0`, …, `head.weight`,
/// `head.bias`.
///
/// ```swift
/// let model = try SequenceModel<Float>(
///   network: LSTM(inputSize: 1, hiddenSize: 32, seed: 0),
///   head: Linear(inputSize: 32, outputSize: 104, seed: 1),
///   reading: .lastStep)
/// ```
public struct SequenceModel<Scalar: RecurScalar>: Sendable {
  /// The outputs of the network that the head reads.
  public let reading: ModelReading

  /// All parameters.
  public var parameters: ParameterVector<Scalar>

  /// The components without their parameters.
  private let embeddingShape: Embedding<Scalar>?
  private var networkShape: any RecurrentNetwork<Scalar>
  private let headShape: Linear<Scalar>

  /// The positions of the components' parameters.
  let places: Places

  /// Creates a model from its components.
  ///
  /// - Parameters:
  ///   - embedding: the embedding of a token model, whose vectors are the network's inputs; nil for
  ///     a model of features.
  ///   - network: the recurrent network.
  ///   - head: the linear layer over the network's outputs, with D·P inputs and O outputs.
  ///   - reading: the outputs of the network that the head reads.
  /// - Throws: `RecurError.invalid(argument:reason:)` if the sizes of the components do not match.
  public init(
    embedding: Embedding<Scalar>? = nil, network: any RecurrentNetwork<Scalar>,
    head: Linear<Scalar>, reading: ModelReading
  ) throws(RecurError) {
    guard embedding == nil || embedding?.size == network.inputSize else {
      throw .invalid(
        argument: "embedding",
        reason:
          "has size \(embedding!.size), expected the network's input size \(network.inputSize)")
    }
    guard head.inputSize == network.outputSize else {
      throw .invalid(
        argument: "head",
        reason:
          "has input size \(head.inputSize), expected the network's output size \(network.outputSize)"
      )
    }
    self.reading = reading
    self.parameters = try ParameterVector(
      joining: (embedding.map { [("embedding.", $0.parameters)] } ?? [])
        + [("network.", network.parameters), ("head.", head.parameters)])
    self.places = Places(
      embedding: embedding?.parameters.slices ?? [], network: network.parameters.slices,
      head: head.parameters.slices)
    var (embedding, network, head) = (embedding, network, head)
    embedding?.parameters = try .none()
    network.parameters = try .none()
    head.parameters = try .none()
    self.embeddingShape = embedding
    self.networkShape = network
    self.headShape = head
  }

  /// The positions of the components' parameters.
  struct Places: Sendable {
    let embedding: [ParameterSlice]
    let network: [ParameterSlice]
    let head: [ParameterSlice]

    var networkOffset: Int { Self.count(embedding) }
    var headOffset: Int { networkOffset + Self.count(network) }

    private static func count(_ parts: [ParameterSlice]) -> Int {
      parts.reduce(0) { $0 + $1.rows * $1.columns }
    }
  }
}

// Components

extension SequenceModel {
  /// The embedding, with its parameters; nil for a model of features.
  public var embedding: Embedding<Scalar>? {
    guard var embedding = embeddingShape else { return nil }
    embedding.parameters = parameters.component(places.embedding, at: 0)
    return embedding
  }

  /// The network, with its parameters.
  public var network: any RecurrentNetwork<Scalar> {
    var network = networkShape
    network.parameters = parameters.component(places.network, at: places.networkOffset)
    return network
  }

  /// The head, with its parameters.
  public var head: Linear<Scalar> {
    var head = headShape
    head.parameters = parameters.component(places.head, at: places.headOffset)
    return head
  }

  /// I, the number of features; nil for a token model.
  public var inputSize: Int? { embeddingShape == nil ? networkShape.inputSize : nil }

  /// O, the number of outputs.
  public var outputSize: Int { headShape.outputSize }

  /// Returns a state of zeros.
  ///
  /// - Parameter batchSize: B, at least 0.
  /// - Returns: the state, L·D·B rows.
  /// - Throws: `RecurError` if the size is negative, or if memory allocation fails.
  public func zeroState(batchSize: Int) throws(RecurError) -> any NetworkState<Scalar> {
    try networkShape.anyZeroState(batchSize: batchSize)
  }
}

// Workspaces

extension SequenceModel {
  /// Frees the workspaces that passes of this model and of its copies left for the next pass of the
  /// same shape: at most one of inference and one of training. The next pass allocates a new one.
  /// Copies share workspaces, but a model and the `Training` that was created from it do not.
  public func releaseWorkspaces() { networkShape.releaseWorkspaces() }

  public func withOwnWorkspaces() throws(RecurError) -> SequenceModel {
    var model = self
    model.networkShape = try networkShape.configuration.network(of: Scalar.self)
    model.networkShape.parameters = try .none()
    return model
  }

  /// The number of bytes of the workspaces that wait for the next pass.
  var spareBytes: Int { networkShape.plan.spareBytes }
}

extension RecurrentNetwork {
  fileprivate func anyZeroState(batchSize: Int) throws(RecurError) -> any NetworkState<Scalar> {
    try zeroState(batchSize: batchSize)
  }

  /// Casts a state to this network's type of state.
  func state(_ state: (any NetworkState<Scalar>)?) throws(RecurError) -> State? {
    guard let state else { return nil }
    guard let own = state as? State else {
      throw .invalid(
        argument: "initialState", reason: "is a \(type(of: state)), expected a \(State.self)")
    }
    return own
  }
}

extension SequenceModel: CustomStringConvertible {
  public var description: String {
    let parts = [
      embeddingShape.map { "Embedding(vocabularySize: \($0.vocabularySize), size: \($0.size))" },
      "\(networkShape.configuration)",
      "Linear(inputSize: \(headShape.inputSize), outputSize: \(headShape.outputSize))",
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
      + (reading == .lastStep ? " of the last step" : "")
  }
}

// Inference

/// The result of running a model over a batch.
public struct ModelOutput<Scalar: RecurScalar>: Sendable {
  /// The output: T·B x O, or B x O for a model that reads the last step. For classes, it consists of
  /// logits.
  public let output: Matrix<Scalar>

  /// The state after the last step of each sequence, for the next chunk of the same sequences.
  public let finalState: any NetworkState<Scalar>
}

extension SequenceModel {
  /// Runs the model over whole sequences.
  ///
  /// - Parameters:
  ///   - input: T·B x I features, or T·B tokens.
  ///   - lengths: the number of steps of each sequence, 0 to T; all T if nil.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the outputs and the final state.
  /// - Throws: `RecurError` if the input, the lengths or the state do not fit the model, or if
  ///   memory allocation fails.
  public func callAsFunction(
    _ input: ModelInput<Scalar>, lengths: [Int]? = nil,
    initialState: (any NetworkState<Scalar>)? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelOutput<Scalar> {
    let result = try infer(network, input, lengths, initialState, threads)
    return ModelOutput(output: try head(result.features), finalState: result.finalState)
  }

  func infer<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ input: ModelInput<Scalar>, _ lengths: [Int]?,
    _ initialState: (any NetworkState<Scalar>)?, _ threads: Threads?
  ) throws(RecurError) -> (features: Matrix<Scalar>, finalState: any NetworkState<Scalar>) {
    let output = try network(
      vectors(input), lengths: lengths, initialState: network.state(initialState),
      threads: threads)
    return (try features(network, output.outputs, output.finalState), output.finalState)
  }

  /// Returns the input of the network.
  func vectors(_ input: ModelInput<Scalar>) throws(RecurError) -> SequenceBatch<Scalar> {
    switch (input, embedding) {
    case (.features(let batch), nil): return batch
    case (.tokens(let tokens), let embedding?): return try embedding(tokens)
    case (.features, _?):
      throw .invalid(argument: "input", reason: "has features, expected tokens")
    case (.tokens, nil):
      throw .invalid(
        argument: "input", reason: "has tokens, expected features: the model has no embedding")
    }
  }

  /// Returns the input of the head.
  func features<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ outputs: SequenceBatch<Scalar>, _ finalState: Network.State
  ) throws(RecurError) -> Matrix<Scalar> {
    reading == .everyStep ? outputs.matrix : try network.lastHidden(of: finalState)
  }
}
