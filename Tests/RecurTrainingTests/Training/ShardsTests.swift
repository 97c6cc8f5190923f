// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur
import TestSupport
import Testing

@testable import RecurTraining

/// How batches are divided, and errors on some ranks only.
@Suite struct ShardsTests {
  @Test("Shards divide a batch evenly, and those of a rank are neighbors")
  func sequences() throws {
    for V in [1, 2, 4, 8, 16] {
      let shards = try Shards(V)
      for B in 0...40 {
        let parts = (0..<V).map { shards.sequences(of: $0..<$0 + 1, batchSize: B) }
        #expect(parts.flatMap(Array.init) == Array(0..<B))
        #expect(parts.map(\.count).max()! - parts.map(\.count).min()! <= 1)
        #expect(B == 0 || !parts[0].isEmpty)
      }
    }
    #expect(try Shards(8).sequences(of: 4..<8, batchSize: 9) == 5..<9)
  }

  private func message(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
  }

  @Test func numbersOfShards() throws {
    for count in [0, -1, 3, 12, 1 << 17] {
      #expect(
        message { _ = try Shards(count) }
          == "shards is \(count), expected a power of two up to 65536")
    }
    var options = TrainingProblem.options
    options.shards = 6
    #expect(
      message { try options.validate() } == "shards is 6, expected a power of two up to 65536")
  }

  /// Ranks that are not there.
  private struct Absent: Ranks {
    let rank = 0
    let count: Int
    func sum<Scalar: RecurScalar>(_ values: UnsafeMutableBufferPointer<Scalar>) {}
    func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {}
  }

  @Test func numbersOfRanks() throws {
    func error(_ ranks: Int, _ shards: Int?) -> String? {
      var options = TrainingProblem.options
      options.shards = shards
      return message { _ = try options.shards(of: Absent(count: ranks)) }
    }
    #expect(error(3, 8) == "ranks is 3, expected a power of two up to 8, the number of shards")
    #expect(error(16, 8) == "ranks is 16, expected a power of two up to 8, the number of shards")
    #expect(
      error(2, nil) == "shards is nil, expected a power of two from 2, the number of ranks")
    for ranks in [1, 2, 4, 8] { #expect(error(ranks, 8) == nil) }
    #expect(error(1, nil) == nil)
  }

  @Test("Options without shards have the same JSON as before there were any")
  func json() throws {
    let options = try JSONEncoder().encode(TrainingProblem.options)
    #expect(!String(decoding: options, as: UTF8.self).contains("shards"))
    #expect(
      try JSONDecoder().decode(TrainingOptions.self, from: options) == TrainingProblem.options)
  }

  @Test("An error on one rank ends the step on all of them, and leaves the run unchanged")
  func failure() throws {
    let run = try RanksTests.shuffled()
    let (alone, broken) = (try run.outcome(), 2)
    let results = ThreadRanks.run(4) { ranks in
      let spoilt = ranks.rank == broken ? Broken(base: run.data) : nil
      var training = try Training(run.model, options: run.options)
      _ = try training.step(run.data, validation: run.data, ranks: ranks)
      var messages: [String] = []
      // The second step needs the data, and the third one, which ends the epoch, those for validation.
      do { _ = try training.step(spoilt ?? run.data, validation: run.data, ranks: ranks) } catch {
        messages.append("\(error)")
      }
      for validation in [run.data, spoilt ?? run.data] {
        do { _ = try training.step(run.data, validation: validation, ranks: ranks) } catch {
          messages.append("\(error)")
        }
      }
      try training.fit(run.data, validation: run.data, ranks: ranks)
      return (messages, training.model.parameters.elements)
    }
    for (rank, result) in results.enumerated() {
      let (messages, parameters) = try result.get()
      let expected = (rank == broken ? "" : "rank 2: ") + "memory: there is none"
      #expect(messages == [expected, expected])
      #expect(parameters == alone.parameters)
    }
  }

  /// Data that cannot be read.
  private struct Broken: TrainingData {
    var base: any TrainingData<Float>
    var count: Int { base.count }

    func batch(_ examples: ArraySlice<Int>) throws(RecurError) -> TrainingBatch<Float> {
      throw .outOfMemory(reason: "memory: there is none")
    }
  }

  @Test("The location of a value that is not finite is that in the batch, on all ranks")
  func notFinite() throws {
    let windows: Windows<Double> = try TrainingProblem.windows()
    let spoilt = Changed(base: windows) { batch, _ in
      guard case .features(var input) = batch.input else { return }
      input[3, 10, 1] = .nan
      batch.input = .features(input)
    }
    let model: SequenceModel<Double> = try TrainingProblem.model()
    let results = ThreadRanks.run(2) { ranks in
      var training = try Training(
        model, options: .init(loss: .huber(), batching: .inOrder(size: 16), shards: 4))
      _ = try training.step(spoilt, ranks: ranks)
    }
    for result in results {
      guard case .failure(TrainingError.nonFinite(_, let place)) = result else {
        Issue.record("\(result)")
        continue
      }
      #expect(place == NonFiniteLocation(step: 3, sequence: 10))
    }
  }
}
