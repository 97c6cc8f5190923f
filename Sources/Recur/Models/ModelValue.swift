// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A value of a model that is being described: an input, or a layer of other values.
///
/// ```swift
/// let x = ModelValue.features(size: 1).named("x")
/// let y = x.lstm(hiddenSize: 40).dense(size: 1) + x
/// let model = try Model<Float>(outputs: y.named("y"), seed: 1)
/// ```
///
/// Values describe a ``ModelGraph``; they compute nothing and have no parameters. A value may be read by any
/// number of layers. A value without a name is named after its layer: `lstm`, `dense`, `dense_2`, ….
public struct ModelValue: Sendable {
  private var definition: Definition

  /// `@unchecked Sendable` is safe: only `deinit` changes a definition, its own or one that it alone refers to.
  private final class Definition: @unchecked Sendable {
    let name: String?
    let layer: ModelLayer
    private(set) var sources: [ModelValue]

    init(_ name: String?, _ layer: ModelLayer, _ sources: [ModelValue]) {
      self.name = name
      self.layer = layer
      self.sources = sources
    }

    /// Not recursive, like ``ModelValue/sorted(_:)``.
    deinit {
      var rest = sources
      sources = []
      while var value = rest.popLast() {
        guard isKnownUniquelyReferenced(&value.definition) else { continue }
        rest += value.definition.sources
        value.definition.sources = []
      }
    }
  }

  /// Creates the value of any layer.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - sources: The values that the layer reads; at most 8.
  public init(_ layer: ModelLayer, of sources: [ModelValue]) {
    definition = Definition(nil, layer, sources)
  }

  private init(_ definition: Definition) { self.definition = definition }

  /// Returns the same value with a name.
  ///
  /// - Parameter name: The name of the node.
  /// - Returns: The value, which replaces this one: a graph with both computes the layer twice.
  public func named(_ name: String) -> ModelValue {
    ModelValue(Definition(name, definition.layer, definition.sources))
  }

  /// Returns the value of a layer that reads only this value.
  ///
  /// - Parameter layer: The layer.
  /// - Returns: The value.
  public func layer(_ layer: ModelLayer) -> ModelValue {
    ModelValue(layer, of: [self])
  }
}

// Inputs

extension ModelValue {
  /// Returns an input of features.
  ///
  /// - Parameter size: The number of features, at least 1.
  /// - Returns: The value.
  public static func features(size: Int) -> ModelValue {
    ModelValue(.features(size), of: [])
  }

  /// Returns an input of tokens, for an embedding.
  ///
  /// - Parameter vocabularySize: The number of tokens, which are 0 ..< vocabularySize; at least 1.
  /// - Returns: The value.
  public static func tokens(vocabularySize: Int) -> ModelValue {
    ModelValue(.tokens(vocabularySize: vocabularySize), of: [])
  }
}

// Graphs

extension ModelGraph {
  /// Creates the graph of some values and of all values that they depend on.
  ///
  /// - Parameter outputs: The outputs of the model.
  public init(outputs: ModelValue...) { self.init(outputs: outputs) }

  /// Creates the graph of some values and of all values that they depend on.
  ///
  /// - Parameter outputs: The outputs of the model.
  public init(outputs: [ModelValue]) {
    let order = ModelValue.sorted(outputs)
    let ends = Set(outputs.map(\.identity))
    var names = NodeNames(reserved: order.compactMap(\.name))
    var nameOf: [ObjectIdentifier: String] = [:]
    self.init(
      order.map { value in
        let name = value.name ?? names.next(for: value.definedLayer.name)
        nameOf[value.identity] = name
        return ModelNode(
          name, value.definedLayer, sources: value.sources.map { nameOf[$0.identity]! },
          isOutput: ends.contains(value.identity))
      })
  }
}

extension ModelValue {
  fileprivate var identity: ObjectIdentifier { ObjectIdentifier(definition) }
  fileprivate var name: String? { definition.name }
  fileprivate var definedLayer: ModelLayer { definition.layer }
  fileprivate var sources: [ModelValue] { definition.sources }

  /// Returns values and all that they depend on, each after its sources. Not recursive: a chain of
  /// thousands of layers would need a deep stack.
  fileprivate static func sorted(_ outputs: [ModelValue]) -> [ModelValue] {
    var order: [ModelValue] = []
    var placed: Set<ObjectIdentifier> = []
    for output in outputs {
      var path = [(value: output, next: 0)]
      while let (value, next) = path.last {
        if placed.contains(value.identity) {
          path.removeLast()
        } else if next < value.sources.count {
          path[path.count - 1].next += 1
          path.append((value.sources[next], 0))
        } else {
          placed.insert(value.identity)
          order.append(value)
        }
      }
    }
    return order
  }
}

/// Names of nodes without a given one.
private struct NodeNames {
  private var used: Set<String>
  private var counts: [String: Int] = [:]

  init(reserved: [String]) { used = Set(reserved) }

  mutating func next(for layer: String) -> String {
    while true {
      let count = counts[layer, default: 0] + 1
      counts[layer] = count
      let name = count == 1 ? layer : "\(layer)_\(count)"
      if used.insert(name).inserted { return name }
    }
  }
}

extension ModelLayer {
  /// The name of a node with this layer.
  var name: String {
    switch self {
    case .features: "features"
    case .tokens: "tokens"
    case .embedding: "embedding"
    case .network(let configuration): configuration.cell.name
    case .dense: "dense"
    case .convolution: "convolution"
    case .activation(let activation): activation.name
    case .prelu: "prelu"
    case .layerNormalization: "layer_normalization"
    case .scale: "scale"
    case .add: "add"
    case .multiply: "multiply"
    case .concatenate: "concatenate"
    case .slice: "slice"
    case .reshape: "reshape"
    case .softmax: "softmax"
    case .magnitude: "magnitude"
    case .firstStep: "first_step"
    case .lastStep: "last_step"
    case .mean: "mean"
    case .maximum: "maximum"
    }
  }
}

extension NetworkConfiguration.Cell {
  fileprivate var name: String {
    switch self {
    case .simple: "rnn"
    case .residual: "residual_rnn"
    case .gru: "gru"
    case .lstm: "lstm"
    }
  }
}

extension Activation {
  /// The name of the case, without its constants.
  fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
