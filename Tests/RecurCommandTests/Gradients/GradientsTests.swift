// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import RecurTraining
import Testing

/// `recur gradients`, as a process.
@Suite struct GradientsTests {
  @Test func aTableAndWords() throws {
    let result = try recur(
      "gradients", "--cell", "simple", "--gain", "0.5", "--hidden-size", "8",
      "--sequence-length", "30")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("RNN(inputSize: 1, hiddenSize: 8)\n"))
    #expect(result.output.contains("W_hh of h: largest singular value 0.5, spectral radius 0.5"))
    #expect(result.output.contains("Gradients vanish: from "))
    #expect(result.output.contains("0.5 is below 1, so gradients vanish over enough steps"))
    #expect(result.output.contains("clipping at 1 would"))
    // The table has 12 of the steps, including the last.
    #expect(result.output.split(separator: "\n").contains { $0.hasPrefix("   30 ") })
    #expect(result.output.split(separator: "\n").count < 20)
    let exploding = try recur("gradients", "--cell", "residual")
    #expect(exploding.output.contains("Gradients explode: "))
    #expect(exploding.output.contains("does not keep gradients from exploding"))
    let still = try recur("gradients", "--cell", "residual", "--gain", "0")
    #expect(still.output.contains("the Jacobian of a step is exactly 1"))
  }

  @Test func everythingAsJSON() throws {
    let result = try recur(
      "gradients", "--cell", "lstm", "--hidden-size", "3", "--sequence-length", "40",
      "--batch-size",
      "2", "--loss-steps", "all", "--clip-norm", "1e-3", "--json")
    #expect(result.status == 0)
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(report["summary"] as? String != nil)
    #expect((report["flow"] as? [String: Any])?["kind"] as? String != nil)
    #expect(((report["clipping"] as? [String: Any])?["factor"] as? Double ?? 1) < 1)
    let diagnosis = try #require(report["diagnosis"] as? [String: Any])
    let jacobians = try #require(diagnosis["jacobians"] as? [String: [[Double]]])
    #expect(jacobians["stepNorms"]?.map(\.count) == [40, 40])
    #expect(jacobians["productNorms"]?.map(\.count) == [40, 40])
    let recurrence = try #require((diagnosis["layers"] as? [[String: Any]])?.first)
    #expect((recurrence["stateNorms"] as? [[Double]])?.map(\.count) == [40, 40])
    let gates = try #require(recurrence["gates"] as? [[String: Any]])
    #expect(gates.map { $0["name"] as? String } == ["i", "f", "g", "o"])
    #expect((gates[0]["saturatedShares"] as? [Double])?.count == 40)
  }

  @Test func theComparisonAnswers() throws {
    try withFolder { folder in
      let picture = folder.appendingPathComponent("it's.svg")
      let result = try recur(
        "gradients", "--compare", "--hidden-size", "16", "--plot", picture.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("residual: Gradients explode: "))
      #expect(result.output.contains("gru: Gradients vanish: "))
      // Only the training of the residual network diverges, and clipping prevents that.
      #expect(result.output.ranges(of: "the loss is not finite after").count == 1)
      #expect(result.output.contains("; with clipping, the loss changes from "))
      #expect(result.output.contains("the Jacobian of one step is 1 + ∂g/∂h_(t-1)"))
      let table = try String(
        contentsOf: folder.appendingPathComponent("it's.csv"), encoding: .utf8)
      let lines = table.split(separator: "\n")
      #expect(lines[0].split(separator: ",").count > 24)
      #expect(lines.count == 102)  // 100 updates, before and after
      #expect(lines[1].hasPrefix("0,1,1,1,1,"))
      if result.errors.contains("wrote \(picture.path)") {
        #expect(try String(contentsOf: picture, encoding: .utf8).contains("<svg"))
      } else {
        #expect(result.errors.contains("gnuplot is not installed (Debian package: gnuplot-nox)"))
      }
    }
  }

  /// gnuplot would begin each plot with a form feed.
  @Test func thePlotOnATerminalHasNoControls() throws {
    let result = try recur(
      "gradients", "--hidden-size", "2", "--sequence-length", "3", "--terminal")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").allSatisfy { $0.isPrintable }, "\(result.output)")
  }

  @Test func withoutGnuplotTheTableIsWritten() throws {
    try withFolder { folder in
      let picture = folder.appendingPathComponent("g.png")
      let result = try recur(
        arguments: [
          "gradients", "--hidden-size", "2", "--sequence-length", "3", "--plot", picture.path,
          "--terminal",
        ],
        path: folder.path)
      #expect(result.status == 0)
      #expect(result.errors.contains("no plot drawn: gnuplot is not installed"))
      let table = try String(contentsOf: folder.appendingPathComponent("g.csv"), encoding: .utf8)
      #expect(table.split(separator: "\n").count == 4)
      #expect(!FileManager.default.fileExists(atPath: picture.path))
    }
  }

  @Test func invalidOptionsAreErrors() throws {
    let calls: [(arguments: [String], message: String)] = [
      (["--hidden-size", "0"], "--hidden-size is 0, expected 1 to 1000000"),
      (["--cell", "transformer"], "transformer"),
      (["--compare", "--cell", "gru"], "--compare, which measures all four cells"),
      (["--updates", "3"], "--updates requires --compare"),
      (["--learning-rate", "3"], "--learning-rate requires --compare"),
      (["--clip-norm=-1"], "--clip-norm is -1"),
      (["--json", "--terminal"], "--json cannot be combined with --terminal"),
      (["--plot", "g.gif"], "expected a file name ending in .png or .svg"),
      (
        ["--sequence-length", "2", "--plot", "/nowhere/g.png"],
        "/nowhere/g.png: the folder /nowhere does not exist"
      ),
    ]
    for call in calls {
      let result = try recur(arguments: ["gradients"] + call.arguments)
      #expect(result.status == 2, "\(call.arguments): \(result.status)")
      #expect(result.errors.contains(call.message), "\(result.errors)")
      #expect(result.errors.hasPrefix("recur: "))
    }
  }
}
