// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurCommand

/// The script that gnuplot receives, and failures of gnuplot. A shell script stands in for it.
@Suite struct GnuplotTests {
  /// Runs the command with a script as gnuplot. In the script, FOLDER is the folder.
  private func recur(
    in folder: URL, gnuplot script: String, permissions: Int = 0o755, _ arguments: [String],
    meanwhile: (Process) throws -> Void = { _ in }
  ) throws -> CommandResult {
    let file = folder.appendingPathComponent("gnuplot")
    try ("#!/bin/bash\n" + script.replacing("FOLDER", with: folder.path)).write(
      to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: permissions], ofItemAtPath: file.path)
    return try RecurCommandTests.recur(
      arguments: arguments, path: folder.path, meanwhile: meanwhile)
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  private let small = ["gradients", "--hidden-size", "2", "--sequence-length", "3"]

  @Test(arguments: [
    ("exit 1", 0o755, "gnuplot failed"), ("kill -9 $$", 0o755, "gnuplot failed"),
    ("exit 0", 0o755, "rename: No such file or directory"),
    ("/usr/bin/touch FOLDER/g.png.part; exit 2", 0o755, "gnuplot failed"),
    ("exit 0", 0o644, "gnuplot: Permission denied"),
  ])
  func failuresAreReported(script: String, permissions: Int, message: String) throws {
    try withFolder { folder in
      let result = try recur(
        in: folder, gnuplot: script, permissions: permissions,
        small + ["--plot", folder.path + "/g.png"])
      #expect(result.status == 0)
      #expect(result.errors == "wrote \(folder.path)/g.csv\nno plot drawn: \(message)\n")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.sorted() == ["g.csv", "gnuplot"])
    }
  }

  @Test func remarksAreHidden() throws {
    try withFolder { folder in
      let result = try recur(
        in: folder, gnuplot: "echo 'empty y range' >&2; /usr/bin/touch FOLDER/g.png.part",
        small + ["--plot", folder.path + "/g.png"])
      #expect(result.errors == "wrote \(folder.path)/g.csv\nwrote \(folder.path)/g.png\n")
    }
  }

