// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Recur

/// Calls a function for each index on several threads.
///
/// - Parameters:
///   - count: the number of indices.
///   - workers: the maximum number of threads.
///   - body: the function.
/// - Returns: the results, in the order of the indices.
/// - Throws: the error of the lowest index that has one.
func concurrently<Result: Sendable, Failure: Error>(
  _ count: Int, workers: Int, _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  var results: [Swift.Result<Result, Failure>?] = Array(repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let buffer = buffer
    let workers = max(1, min(workers, count))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: count, by: workers) {
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
