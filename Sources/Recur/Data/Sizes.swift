// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

func requireSize(_ name: String, _ size: Int, atLeast minimum: Int) throws(RecurError) {
  guard size >= minimum else {
    throw .invalid(argument: name, reason: "is \(size), expected at least \(minimum)")
  }
}

/// The product of sizes, as a number of elements that an array may have.
func elementCount<Scalar>(
  _ sizes: Int..., of scalar: Scalar.Type
) throws(RecurError) -> Int {
  var count = 1
  for size in sizes {
    try requireSize("size", size, atLeast: 0)
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow else {
      throw .invalid(argument: "size", reason: "\(sizes) overflows")
    }
    count = product
  }
  guard !count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride).overflow else {
    throw .invalid(argument: "size", reason: "\(sizes) overflows")
  }
  return count
}
