// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur
import RecurTraining

#if MPI
  import CRecur
  import CRecurMPI
#endif

/// The processes that Open MPI's `mpirun` started, as the ranks of a training run.
///
/// ```swift
/// let ranks = try MPIRanks()
/// var training = try Training(
///   model, options: .init(loss: .crossEntropy(), shards: 8))
/// try training.fit(
///   data, checkpoint: Checkpointing(url), ranks: ranks)
/// ranks.end()
/// ```
///
/// If a process ends without ``end()``, `mpirun` ends the others. One thread at a time may use the ranks; it
/// is the main thread if another part of the program has initialized MPI only for calls from that one.
public struct MPIRanks: Ranks {
  public let rank: Int
  public let count: Int

  /// Whether this build has MPI (the package trait `MPI`).
  public static var isAvailable: Bool {
    #if MPI
      true
    #else
      false
    #endif
  }

  #if MPI
    /// Initializes MPI, unless the program has done so.
    ///
    /// - Throws: `RecurError` if MPI cannot be initialized, or if the number of processes is not a power of
    ///   two.
    public init() throws(RecurError) {
      var (rank, count): (Int32, Int32) = (0, 0)
      try Self.check(recur_mpi_begin(&rank, &count))
      (self.rank, self.count) = (Int(rank), Int(count))
      guard self.count.nonzeroBitCount == 1 else {
        throw .invalid(argument: "ranks", reason: "is \(count), expected a power of two")
      }
    }

    public func sum<Scalar: RecurScalar>(
      _ values: UnsafeMutableBufferPointer<Scalar>
    ) throws(RecurError) {
      // gsl_vector and gsl_vector_float have the same layout.
      let data = UnsafeMutableRawPointer(values.baseAddress)
      var vector = gsl_vector(
        size: values.count, stride: 1, data: data?.assumingMemoryBound(to: Double.self), block: nil,
        owner: 0)
      let isDouble = Scalar.self == Double.self
      try Self.check(
        withUnsafeMutablePointer(to: &vector) { vector in
          if isDouble { return recur_mpi_sum(vector, recur_mpi_world()) }
          return vector.withMemoryRebound(to: gsl_vector_float.self, capacity: 1) {
            recur_mpi_float_sum($0, recur_mpi_world())
          }
        })
    }

    public func broadcast(
      _ bytes: UnsafeMutableRawBufferPointer, from root: Int
    ) throws(RecurError) {
      try Self.check(
        recur_mpi_broadcast(bytes.baseAddress, bytes.count, Int32(root), recur_mpi_world()))
    }

    /// Finalizes MPI, after the last use of the ranks. All ranks call this.
    public func end() { recur_mpi_end() }

    private static func check(_ status: Int32) throws(RecurError) {
      guard status != 0 else { return }
      let message = withUnsafeBytes(of: recur_last_error().pointee.message) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw .invalid(argument: "ranks", reason: "cannot communicate: \(message)")
    }
  #else
    /// Throws an error, because this build has no MPI.
    ///
    /// - Throws: `RecurError.unsupported(argument:reason:)`.
    public init() throws(RecurError) {
      throw .unsupported(
        argument: "ranks", reason: "needs MPI, which this build does not have (package trait MPI)")
    }

    public func sum<Scalar: RecurScalar>(_ values: UnsafeMutableBufferPointer<Scalar>) {}
    public func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {}

    /// Does nothing.
    public func end() {}
  #endif
}
