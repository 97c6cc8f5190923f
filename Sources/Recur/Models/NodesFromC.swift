// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension ModelGraph {
  /// Creates the graph of a model of the C library.
  package init(inC model: OpaquePointer) {
    self.init(
      (0..<recur_model_node_count(model)).map { ModelNode(recur_model_node(model, $0).pointee) })
  }
}

extension ModelNode {
  fileprivate init(_ node: recur_node) {
    let sources = withUnsafeBytes(of: node.from) { from in
      from.assumingMemoryBound(to: UnsafePointer<CChar>?.self).compactMap { name in
        name.map { String(cString: $0) }
      }
    }
    self.init(
      String(cString: node.name), ModelLayer(node), sources: sources, isOutput: node.output)
  }
}

extension ModelLayer {
  fileprivate init(_ node: recur_node) {
    switch node.kind {
    case RECUR_NODE_FEATURES: self = .features(node.size)
    case RECUR_NODE_TOKENS: self = .tokens(vocabularySize: node.size)
    case RECUR_NODE_EMBEDDING: self = .embedding(size: node.size)
    case RECUR_NODE_NETWORK: self = .network(NetworkConfiguration(node.network))
    case RECUR_NODE_DENSE: self = .dense(size: node.size, bias: node.bias)
    case RECUR_NODE_CONVOLUTION:
      self = .convolution(Convolution(node.convolution, bias: node.bias))
    case RECUR_NODE_ACTIVATION: self = .activation(Activation(node.activation))
    case RECUR_NODE_PRELU: self = .prelu(shared: node.shared)
    case RECUR_NODE_LAYER_NORMALIZATION: self = .layerNormalization(epsilon: node.epsilon)
    case RECUR_NODE_SCALE: self = .scale
    case RECUR_NODE_ADD: self = .add
    case RECUR_NODE_MULTIPLY: self = .multiply
    case RECUR_NODE_CONCATENATE: self = .concatenate
    case RECUR_NODE_SLICE: self = .slice(node.first..<node.first + node.size)
    case RECUR_NODE_RESHAPE: self = .reshape(positions: node.size)
    case RECUR_NODE_SOFTMAX: self = .softmax
    case RECUR_NODE_MAGNITUDE: self = .magnitude
    case RECUR_NODE_FIRST_STEP: self = .firstStep
    case RECUR_NODE_LAST_STEP: self = .lastStep
    case RECUR_NODE_MEAN: self = .mean
    case RECUR_NODE_MAXIMUM: self = .maximum
    default: preconditionFailure("no node of kind \(node.kind)")
    }
  }
}

extension Convolution {
  fileprivate init(_ inC: recur_convolution, bias: Bool) {
    self.init(
      over: inC.axis == RECUR_AXIS_STEPS ? .steps : .positions, outputSize: inC.output_size,
      kernelSize: inC.kernel_size)
    (stride, dilation, groups) = (inC.stride, inC.dilation, inC.groups)
    (before, after) = (inC.before, inC.after)
    padding = Padding(inC.padding)
    self.bias = bias
  }
}

extension Convolution.Padding {
  fileprivate init(_ inC: recur_padding) {
    switch inC {
    case RECUR_PADDING_REFLECT: self = .reflect
    case RECUR_PADDING_REPLICATE: self = .replicate
    default: self = .zeros
    }
  }
}
