// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Recur

/// Calls a function for each index on several threads.
///
/// - Parameters:
///   - count: the number of indices.
///   - threads: the threads; the calling thread alone if nil.
///   - body: the function.
/// - Returns: the results, in the order of the indices.
/// - Throws: the error of the lowest index that has one.
func concurrently<Result: Sendable, Failure: Error>(
  _ count: Int, threads: Threads?, _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  var results: [Swift.Result<Result, Failure>?] = Array(repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let buffer = buffer
    onEachThread(of: threads) { rank, size in
      for index in stride(from: rank, to: count, by: size) {
        do throws(Failure) {
          buffer[index] = .success(try body(index))
        } catch {
          buffer[index] = .failure(error)
        }
      }
    }
  }
  var values: [Result] = []
  for result in results { values.append(try result!.get()) }
  return values
}
