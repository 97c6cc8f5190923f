// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// All gradients of a loss that depends on the outputs of a model.
public struct ModelGradients<Scalar: RecurScalar>: Sendable {
  /// The gradient with respect to the parameters.
  public let parameters: ParameterVector<Scalar>

  /// The gradients with respect to the inputs of features, by name, T·B x C each; 0 past the end of a sequence.
  public let inputs: [String: SequenceBatch<Scalar>]

  /// The gradient with respect to the initial state.
  public let initialState: ModelState<Scalar>
}

/// The gradients of a loss with respect to the inputs and the initial state of a pass. The parameter gradients
/// were added to a vector.
public struct ModelInputGradients<Scalar: RecurScalar>: Sendable {
  /// The gradients with respect to the inputs of features, by name, T·B x C each; 0 past the end of a sequence.
  public let inputs: [String: SequenceBatch<Scalar>]

  /// The gradient with respect to the initial state.
  public let initialState: ModelState<Scalar>
}

/// A forward pass of a model that can be differentiated once: `backward` consumes it, and the compiler checks
/// this. A pass stays on the thread that created it.
public struct ModelTrainingPass<Scalar: RecurScalar>: ~Copyable {
  private let pass: ModelPass<Scalar>
  private let parameters: ParameterVector<Scalar>

  init(_ pass: ModelPass<Scalar>, _ parameters: ParameterVector<Scalar>) {
    self.pass = pass
    self.parameters = parameters
  }

  /// The outputs and the final state.
  public var results: ModelOutputs<Scalar> { pass.results }

  /// Computes all gradients of a loss.
  ///
  /// - Parameters:
  ///   - outputGradients: The gradients of the loss with respect to outputs, by name. Those that are omitted are
  ///     zero.
  ///   - finalStateGradient: The gradient of the loss with respect to the final state. If omitted, it is zero.
  /// - Returns: The gradients with respect to the parameters, the inputs and the initial state.
  /// - Throws: ``RecurError`` if the name or the shape of a gradient is wrong, or memory cannot be allocated.
  public consuming func backward(
    outputGradients: [String: SequenceBatch<Scalar>],
    finalStateGradient: ModelState<Scalar>? = nil
  ) throws(RecurError) -> ModelGradients<Scalar> {
    var gradient = try parameters.zeros()
    let rest = try backward(
      outputGradients: outputGradients, finalStateGradient: finalStateGradient,
      addingTo: &gradient)
    return ModelGradients(
      parameters: gradient, inputs: rest.inputs, initialState: rest.initialState)
  }

  /// Computes all gradients of a loss that depends on the only output.
  ///
  /// - Parameter outputGradient: The gradient of the loss with respect to the only output, T·B x Q·C.
  /// - Returns: The gradients with respect to the parameters, the inputs and the initial state.
  /// - Throws: ``RecurError`` if the model has several outputs, the shape of the gradient is wrong, or memory
  ///   cannot be allocated.
  public consuming func backward(
    outputGradient: SequenceBatch<Scalar>
  ) throws(RecurError) -> ModelGradients<Scalar> {
    _ = try pass.results.output
    return try backward(outputGradients: [pass.results.names[0]: outputGradient])
  }

