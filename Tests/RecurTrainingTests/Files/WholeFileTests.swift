// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import RecurTraining

@Suite struct WholeFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func leftoversAndOldFilesAreReplaced() throws {
    try Data(repeating: 1, count: 1000).write(to: folder[".a.partial"])
    try Data(repeating: 2, count: 500).write(to: folder["a"])
    try WholeFile.replace(folder["a"], with: [Data([3, 4]), Data(), Data([5])])
    #expect(try WholeFile.read(folder["a"]) == Data([3, 4, 5]))
    #expect(folder.names == ["a"])
  }

  @Test func fullDisksAreErrors() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    #expect(WholeFile.Contents([Data(count: 10)]).write(to: descriptor) == ENOSPC)
  }

  @Test func onlyRegularFilesAreReadAndReplaced() throws {
    for url in [folder.url, URL(filePath: "/dev/null")] {
      let path = url.path(percentEncoded: false)
      #expect(message { try WholeFile.read(url) } == "\(path): is not a regular file")
      #expect(
        message { try WholeFile.replace(url, with: []) } == "\(path): is not a regular file")
    }
    let pipe = folder["pipe"]
    mkfifo(pipe.path, 0o600)
    #expect(message { try WholeFile.read(pipe) } == "\(pipe.path): is not a regular file")
  }

  /// A file of the maximum length is read; the bytes of a pipe are counted.
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000])
  func longerFilesAndPipesAreRefused(most: Int) throws {
    let (file, pipe) = (folder["file"].path, folder["pipe"].path)
    mkfifo(pipe, 0o600)
    for count in [most, most + 1] {
      let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      try bytes.write(to: folder["file"])
      let writer = Process()
      writer.executableURL = URL(filePath: "/bin/sh")
      writer.arguments = ["-c", "cat '\(file)' >'\(pipe)'"]
      writer.standardError = FileHandle.nullDevice
      try writer.run()
      for path in [pipe, file] {
        if count == most {
          #expect(try WholeFile.read(path, atMost: most) == bytes)
        } else {
          #expect(
            message { try WholeFile.read(path, atMost: most) }
              == "\(path): has more than the \(most) bytes that are allowed")
        }
      }
      writer.waitUntilExit()
    }
  }

  @Test func linksStay() throws {
    try Data([1]).write(to: folder["a"])
    try FileManager.default.createSymbolicLink(at: folder["b"], withDestinationURL: folder["a"])
    try WholeFile.replace(folder["b"], with: [Data([2])])
    #expect(try WholeFile.read(folder["a"]) == Data([2]))
    #expect(folder.names == ["a", "b"])
  }

  @Test func whatIsMissingIsNamed() throws {
    let missing = folder["no/a"]
    #expect(
      message { try WholeFile.read(missing) }.hasSuffix("no/a: No such file or directory"))
    #expect(
      message { try WholeFile.replace(missing, with: []) }
        == "\(missing.path): its folder does not exist")
    try Data().write(to: folder["file"])
    let within = folder["file/a"]
    #expect(
      message { try WholeFile.replace(within, with: []) } == "\(within.path): open: Not a directory"
    )
    #expect(throws: FileError.self) { try WholeFile.read(URL(string: "https://example.org/a")!) }
  }

  @Test func writersWaitForEachOther() async throws {
    let url = folder["a"]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for value in UInt8(0)..<8 {
        group.addTask {
          for _ in 0..<20 {
            let chunks = Array(repeating: Data(repeating: value, count: 10_000), count: 10)
            try WholeFile.replace(url, with: chunks)
            let read = try WholeFile.read(url)
            #expect(read.count == 100_000 && Set(read).count == 1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(folder.names == ["a"])
  }
}
