// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurMPI
import RecurTraining
import Synchronization

/// The processes that `mpirun` started, or this one alone.
enum Processes {
  /// The ranks of a training run.
  static var ranks: any Ranks { joined.withLock { $0 } ?? SingleRank() }

  private static let joined = Mutex<MPIRanks?>(nil)

  /// The number of processes that `mpirun` of Open MPI started; nil without it.
  private static let started = number("OMPI_COMM_WORLD_SIZE")

  /// Whether this process writes files and prints.
  static let isFirst = (number("OMPI_COMM_WORLD_RANK") ?? 0) == 0

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  /// The number of shards without `--shards`: nil without `mpirun`, and the same for any number of processes.
  static var usualShards: Int? { started == nil ? nil : TrainingOptions.usualShards }

  /// The words of a command line that start the same processes.
  static var words: [String] { started.map { ["mpirun", "-n", "\($0)"] } ?? [] }

  /// Joins the processes. All but the first are silent.
  ///
  /// - Throws: `BadInput` if the command cannot run in several processes.
  static func begin() throws {
    guard let started, started > 1 else { return }
    if !isFirst { StandardOutput.discard() }
    guard started.nonzeroBitCount == 1 else {
      throw BadInput("mpirun started \(started) processes, expected a power of two")
    }
    guard MPIRanks.isAvailable else {
      throw BadInput(
        "mpirun started \(started) processes, but this command was built without MPI (make command MPI=1)"
      )
    }
    let ranks = try MPIRanks()
    joined.withLock { $0 = ranks }
  }

  /// Checks that a command can run in these processes.
  static func require(_ command: any Any.Type) throws {
    guard (started ?? 1) == 1 || command is any TrainingCommand.Type else {
      throw BadInput("mpirun started \(started!) processes, which only recur train uses")
    }
  }

  /// Checks that the processes can divide the shards of a run.
  static func require(shards: Int?, _ source: String) throws {
    let count = ranks.count
    guard count > 1 else { return }
    guard let shards else {
      throw BadInput(
        "\(source): is a run without --shards, which has one process; mpirun started \(count)")
    }
    guard count <= shards else {
      throw BadInput(
        "mpirun started \(count) processes, expected a power of two up to \(shards), the number of shards"
      )
    }
  }

  /// Ends the use of MPI, at the end of the command. Returns whether the processes had joined.
  static func end() -> Bool {
    let ranks = joined.withLock { ranks in
      defer { ranks = nil }
      return ranks
    }
    ranks?.end()
    return ranks != nil
  }
}
