// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import Testing

@testable import RecurTraining

/// Kills a process that trains and writes checkpoints as fast as possible.
@Suite struct KillTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The path of the child program, next to the test program.
  private static var child: String {
    get throws {
      let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(filePath: tests).deletingLastPathComponent().appending(path: "TrainingChild").path
    }
  }

  private func start(_ arguments: String...) throws -> pid_t {
    let child = try Self.child
    var process: pid_t = 0
    var strings: [UnsafeMutablePointer<CChar>?] =
      ([child] + arguments).map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    try #require(posix_spawn(&process, child, nil, nil, &strings, environ) == 0, "\(child)")
    return process
  }

  /// Waits for a process. Returns 0 for exit status 0, or the number of the signal that killed it.
  private func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  @Test func killedAnywhereARunComesToTheSameBits() throws {
    #expect(try wait(for: start(folder["whole"].path)) == 0)
    let whole = try WholeFile.read(folder["whole"])
    let seed: UInt64 = 31
    var generator = SplitMix64(seed: seed)
    var (kills, inTheMiddle, runs) = (0, 0, 0)
    // The maximum time before a kill, increased if a process made no progress.
    var longest = 0.06
    while kills < 50 {
      let url = folder["run"]
      try? FileManager.default.removeItem(at: url)
      var reached = 0
      while true {
        let process = try start(url.path)
        usleep(UInt32(1e6 * longest * generator.nextUnit()))
        kill(process, SIGKILL)
        let status = wait(for: process)
        if status == 0 { break }
        try #require(status == SIGKILL, "seed \(seed)")
        kills += 1
        try #require(kills < 1000, "the run does not finish")
        if folder.names.contains(".run.partial") { inTheMiddle += 1 }
        let step = try stepReached(url)
        if step == reached { longest *= 1.05 }
        reached = step
      }
      runs += 1
      #expect(try WholeFile.read(url) == whole, "seed \(seed), run \(runs)")
      #expect(folder.names == ["run", "whole"])
    }
    print("killed \(kills) times, \(inTheMiddle) in the middle of a write; \(runs) runs")
    #expect(inTheMiddle > 0)
  }

  /// The step of the checkpoint, which must be intact, or 0 if there is none.
  private func stepReached(_ url: URL) throws -> Int {
    guard FileManager.default.fileExists(atPath: url.path) else { return 0 }
    return try Training<SequenceModel<Double>>(contentsOf: url).position.step
  }

  @Test func aWriteThatFailsLeavesTheCheckpoint() throws {
    let url = folder["run"]
    #expect(try wait(for: start(url.path, "1000")) == 1 << 8)
    #expect(folder.names == [])
    #expect(try wait(for: start(url.path)) == 0)
    let whole = try WholeFile.read(url)
    var early = try Training<SequenceModel<Double>>(contentsOf: url)
    early.history.removeLast()
    var position = try TrainingPosition(early.options)
    for finished in early.history { _ = position.finishEpoch(finished.validationLoss) }
    (position.step, position.examples) = (early.position.step / 5 * 4, early.position.examples)
    early.position = position
    _ = try Training<SequenceModel<Double>>(SafeTensors(bytes: early.bytes))
    try early.save(to: url)
    let before = try WholeFile.read(url)
    #expect(try wait(for: start(url.path, "\(whole.count / 2)")) == 1 << 8)
    #expect(try WholeFile.read(url) == before)
    #expect(folder.names == ["run"])
  }
}
