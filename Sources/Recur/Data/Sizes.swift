// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

@usableFromInline
func requireSize(_ name: String, _ size: Int, atLeast minimum: Int) throws(RecurError) {
  guard size >= minimum else {
    throw .invalid(argument: name, reason: "is \(size), expected at least \(minimum)")
  }
}

/// Returns the product of sizes if an array can have this number of elements. Errors refer to the product
/// as `names`, such as "rows x columns".
func elementCount<Scalar>(
  _ sizes: Int..., of scalar: Scalar.Type, named names: String = "size"
) throws(RecurError) -> Int {
  var count = 1
  var overflows = false
  for size in sizes {
    try requireSize(names, size, atLeast: 0)
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    count = product
    overflows = overflows || overflow
  }
  guard !overflows, !count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride).overflow
  else {
    let product = sizes.map(String.init).joined(separator: " x ")
    throw .invalid(argument: names, reason: "is \(product), which overflows")
  }
  return count
}
