// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// The processes that train one model together. Each has a copy of the run, and computes some shards
/// of every batch; see ``TrainingOptions/shards``.
///
/// All ranks call the same functions in the same order.
public protocol Ranks: Sendable {
  /// The index of this process, 0 ..< ``count``.
  var rank: Int { get }

  /// R, the number of processes, a power of two.
  var count: Int { get }

  /// Replaces values by their sums over all ranks, along a fixed binary tree: ranks 0 and 1, ranks 2
  /// and 3, …, then pairs of these sums, and so on. All ranks receive bit-identical sums.
  ///
  /// - Parameter values: as many values on every rank.
  /// - Throws: `RecurError` if the ranks cannot communicate.
  func sum<Scalar: RecurScalar>(_ values: UnsafeMutableBufferPointer<Scalar>) throws(RecurError)

  /// Replaces bytes by those of one rank.
  ///
  /// - Parameters:
  ///   - bytes: as many bytes on every rank.
  ///   - root: the rank that sends its bytes.
  /// - Throws: `RecurError` if the ranks cannot communicate.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) throws(RecurError)
}

/// One process, which trains alone.
public struct SingleRank: Ranks {
  public let rank = 0
  public let count = 1

  /// Creates the only rank.
  public init() {}

  public func sum<Scalar: RecurScalar>(_ values: UnsafeMutableBufferPointer<Scalar>) {}
  public func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {}
}

/// The error of another rank.
public struct RankFailure: Error, Codable, Sendable, CustomStringConvertible {
  /// The index of the rank that failed.
  public var rank: Int

  /// The description of its error.
  public var reason: String

  public var description: String { "rank \(rank): \(reason)" }
}

extension Ranks {
  /// Returns the sums of some numbers over all ranks.
  package func sum(_ numbers: [Double]) throws(RecurError) -> [Double] {
    guard count > 1 else { return numbers }
    var numbers = numbers
    try numbers.withUnsafeMutableBufferPointer { buffer throws(RecurError) in try sum(buffer) }
    return numbers
  }

  /// Returns one number of each rank.
  func all(_ own: Int) throws(RecurError) -> [Int] {
    var numbers = [Double](repeating: 0, count: count)
    numbers[rank] = Double(own)
    return try sum(numbers).map { Int($0) }
  }

  /// Returns the value of the first rank that has one; nil if none has one.
  func first<Value: Codable>(_ own: Value?) throws -> Value? {
    guard count > 1 else { return own }
    var bytes = try own.map { Array(try JSONEncoder().encode($0)) } ?? []
    let sizes = try all(bytes.count)
    guard let root = sizes.firstIndex(where: { $0 > 0 }) else { return nil }
    if root != rank { bytes = [UInt8](repeating: 0, count: sizes[root]) }
    try bytes.withUnsafeMutableBytes { try broadcast($0, from: root) }
    return try JSONDecoder().decode(Value.self, from: Data(bytes))
  }

  /// Runs a function on every rank. If it throws an error on one rank, it does so on all of them: a rank
  /// on which it succeeded throws the ``RankFailure`` of the first one that failed.
  ///
  /// - Parameter body: a function that does not communicate, unless all ranks do.
  /// - Returns: the result of `body` on this rank.
  /// - Throws: the error of `body`, or a ``RankFailure``.
  package func together<Value>(_ body: () throws -> Value) throws -> Value {
    guard count > 1 else { return try body() }
    var result: Value?
    var failure: (any Error)?
    do { result = try body() } catch { failure = error }
    let first = try first(failure.map { RankFailure(rank: rank, reason: "\($0)") })
    if let failure { throw failure }
    if let first { throw first }
    return result!
  }
}
