// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurReference
import TestSupport

/// A graph in the reference: the same nodes, with zero parameters.
struct ReferenceTwin {
  var model = ReferenceModel<Wide>([])

  /// The numbers of rounded operations that lead to one element of a value, and of a gradient of one node.
  private(set) var operations = (forward: 0, backward: 0)

  private var shapes: [String: (Q: Int, C: Int)] = [:]
  private let steps: Int
  private let batchSize: Int

  init(_ graph: ModelGraph, steps: Int, batchSize: Int) {
    (self.steps, self.batchSize) = (steps, batchSize)
    for node in graph.nodes { add(node) }
  }

  private mutating func add(_ node: ModelNode) {
    if case .features(let size) = node.layer {
      shapes[node.name] = (1, size)
    } else if case .tokens(let vocabularySize) = node.layer {
      shapes[node.name] = (1, vocabularySize)
    } else {
      let (Q, C) = shapes[node.sources[0]]!
      let (layer, shape) = twin(node, Q, C)
      model.nodes.append(ReferenceNode(node.name, layer, of: node.sources))
      shapes[node.name] = shape
      count(node.layer, Q, C, shape.C)
    }
  }

  /// Returns the layer and the shape of its value, for a source with Q positions and C channels.
  private func twin(
    _ node: ModelNode, _ Q: Int, _ C: Int
  ) -> (layer: any ReferenceLayer<Wide>, shape: (Q: Int, C: Int)) {
    let scale = ReferenceScale(weight: zeros(C), bias: zeros(C))
    switch node.layer {
    case .features, .tokens: preconditionFailure("an input has no layer")
    case .embedding(let size): return (ReferenceEmbedding(weight: zeros(C, size)), (1, size))
    case .network(let configuration):
      return (configuration.twin(inputSize: Q * C), (1, configuration.outputSize))
    case .dense(let size, let bias):
      return (
        ReferenceLinear(weight: zeros(size, Q * C), bias: zeros(bias ? size : 0)), (1, size)
      )
    case .convolution(let convolution): return convolution.twin(Q, C)
    case .activation(let phi): return (ReferenceActivationLayer(phi.reference), (Q, C))
    case .prelu(let shared): return (ReferencePReLU(slopes: zeros(shared ? 1 : C)), (Q, C))
    case .layerNormalization(let epsilon):
      return (ReferenceNormalizationLayer(scale: scale, epsilon: epsilon), (Q, C))
    case .scale: return (scale, (Q, C))
    case .add: return (ReferenceSum(), (Q, C))
    case .multiply: return (ReferenceProduct(), (Q, C))
    case .concatenate:
      return (ReferenceConcatenation(), (Q, node.sources.reduce(0) { $0 + shapes[$1]!.C }))
    case .slice(let channels): return (ReferenceSlice(channels), (Q, channels.count))
    case .reshape(let positions):
      return (ReferenceReshape(positions: positions), (positions, Q * C / positions))
    case .softmax: return (ReferenceSoftmaxLayer(), (Q, C))
    case .magnitude: return (ReferenceMagnitude(), (Q, C / 2))
    case .firstStep: return (ReferenceReduction(.firstStep, positions: Q, channels: C), (Q, C))
    case .lastStep: return (ReferenceReduction(.lastStep, positions: Q, channels: C), (Q, C))
    case .mean: return (ReferenceReduction(.mean, positions: Q, channels: C), (Q, C))
    case .maximum: return (ReferenceReduction(.maximum, positions: Q, channels: C), (Q, C))
    }
  }

  /// Adds the operations of a node. A gradient also sums those of at most 8 nodes that read a value. All other
  /// operations, including functions, count as 32.
  private mutating func count(_ layer: ModelLayer, _ Q: Int, _ C: Int, _ size: Int) {
    operations.backward += 8
    switch layer {
    case .network(let configuration):
      let network = NetworkOperations(
        T: max(steps, 1), B: batchSize, I: Q * C, H: configuration.hiddenSize,
        P: configuration.stateSize, G: configuration.gateCount, L: configuration.layers,
        D: configuration.directions)
      operations.forward += network.forward
      operations.backward += network.inputs - network.forward
    case .dense:
      operations.forward += Q * C + 1
      operations.backward += size
    case .convolution(let v):
      operations.forward += C / v.groups * v.kernelSize + 1
      operations.backward += size / v.groups * v.kernelSize * (1 + v.before + v.after)
    case .mean:
      operations.forward += steps + 1
      operations.backward += 1
    default:
      operations.forward += 3 * C + 32
      operations.backward += 3 * C + 32
    }
  }
}

private func zeros(_ count: Int) -> [Wide] { Array(repeating: 0, count: count) }

private func zeros(_ rows: Int, _ columns: Int) -> [[Wide]] {
  Array(repeating: zeros(columns), count: rows)
}

extension Convolution {
  fileprivate func twin(
    _ Q: Int, _ C: Int
  ) -> (layer: any ReferenceLayer<Wide>, shape: (Q: Int, C: Int)) {
    var options = ReferenceConvolutionOptions(over: axis == .steps ? .steps : .positions)
    (options.stride, options.dilation, options.groups) = (stride, dilation, groups)
    (options.before, options.after) = (before, after)
    switch padding {
    case .zeros: options.padding = .zeros
    case .reflect: options.padding = .reflect
    case .replicate: options.padding = .replicate
    }
    let positions = (Q + before + after - dilation * (kernelSize - 1) - 1) / stride + 1
    return (
      ReferenceConvolution(
        options, weight: Array(repeating: zeros(C / groups, kernelSize), count: outputSize),
        bias: zeros(bias ? outputSize : 0)),
      (axis == .steps ? 1 : positions, outputSize)
    )
  }
}

extension NetworkConfiguration {
  fileprivate func twin(inputSize I: Int) -> any ReferenceLayer<Wide> {
    func layer<Cell: ReferenceCell>(
      _: Cell.Type, _ options: Cell.Options
    ) -> any ReferenceLayer<Wide> where Cell.R == Wide {
      let count = (0..<layers * directions).reduce(0) { count, k in
        count
          + options.shape(inputSize: k < directions ? I : outputSize, hiddenSize: hiddenSize)
          .parameterCount
      }
      return ReferenceNetworkLayer(
        ReferenceNetwork<Cell>(
          options, inputSize: I, hiddenSize: hiddenSize, layers: layers, directions: directions,
          parameters: zeros(count)))
    }
    switch cell {
    case .simple: return layer(ReferenceRNN<Wide>.self, .init(f: activation.reference))
    case .residual: return layer(ReferenceResidual<Wide>.self, .init(f: activation.reference))
    case .gru: return layer(ReferenceGRU<Wide>.self, .init())
    case .lstm:
      return layer(ReferenceLSTM<Wide>.self, .init(projectionSize: projectionSize))
    }
  }
}
