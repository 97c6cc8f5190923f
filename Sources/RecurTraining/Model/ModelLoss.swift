// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

extension SequenceModel {
  /// Computes the loss of a batch without gradients.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  /// - Returns: the loss, and the state after the last step of each sequence.
  /// - Throws: `RecurError` if the batch or the state does not fit the model, or if memory
  ///   allocation fails.
  public func loss(
    _ loss: Loss, of batch: TrainingBatch<Scalar>,
    initialState: (any NetworkState<Scalar>)? = nil, threads: Threads? = nil
  ) throws(RecurError) -> (value: LossValue, finalState: any NetworkState<Scalar>) {
    let result = try infer(
      network, batch.onlyInput, batch.lengths, initialState, threads)
    return (try value(of: loss, result.features, batch), result.finalState)
  }

  /// Computes the loss of a batch and adds the gradients of all parameters to a vector.
  ///
  /// - Parameters:
  ///   - loss: the loss.
  ///   - batch: the inputs and targets.
  ///   - initialState: the state before the first step; zero if nil.
  ///   - dropoutSeed: the seed of dropout and zoneout; nil for networks without them.
  ///   - threads: the threads that share the work; the calling thread alone if nil.
  ///   - gradients: a vector with the layout of the model's parameters.
  /// - Returns: the loss, and the state after the last step of each sequence.
  /// - Throws: `RecurError` if the batch or the state does not fit the model, the seed is missing
  ///   or not needed, the gradients belong to other parameters, or memory allocation fails.
  public func loss(
    _ loss: Loss, of batch: TrainingBatch<Scalar>,
    initialState: (any NetworkState<Scalar>)? = nil, dropoutSeed: DropoutSeed? = nil,
    threads: Threads? = nil, addingGradientsTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> (value: LossValue, finalState: any NetworkState<Scalar>) {
    guard gradients.slices == parameters.slices else {
      throw .invalid(
        argument: "gradients", reason: "does not have the layout of this model's parameters")
    }
    return try train(network, loss, batch, initialState, dropoutSeed, threads, &gradients)
  }

  private func train<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ loss: Loss, _ batch: TrainingBatch<Scalar>,
    _ initialState: (any NetworkState<Scalar>)?, _ dropoutSeed: DropoutSeed?, _ threads: Threads?,
    _ gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> (value: LossValue, finalState: any NetworkState<Scalar>) {
    let pass = try network.trainingPass(
      vectors(batch.onlyInput), lengths: batch.lengths, initialState: network.state(initialState),
      dropoutSeed: dropoutSeed, threads: threads)
    let finalState = pass.finalState
    let slopes = try slopes(network, pass.outputs, finalState, loss, batch, &gradients)
    guard embedding == nil else {
      _ = try backward(pass, slopes, batch, &gradients)
      return (slopes.value, finalState)
    }
    var dtheta = try gradients.takeComponent(places.network, at: places.networkOffset)
    defer { gradients.putBack(dtheta) }
    try pass.backwardToParameters(
      outputGradient: slopes.outputs, finalStateGradient: slopes.finalState, addingTo: &dtheta)
    return (slopes.value, finalState)
  }

  /// A loss, and its gradient with respect to every output of the network or to its final state.
  typealias Slopes<Network: RecurrentNetwork> = (
    value: LossValue, outputs: SequenceBatch<Scalar>?, finalState: Network.State?
  )

  /// Computes the loss of a batch and its gradient, and adds the gradients of the head.
  func slopes<Network: RecurrentNetwork<Scalar>>(
    _ network: Network, _ outputs: SequenceBatch<Scalar>, _ finalState: Network.State,
    _ loss: Loss, _ batch: TrainingBatch<Scalar>, _ gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> Slopes<Network> {
    let (value, slope) = try differentiate(
      loss, features(network, outputs, finalState), batch, &gradients)
    guard reading == .everyStep else {
      return (value, nil, try network.state(lastHidden: slope))
    }
    let dy = try SequenceBatch(
      steps: outputs.steps, batchSize: outputs.batchSize, matrix: slope)
    return (value, dy, nil)
  }

  /// Runs the backward pass of the network and, if there is one, of the embedding.
  func backward<Network: RecurrentNetwork<Scalar>>(
    _ pass: consuming NetworkTrainingPass<Network>, _ slopes: Slopes<Network>,
    _ batch: TrainingBatch<Scalar>, stateNorms: Bool = false,
    _ gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> NetworkInputGradients<Network> {
    let inputs = try backward(pass, slopes, stateNorms, &gradients)
    guard case .tokens(let tokens) = try batch.onlyInput, let embedding else { return inputs }
    var dweight = try gradients.takeComponent(places.embedding, at: 0)
    defer { gradients.putBack(dweight) }
    try embedding.backward(
      tokens: tokens, outputGradient: inputs.inputs, addingTo: &dweight)
    return inputs
  }

  private func backward<Network: RecurrentNetwork<Scalar>>(
    _ pass: consuming NetworkTrainingPass<Network>, _ slopes: Slopes<Network>, _ stateNorms: Bool,
    _ gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> NetworkInputGradients<Network> {
    var dtheta = try gradients.takeComponent(places.network, at: places.networkOffset)
    defer { gradients.putBack(dtheta) }
    return try pass.backward(
      outputGradient: slopes.outputs, finalStateGradient: slopes.finalState,
      stateNorms: stateNorms, addingTo: &dtheta)
  }
}

// The head and its loss

extension SequenceModel {
  private func value(
    of loss: Loss, _ features: Matrix<Scalar>, _ batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> LossValue {
    switch try counted(loss, batch) {
    case .values(let targets, let rows):
      return try loss.value(
        head(features), targets, counting: rows, sequences: batch.batchSize
      ).loss
    case .labels(let labels, let weights):
      let pass = try SoftmaxHead(linear: head).crossEntropy(features, labels: labels)
      return LossValue(of: pass.losses, weights: weights)
    }
  }

  public func totals(
    _ loss: Loss, of batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> LossTotals {
    let total = try loss.total(of: counted(loss, batch), sequences: batch.batchSize)
    return LossTotals(outputs: [TrainingBatch<Scalar>.only: total])
  }

  /// Returns the targets of a batch and the rows that count.
  func counted(
    _ loss: Loss, _ batch: TrainingBatch<Scalar>
  ) throws(RecurError) -> CountedTargets<Scalar> {
    try loss.counted(batch.onlyTargets, within: rowsWithinSequences(of: batch), classes: outputSize)
  }

  /// Returns which rows of the outputs are within a sequence.
  func rowsWithinSequences(of batch: TrainingBatch<Scalar>) throws(RecurError) -> [Bool] {
    let input = try batch.onlyInput
    return try batch.rowsWithinSequences(
      steps: input.steps, batchSize: input.batchSize, everyStep: reading == .everyStep)
  }

  /// Computes the loss and its gradient with respect to the features, and adds the gradients of the
  /// head.
  private func differentiate(
    _ loss: Loss, _ features: Matrix<Scalar>, _ batch: TrainingBatch<Scalar>,
    _ gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> (LossValue, Matrix<Scalar>) {
    let counted = try counted(loss, batch)
    let total = batch.totals?.outputs[TrainingBatch<Scalar>.only]
    var dhead = try gradients.takeComponent(places.head, at: places.headOffset)
    defer { gradients.putBack(dhead) }
    switch counted {
    case .values(let targets, let rows):
      let pass = try head.trainingPass(features)
      let (value, slope) = try loss.value(
        pass.outputs, targets, counting: rows, sequences: batch.batchSize, total: total)
      return (value, try pass.backward(outputGradient: slope, addingTo: &dhead))
    case .labels(let labels, let weights):
      let pass = try SoftmaxHead(linear: head).crossEntropy(features, labels: labels)
      let value = LossValue(of: pass.losses, weights: weights, total: total?.weight)
      let shares: [Scalar] = shares(of: weights, total: total?.weight)
      return (value, try pass.backward(weights: shares, addingTo: &dhead))
    }
  }
}

/// Returns the weights of rows, divided by a total or, if it is nil, by their sum; zeros if all are 0.
func shares<Scalar: RecurScalar>(of weights: [Double], total: Double? = nil) -> [Scalar] {
  let total = Scalar(total ?? weights.reduce(0, +))
  return weights.map { $0 == 0 ? 0 : Scalar($0) / total }
}
