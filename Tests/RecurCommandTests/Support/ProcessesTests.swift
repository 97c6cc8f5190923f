// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

@testable import RecurCommand

/// Processes that mpirun starts, without mpirun: its environment variables only. `make check-distributed` tests
/// builds with MPI.
@Suite struct ProcessesTests {
  private func recur(_ rank: Int, of count: Int, _ arguments: String) throws -> CommandResult {
    try recurInShell(
      "OMPI_COMM_WORLD_SIZE=\(count) OMPI_COMM_WORLD_RANK=\(rank) recur \(arguments)")
  }

  @Test func oneProcessPrintsAnError() throws {
    let message = "recur: mpirun started 3 processes, expected a power of two\n"
    for (rank, status, errors) in [(0, 2, message), (2, 0, "")] as [(Int, Int32, String)] {
      let result = try recur(rank, of: 3, "train text absent.txt")
      #expect(result.status == status && result.output.isEmpty && result.errors == errors)
    }
  }

  #if !MPI
    @Test func aBuildWithoutMPIRunsInOneProcess() throws {
      let result = try recur(0, of: 2, "train text absent.txt")
      #expect(result.status == 2)
      #expect(
        result.errors
          == "recur: mpirun started 2 processes, but this command was built without MPI (make "
          + "command MPI=1)\n")
      #expect(try recur(1, of: 2, "--help").output.isEmpty)
    }
  #endif

  @Test("A run that mpirun starts has 8 shards, and others those of --shards or none")
  func numberOfShards() throws {
    try withFolder { folder in
      let text = folder.appendingPathComponent("text.txt")
      try Data(String(repeating: "abcd efgh.", count: 40).utf8).write(to: text)
      func shards(_ environment: String, _ options: String) throws -> Int? {
        let output = folder.appendingPathComponent("run").path
        let result = try recurInShell(
          "\(environment) recur train text \(text.path) --output \(output) --hidden-size 4 "
            + "--epochs 1 --batch-size 4 --sequence-length 8 \(options)")
        #expect(result.status == 0, "\(result.errors)")
        let file = URL(filePath: output).appending(path: "checkpoint.safetensors")
        return try Training<SequenceModel<Float>>(contentsOf: file).options.shards
      }
      #expect(try shards("", "") == nil)
      #expect(try shards("", "--shards 4") == 4)
      #expect(try shards("OMPI_COMM_WORLD_SIZE=1", "") == 8)
      #expect(try shards("OMPI_COMM_WORLD_SIZE=1", "--shards 2") == 2)
    }
  }
}