  /// Computes all gradients of a loss and adds the parameter gradients to a vector.
  ///
  /// - Parameters:
  ///   - outputGradients: The gradients of the loss with respect to outputs, by name. Those that are omitted are
  ///     zero.
  ///   - finalStateGradient: The gradient of the loss with respect to the final state. If omitted, it is zero.
  ///   - inputs: Whether to compute the gradients with respect to the inputs.
  ///   - gradients: A vector with the slices of the model's parameters.
  /// - Returns: The gradients with respect to the inputs and the initial state.
  /// - Throws: ``RecurError`` if the name or the shape of a gradient is wrong, or memory cannot be allocated.
  public consuming func backward(
    outputGradients: [String: SequenceBatch<Scalar>],
    finalStateGradient: ModelState<Scalar>? = nil, inputs: Bool = true,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> ModelInputGradients<Scalar> {
    let given = try pass.results.inOrder(outputGradients)
    return try pass.backward(
      parameters, given, finalStateGradient, inputs: inputs, values: nil, addingTo: &gradients)
  }

  /// Computes the gradients of a loss with respect to the values of all nodes that read others, by name, and adds
  /// the parameter gradients to a vector.
  package consuming func backwardToValues(
    outputGradients: [String: SequenceBatch<Scalar>],
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> [String: SequenceBatch<Scalar>] {
    let given = try pass.results.inOrder(outputGradients)
    let values = try pass.valueGradients()
    _ = try pass.backward(
      parameters, given, nil, inputs: false, values: values, addingTo: &gradients)
    var named: [String: SequenceBatch<Scalar>] = [:]
    for (node, value) in zip(pass.plan.graph.nodes, values) { named[node.name] = value }
    return named
  }
}

extension ModelOutputs {
  /// Returns the gradients of outputs in the order of the nodes.
  fileprivate func inOrder(
    _ gradients: [String: SequenceBatch<Scalar>]
  ) throws(RecurError) -> [SequenceBatch<Scalar>?] {
    if let unknown = gradients.keys.filter({ !names.contains($0) }).min() {
      throw .invalid(
        argument: unknown, reason: "is not an output, expected \(names.joined(separator: ", "))")
    }
    for (name, value) in zip(names, values) {
      try gradients[name]?.requireShape(of: value, named: "the gradient of \(name)")
    }
    return names.map { gradients[$0] }
  }
}

extension ModelPass {
  fileprivate func backward(
    _ parameters: ParameterVector<Scalar>, _ outputGradients: [SequenceBatch<Scalar>?],
    _ finalStateGradient: ModelState<Scalar>?, inputs wanted: Bool,
    values: [SequenceBatch<Scalar>?]?,
    addingTo gradients: inout ParameterVector<Scalar>
  ) throws(RecurError) -> ModelInputGradients<Scalar> {
    let batchSize = workspace.batchSize
    try plan.require(finalStateGradient, batchSize: batchSize, named: "finalStateGradient")
    let initial = try ModelState<Scalar>(plan, batchSize: batchSize)
    let dx = try wanted ? inputGradients() : []
    let (given, wantedInputs) = (
      HeaderList<Scalar.GSLMatrix>(count: outputGradients.count),
      HeaderList<Scalar.GSLMatrix>(count: arguments.features.count)
    )
    for (k, dy) in outputGradients.enumerated() {
      if let dy { given.set(k, dy.header) }
    }
    for (k, part) in dx.enumerated() { wantedInputs.set(k, part.value.header) }
    let wantedValues = values.map { HeaderList<Scalar.GSLMatrix>(count: $0.count) }
    for (k, value) in (values ?? []).enumerated() {
      if let value { wantedValues?.set(k, value.header) }
    }
    var theta = try plan.header(of: parameters, named: "parameters")
    _ = try gradients.uniqueBase()
    var dtheta = try plan.header(of: gradients, named: "gradients")
    let pointer = workspace.pointer
    let status = try withArguments { pass in
      withVector(finalStateGradient) { dfinal in
        withVector(initial) { dinitial in
          withUnsafeMutablePointer(to: &dtheta) { dtheta in
            Scalar.kernels.model.backward(
              &theta, pass,
              ModelGradientArguments(
                doutputs: given.pointers, dfinalState: dfinal, dfeatures: wantedInputs.pointers,
                dinitialState: dinitial, dtheta: dtheta, dvalues: wantedValues?.pointers),
              pointer)
          }
        }
      }
    }
    try check(status, modelArgumentNames)
    let memory = (parameters, outputGradients, given, wantedInputs, values, wantedValues)
    return withExtendedLifetime(memory) {
      ModelInputGradients(
        inputs: Dictionary(uniqueKeysWithValues: dx.map { ($0.name, $0.value) }),
        initialState: initial)
    }
  }

  /// Returns memory for the gradients of the values of all nodes; nil for inputs.
  fileprivate func valueGradients() throws(RecurError) -> [SequenceBatch<Scalar>?] {
    let steps = workspace.steps
    return try plan.graph.nodes.indices.map { k throws(RecurError) in
      guard !plan.graph.nodes[k].sources.isEmpty else { return nil }
      let shape = try plan.shape(of: k, steps: steps)
      return try SequenceBatch(
        steps: shape.steps, batchSize: workspace.batchSize, features: shape.columns, zeroed: false)
    }
  }

  /// Returns memory for the gradients of the inputs of features.
  private func inputGradients() throws(RecurError) -> [(name: String, value: SequenceBatch<Scalar>)]
  {
    var result: [(name: String, value: SequenceBatch<Scalar>)] = []
    for (input, k) in zip(inputs, plan.inputs) {
      guard case .features(let x) = input else { continue }
      let dx = try SequenceBatch<Scalar>(
        steps: x.steps, batchSize: x.batchSize, features: x.features, zeroed: false)
      result.append((plan.graph.nodes[k].name, dx))
    }
    return result
  }
}

extension ModelPlan {
  /// Returns the C library's view of a vector of parameters or gradients, which must outlive the view.
  func header<Scalar: RecurScalar>(
    of vector: ParameterVector<Scalar>, named name: String
  ) throws(RecurError) -> Scalar.GSLVector {
    try vector.require(slices, named: name)
    return Scalar.vector(vector.base, count: vector.count)
  }
}

// Forward passes

extension Model {
  /// Runs a forward pass over sequences of features and stores the values that the backward pass needs.
  ///
  /// - Parameters:
  ///   - input: The only input, T·B x C.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - dropoutSeed: The seed of the random masks; required if a network draws some, otherwise nil.
  ///   - segmentLength: The length of the segments in which networks recompute stored values; if omitted, they
  ///     store every step.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The pass, with the outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func trainingPass(
    _ input: SequenceBatch<Scalar>, lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, dropoutSeed: DropoutSeed? = nil,
    segmentLength: Int? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelTrainingPass<Scalar> {
    try record([.features(input)], lengths, initialState, dropoutSeed, segmentLength, threads)
  }

  /// Runs a forward pass over sequences of features or of tokens and stores the values that the backward pass needs.
  ///
  /// - Parameters:
  ///   - input: The only input.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - dropoutSeed: The seed of the random masks; required if a network draws some, otherwise nil.
  ///   - segmentLength: The length of the segments in which networks recompute stored values; if omitted, they
  ///     store every step.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The pass, with the outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func trainingPass(
    _ input: ModelInput<Scalar>, lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, dropoutSeed: DropoutSeed? = nil,
    segmentLength: Int? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelTrainingPass<Scalar> {
    try record([input], lengths, initialState, dropoutSeed, segmentLength, threads)
  }

  /// Runs a forward pass and stores the values that the backward pass needs.
  ///
  /// - Parameters:
  ///   - inputs: The inputs by name, all with the same numbers of steps and sequences.
  ///   - lengths: The number of steps of each sequence, 0 to T; if omitted, all T.
  ///   - initialState: The state before the first step. If omitted, it is zero.
  ///   - dropoutSeed: The seed of the random masks; required if a network draws some, otherwise nil.
  ///   - segmentLength: The length of the segments in which networks recompute stored values; if omitted, they
  ///     store every step.
  ///   - threads: Threads that share the work. If omitted, the calling thread computes alone.
  /// - Returns: The pass, with the outputs and the final state.
  /// - Throws: ``RecurError`` if an argument does not fit the model, or if memory cannot be allocated.
  public func trainingPass(
    _ inputs: [String: ModelInput<Scalar>], lengths: [Int]? = nil,
    initialState: ModelState<Scalar>? = nil, dropoutSeed: DropoutSeed? = nil,
    segmentLength: Int? = nil, threads: Threads? = nil
  ) throws(RecurError) -> ModelTrainingPass<Scalar> {
    try record(
      plan.inOrder(inputs), lengths, initialState, dropoutSeed, segmentLength, threads)
  }

  private func record(
    _ inputs: [ModelInput<Scalar>], _ lengths: [Int]?, _ initialState: ModelState<Scalar>?,
    _ dropoutSeed: DropoutSeed?, _ segmentLength: Int?, _ threads: Threads?
  ) throws(RecurError) -> ModelTrainingPass<Scalar> {
    try dropoutSeed.require(plan.drawsMasks, of: "model")
    let pass = try ModelPass(
      plan, inputs, BatchOptions(lengths: lengths, dropoutSeed: dropoutSeed), initialState,
      for: .training(segmentLength: segmentLength), threads)
    var theta = try plan.header(of: parameters, named: "parameters")
    try pass.run { Scalar.kernels.model.forward(&theta, $0, $1) }
    return withExtendedLifetime(parameters) { ModelTrainingPass(pass, parameters) }
  }
}