  @Test func gradientsAreDrawn() throws {
    try withFolder { folder in
      let capture = "/bin/cat >FOLDER/script; /usr/bin/touch FOLDER/g.svg.part"
      let result = try recur(
        in: folder, gnuplot: capture,
        small + ["--cell", "lstm", "--plot", folder.path + "/g.svg"])
      #expect(
        result.errors == "wrote \(folder.path)/g.csv\nwrote \(folder.path)/g.svg\n")
      let curve = { (column: Int, color: Int, name: String) in
        "'\(folder.path)/g.csv' using 1:\(column) with lines lw 2 dt 1 lt \(color) title '\(name)'"
      }
      let norms = [(2, 3, "∂L/∂h_t"), (3, 1, "∂s_t/∂s_t−1"), (4, 2, "∂s_T/∂s_t−1")]
      let gates = [(5, 1, "i"), (6, 2, "f"), (7, 3, "g"), (8, 4, "o")]
      #expect(
        try text("script", in: folder) == """
          set encoding utf8
          set terminal svg size 1200,450 font "sans,11" background "white"
          set output '\(folder.path)/g.svg.part'
          set datafile separator ","
          set multiplot layout 1,2
          set grid ytics
          set key noenhanced below height 1
          set format y "%g"
          set title 'Norms' noenhanced
          set xlabel 'step t' noenhanced
          set logscale y; set yrange [1e-12<*:*<1e12]
          plot \(norms.map(curve).joined(separator: ", "))
          set title 'Fraction of saturated units' noenhanced
          set xlabel 'step t' noenhanced
          unset logscale y; set yrange [0:1]
          plot \(gates.map(curve).joined(separator: ", "))
          unset multiplot

          """)
      let table = try text("g.csv", in: folder).split(separator: "\n")
      #expect(
        table[0]
          == "step,Norms: ∂L/∂h_t,Norms: ∂s_t/∂s_t−1,Norms: ∂s_T/∂s_t−1,"
          + "Fraction of saturated units: i,Fraction of saturated units: f,"
          + "Fraction of saturated units: g,Fraction of saturated units: o")
      #expect(table.dropFirst().map { $0.prefix(2) } == ["1,", "2,", "3,"])
    }
  }

  /// The form feed of a plot as text is left out, and the panels are below each other.
  @Test func aTerminalIsSmall() throws {
    try withFolder { folder in
      let result = try recur(
        in: folder, gnuplot: "/bin/cat >FOLDER/script; printf '\\fa plot\\n\\f'",
        small + ["--terminal"])
      #expect(result.errors.isEmpty)
      #expect(result.output.hasSuffix("\na plot\n") && !result.output.contains("\u{C}"))
      let script = try text("script", in: folder).split(separator: "\n")
      #expect(
        script[...3] == [
          "set encoding utf8", "set terminal dumb size 80,48", "set datafile separator \",\"",
          "set multiplot layout 2,1",
        ])
      let name = try #require(
        script.compactMap { $0.firstMatch(of: #/^plot '([^']*)' using/#) }.first
      ).output.1
      #expect(name.firstMatch(of: #/\/recur-[0-9A-F-]{36}\.csv$/#) != nil, "\(name)")
      #expect(!FileManager.default.fileExists(atPath: String(name)))
    }
  }

  @Test func theComparisonHasFourPanels() throws {
    try withFolder { folder in
      let result = try recur(
        in: folder, gnuplot: "/bin/cat >FOLDER/script; /usr/bin/touch FOLDER/g.png.part",
        small + [
          "--compare", "--batch-size", "1", "--updates", "2", "--plot", folder.path + "/g.png",
        ])
      #expect(result.status == 0, "\(result.errors)")
      let script = try text("script", in: folder)
      #expect(
        script.hasPrefix(
          "set encoding utf8\nset terminal pngcairo size 1200,900 font \"sans,11\"\nset output "))
      #expect(script.contains("\nset multiplot layout 2,2\n"))
      let titles = script.matches(of: #/set title '([^']*)' noenhanced/#).map { $0.output.1 }
      #expect(
        titles == ["Norm of ∂s_T/∂s_(T−k)", "Norm of ∂L/∂h_(T−k)", "Gradient norm", "Loss"])
      let below = script.matches(of: #/set xlabel '([^']*)' noenhanced/#).map { $0.output.1 }
      #expect(below == ["steps back k", "steps back k", "update", "update"])
      #expect(script.ranges(of: "set logscale y; set yrange [1e-12<*:*<1e12]").count == 4)
      let curves = script.matches(
        of: #/using 1:(\d+) with lines lw 2 dt (\d) lt (\d) title '([^']*)'/#
      )
      .map { "\($0.output.1) \($0.output.2) \($0.output.3) \($0.output.4)" }
      #expect(
        Array(curves[2..<12]) == [
          "4 1 3 gru", "5 1 4 lstm", "6 1 1 simple", "7 1 2 residual", "8 1 3 gru", "9 1 4 lstm",
          "10 1 1 simple", "11 2 1 simple, clipped", "12 1 2 residual", "13 2 2 residual, clipped",
        ])
      #expect(curves.count == 24)
      let table = try text("g.csv", in: folder).split(separator: "\n")
      #expect(table.map { $0.prefix { $0 != "," } } == ["index", "0", "1", "2", "3"])
      #expect(table[0].hasPrefix("index,Norm of ∂s_T/∂s_(T−k): simple,"))
      // The norms back to the first step, and those of two updates.
      #expect(table[1].hasPrefix("0,1,1,1,1,") && table[4].hasSuffix(",,,,,,,,,,,,,,,,,,,,"))
    }
  }

  /// A signal that a training run records ends a plot, too.
  @Test func aSignalEndsThePlot() throws {
    try withFolder { folder in
      let started = folder.path + "/started"
      let result = try recur(
        in: folder, gnuplot: "/usr/bin/touch FOLDER/started; exec /bin/sleep 50",
        [
          "train", "text", smallText(in: folder).path, "--output", folder.path, "--hidden-size",
          "4", "--layers", "1", "--sequence-length", "10", "--batch-size", "30", "--epochs", "1",
        ]
      ) { process in
        while process.isRunning && !FileManager.default.fileExists(atPath: started) {
          usleep(5000)
        }
        kill(process.processIdentifier, SIGINT)
      }
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.hasSuffix("\nno plot drawn: gnuplot was ended\n"), "\(result.errors)")
    }
  }

  @Test func formatsHaveExtensions() throws {
    for (path, output) in [
      ("a.png", Gnuplot.Output.png(URL(fileURLWithPath: "a.png"))),
      ("b.SVG", .svg(URL(fileURLWithPath: "b.SVG"))),
    ] {
      let plot = try #require(Gnuplot(file: path))
      #expect(plot.output == output && plot.width == 1000 && plot.height == 560)
      let other = try #require(Gnuplot(file: path, width: 3, height: 4))
      #expect(other.width == 3 && other.height == 4)
    }
    #expect(Gnuplot(file: "a.gif") == nil && Gnuplot(file: "png") == nil)
    let file = URL(fileURLWithPath: "a")
    #expect(Gnuplot(.png, file).output == .png(file) && Gnuplot(.svg, file).output == .svg(file))
    #expect(Gnuplot(.terminal).width == 1000 && Gnuplot(.terminal).height == 560)
  }
}
