// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension Model {
  /// Replaces the parameters by the weights of Keras layers.
  ///
  /// In Python, `numpy.savez("weights.npz", **{w.path: w.numpy() for w in model.weights})` stores them; a path is,
  /// for example, `sequential/lstm/lstm_cell/kernel`.
  ///
  /// ```swift
  /// try model.loadKeras(
  ///   SafeTensors(contentsOfNPZ: url), names: ["sequential/": ""])
  /// ```
  ///
  /// A weight belongs to the node whose name its path begins with, such as `lstm`. If the names differ, `names` maps
  /// them: `["sequential/lstm_1/": "encoder."]`. The layers of a node with several are named by numbers:
  /// `["sequential/lstm/": "lstm.l0.", "sequential/lstm_1/": "lstm.l1."]`. A `Bidirectional` layer has both directions
  /// of one layer.
  ///
  /// Every parameter must be in the file with Keras's shape, and every tensor of the file must be a parameter, unless
  /// the caller allows differences; a node that the file does not have is missing as a whole. A batch normalization
  /// becomes a scale.
  ///
  /// - Parameters:
  ///   - file: the contents of the file.
  ///   - names: how paths in the file correspond to the names of the nodes.
  ///   - differences: the differences that are allowed.
  ///   - batchNormalizationEpsilon: the ε of batch normalizations, which the file does not contain.
  /// - Throws: ``FileError`` with the name of a tensor that is missing, left over, not finite, or of a wrong shape or
  ///   type. The parameters are then unchanged.
  public mutating func loadKeras(
    _ file: SafeTensors, names: TensorNames = [:], allowing differences: TensorDifferences = [],
    batchNormalizationEpsilon: Double = 1e-3
  ) throws(FileError) {
    var weights = try KerasWeights(
      file, names, of: graph.nodes.map { ("\($0.name).", $0.layer) }, parameters.slices)
    try weights.load(into: &parameters, differences, epsilon: batchNormalizationEpsilon)
  }
}

extension RecurrentNetwork {
  /// Replaces the parameters by the weights of Keras layers: see `Model.loadKeras(_:names:allowing:)`.
  ///
  /// ```swift
  /// try lstm.loadKeras(
  ///   SafeTensors(contentsOfNPZ: url), names: ["sequential/lstm/": ""])
  /// ```
  ///
  /// - Parameters:
  ///   - file: the contents of the file.
  ///   - names: how paths in the file correspond to the network, whose name is empty. Its layers are `l0.`, `l1.`, ….
  ///   - differences: the differences that are allowed.
  /// - Throws: ``FileError`` with the name of a tensor that is missing, left over, not finite, or of a wrong shape or
  ///   type. The parameters are then unchanged.
  public mutating func loadKeras(
    _ file: SafeTensors, names: TensorNames = [:], allowing differences: TensorDifferences = []
  ) throws(FileError) {
    var weights = try KerasWeights(
      file, names, of: [("", .network(configuration))], parameters.slices)
    try weights.load(into: &parameters, differences, epsilon: 0)
  }
}
