// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

extension ParameterVector {
  /// Replaces the parameters by the tensors of a file, such as a state dict that PyTorch saved with the package
  /// safetensors, or an archive of NumPy.
  ///
  /// Every parameter must be in the file with PyTorch's shape, and every tensor of the file must be a parameter,
  /// unless the caller allows differences. F16 and BF16 are widened, as is F32 for parameters of type `Double`.
  ///
  /// A batch normalization in the file (`weight`, `bias`, `running_mean` and `running_var`) becomes the weight
  /// γ / √(variance + ε) and the bias β − mean · weight of a scale with its name.
  ///
  /// - Parameters:
  ///   - file: the contents of the file.
  ///   - names: how names in the file correspond to the names of the parameters.
  ///   - differences: the differences that are allowed.
  ///   - batchNormalizationEpsilon: the ε of batch normalizations, which the file does not contain.
  /// - Throws: ``FileError`` with the name of a tensor that is missing, left over, not finite, or of a wrong
  ///   shape or type. The parameters are then unchanged.
  public mutating func load(
    _ file: SafeTensors, names: TensorNames = [:], allowing differences: TensorDifferences = [],
    batchNormalizationEpsilon: Double = 1e-5
  ) throws(FileError) {
    var source = try RenamedTensors(file, names.inRecur)
    try source.foldBatchNormalizations(
      of: slices, epsilon: batchNormalizationEpsilon, as: Scalar.self)
    var loaded = self
    for slice in slices {
      guard let tensor = try source.take(slice.name, slice.shape) else {
        if differences.contains(.missing) { continue }
        throw FileError(file.path, "has no tensor \(names.inFile(slice.name))")
      }
      try FileError.on(file.path, "cannot be read") { () throws(RecurError) in
        try loaded.set(
          slice.name,
          to: Matrix(rows: slice.rows, columns: slice.columns, elements: tensor.elements()))
      }
    }
    if let name = source.left.first, !differences.contains(.leftOver) {
      throw FileError(file.path, "has the unexpected tensor \(name)")
    }
    if let (slice, index, value) = loaded.firstNotFinite {
      throw FileError(
        file.path,
        "tensor \(names.inFile(slice.name)) has \(value) at index \(index), "
          + "expected finite parameters")
    }
    self = loaded
  }
}

extension SafeTensors {
  /// Creates the contents of a file from parameters, in PyTorch's shapes.
  ///
  /// - Parameters:
  ///   - parameters: the parameters.
  ///   - names: how names in the file correspond to the names of the parameters.
  public init<Scalar>(_ parameters: ParameterVector<Scalar>, names: TensorNames = [:]) {
    self.init(tensors: [])
    append(parameters)
    tensors = tensors.map {
      Tensor(name: names.inFile($0.name), type: $0.type, shape: $0.shape, bytes: $0.bytes)
    }
  }
}

/// The tensors of a file by the names of parameters.
struct RenamedTensors {
  private let path: String
  private var tensors: [String: SafeTensors.Tensor] = [:]

  /// Names the tensors of a file. Two of them must not have the same name.
  init(_ file: SafeTensors, _ rename: (String) -> String) throws(FileError) {
    path = file.path
    for tensor in file.tensors {
      let name = rename(tensor.name)
      guard let other = tensors.updateValue(tensor, forKey: name) else { continue }
      throw FileError(
        path, "has the tensors \(other.name) and \(tensor.name), which both have the name \(name)")
    }
  }

  /// The names in the file of the tensors that were not taken, in order.
  var left: [String] { tensors.values.map(\.name).sorted() }

  /// Takes a tensor, which must have a shape; nil if there is none.
  mutating func take(_ name: String, _ shape: [Int]) throws(FileError) -> SafeTensors.Tensor? {
    guard let tensor = tensors.removeValue(forKey: name) else { return nil }
    guard tensor.shape == shape else {
      throw FileError(path, "tensor \(tensor.name) has shape \(tensor.shape), expected \(shape)")
    }
    return tensor
  }

  /// Replaces each batch normalization whose name is that of a scale.
  mutating func foldBatchNormalizations<Scalar: RecurScalar>(
    of slices: [ParameterSlice], epsilon: Double, as scalar: Scalar.Type
  ) throws(FileError) {
    for slice in slices where slice.name.hasSuffix(".weight") && slice.shape.count == 1 {
      let name = slice.name.dropLast(".weight".count)
      guard tensors["\(name).running_mean"] != nil else { continue }
      let (weight, bias) = try folded(
        String(name), slice.rows, epsilon, .init(Scalar.self))
      tensors["\(name).weight"] = weight
      tensors["\(name).bias"] = bias
      for part in ["running_mean", "running_var", "num_batches_tracked"] {
        tensors.removeValue(forKey: "\(name).\(part)")
      }
    }
  }

  /// Returns w = γ / √(variance + ε) and b = β − mean w. Without γ and β, these are 1 and 0.
  private func folded(
    _ name: String, _ count: Int, _ epsilon: Double, _ type: SafeTensors.ElementType
  ) throws(FileError) -> (weight: SafeTensors.Tensor, bias: SafeTensors.Tensor) {
    func numbers(_ part: String, _ missing: Double?) throws(FileError) -> [Double] {
      guard let tensor = tensors["\(name).\(part)"] else {
        guard let missing else { throw FileError(path, "has no tensor \(name).\(part)") }
        return Array(repeating: missing, count: count)
      }
      guard tensor.shape == [count] else {
        throw FileError(
          path, "tensor \(tensor.name) has shape \(tensor.shape), expected \([count])")
      }
      return try FileError.on(path, "cannot be read") { () throws(RecurError) in
        try tensor.elements()
      }
    }
    let (mean, variance) = try (numbers("running_mean", nil), numbers("running_var", nil))
    let (gamma, beta) = try (numbers("weight", 1), numbers("bias", 0))
    let (weight, bias) = BatchNormalization(
      gamma: gamma, beta: beta, mean: mean, variance: variance, epsilon: epsilon
    ).scale
    return (
      tensor("\(name).weight", weight, type), tensor("\(name).bias", bias, type)
    )
  }

  private func tensor(
    _ name: String, _ numbers: [Double], _ type: SafeTensors.ElementType
  ) -> SafeTensors.Tensor {
    let bytes =
      type == .float
      ? numbers.map { Float($0) }.withUnsafeBytes { Data($0) }
      : numbers.withUnsafeBytes { Data($0) }
    return SafeTensors.Tensor(name: name, type: type, shape: [numbers.count], bytes: bytes)
  }
}
