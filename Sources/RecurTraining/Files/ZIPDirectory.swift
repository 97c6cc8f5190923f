// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The directory at the end of a ZIP archive, which lists its members
/// (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>).
struct ZIPDirectory {
  private let file: Data
  private let path: String
  private var count = 0
  private var start = 0
  private var end = 0

  private enum Signature {
    static let localHeader: UInt64 = 0x0403_4b50
    static let header: UInt64 = 0x0201_4b50
    static let descriptor: UInt64 = 0x0807_4b50
    static let end: UInt64 = 0x0605_4b50
    static let longEnd: UInt64 = 0x0606_4b50
    static let locator: UInt64 = 0x0706_4b50
  }

  private enum Length {
    static let localHeader = 30
    static let header = 46
    static let end = 22
    static let longEnd = 56
    static let locator = 20
  }

  init(_ file: Data, _ path: String) throws(FileError) {
    (self.file, self.path) = (file, path)
    guard file.count >= Length.end else { throw noEnd }
    var end = ZIPFields(file, from: file.count - Length.end, path)
    guard try end.number(4) == Signature.end else { throw noEnd }
    let disks = try [end.number(2), end.number(2)]
    let counts = try [end.number(2), end.number(2)]
    var sizes = try [counts[1], end.number(4), end.number(4)]
    guard try end.number(2) == 0 else { throw FileError(path, "has a comment, expected none") }
    self.end = file.count - Length.end
    if let long = try longEnd() {
      // A 32-bit field is that of the 64-bit directory, or all ones.
      guard
        zip(zip(sizes, [1 << 16 - 1, 1 << 32 - 1, 1 << 32 - 1] as [UInt64]), long).allSatisfy({
          $0.0 == $1 || $0.0 == $0.1
        })
      else { throw FileError(path, "has two directories that differ") }
      sizes = long
      self.end -= Length.locator + Length.longEnd
    }
    guard disks == [0, 0], counts[0] == counts[1] else { throw severalParts }
    (count, start) = (Int(clamping: sizes[0]), Int(clamping: sizes[2]))
    guard case (UInt64(self.end), false) = sizes[1].addingReportingOverflow(sizes[2]) else {
      throw FileError(
        path, "has a directory of \(sizes[1]) bytes at \(sizes[2]), expected its end at \(self.end)"
      )
    }
    guard count <= (self.end - start) / Length.header else {
      throw FileError(
        path, "has a directory of \(self.end - start) bytes, too few for \(count) members")
    }
  }

  private var noEnd: FileError {
    FileFormat(of: file).isArchive
      ? FileError(path, "does not end in the directory of a ZIP archive")
      : .wrongFormat(path, file, expected: .npz)
  }

  private var severalParts: FileError {
    FileError(path, "is a part of a ZIP archive in several parts")
  }

  /// Returns the number of members, and the size and the offset of the directory, from a 64-bit directory; nil if
  /// there is none.
  private func longEnd() throws(FileError) -> [UInt64]? {
    let place = end - Length.locator
    guard place >= 0 else { return nil }
    var locator = ZIPFields(file, from: place, path)
    guard try locator.number(4) == Signature.locator else { return nil }
    let found = try (locator.number(4), locator.number(8), locator.number(4))
    let start = place - Length.longEnd
    guard found.0 == 0, found.2 == 1 else { throw severalParts }
    guard start >= 0, found.1 == UInt64(start) else {
      throw FileError(path, "has a 64-bit directory at \(found.1), expected \(start)")
    }
    var end = ZIPFields(file, from: start, path)
    let (signature, length) = try (end.number(4), end.number(8))
    guard signature == Signature.longEnd, length == UInt64(Length.longEnd - 12) else {
      throw FileError(path, "has an invalid 64-bit directory")
    }
    _ = try end.number(4)  // versions
    let disks = try [end.number(4), end.number(4)]
    let counts = try [end.number(8), end.number(8)]
    guard disks == [0, 0], counts[0] == counts[1] else { throw severalParts }
    return try [counts[1], end.number(8), end.number(8)]
  }

  /// Returns the members in the order of the directory.
  func members() throws(FileError) -> [ZIPArchive.Member] {
    var fields = ZIPFields(file, from: start, to: end, path)
    var members: [ZIPArchive.Member] = []
    members.reserveCapacity(count)
    for _ in 0..<count { try members.append(member(&fields)) }
    guard fields.offset == end else {
      throw FileError(path, "has \(end - fields.offset) bytes after its directory, expected none")
    }
    // The members fill the bytes before the directory without gaps or overlaps.
    let order = members.indices.sorted { members[$0].offset < members[$1].offset }
    var place = 0
    for (position, index) in order.enumerated() {
      guard members[index].offset == place else {
        throw FileError(
          path,
          "member \(members[index].name) begins at \(members[index].offset), expected \(place)")
      }
      place = position + 1 < order.count ? members[order[position + 1]].offset : start
      try locate(&members[index], before: place)
    }
    guard place == start else { throw FileError(path, "has \(start) bytes before its directory") }
    return members
  }

  /// Reads an entry of the directory.
  private func member(_ fields: inout ZIPFields) throws(FileError) -> ZIPArchive.Member {
    guard try fields.number(4) == Signature.header else {
      throw FileError(path, "has a directory without a member at \(fields.offset - 4)")
    }
    _ = try fields.number(4)  // versions
    var member = ZIPArchive.Member()
    let method = try flagsAndMethod(&fields, &member)
    member.crc = try fields.number(4)
    var sizes = try [fields.number(4), fields.number(4)]
    let lengths = try (fields.size(2), fields.size(2), fields.size(2))
    let disk = try fields.number(2)
    _ = try fields.number(2) + fields.number(4)  // attributes
    try sizes.append(fields.number(4))
    member.name = try name(fields.take(lengths.0), member)
    try fields.take(lengths.1).extendSizes(&sizes, order: [1, 0, 2], member.name)
    _ = try fields.take(lengths.2)
    guard disk == 0 else { throw severalParts }
    guard method == 0 || method == 8 else {
      throw FileError(
        path, "member \(member.name) has the compression \(method), expected 0 or 8 (deflate)")
    }
    // Bits 1 and 2 describe the compression; bit 0 and the others encryption and patches.
    guard member.flags & ~(0b110 | 1 << 3 | 1 << 11) == 0 else {
      throw FileError(path, "member \(member.name) is encrypted, or has unknown flags")
    }
    guard sizes.allSatisfy({ $0 <= UInt64(Int.max) }) else {
      throw FileError(path, "member \(member.name) has the invalid sizes \(sizes)")
    }
    member.isDeflated = method == 8
    (member.packedSize, member.size, member.offset) = (Int(sizes[0]), Int(sizes[1]), Int(sizes[2]))
    return member
  }

  /// Reads the flags and the method, and skips the time.
  private func flagsAndMethod(
    _ fields: inout ZIPFields, _ member: inout ZIPArchive.Member
  ) throws(FileError) -> Int {
    member.flags = try fields.size(2)
    let method = try fields.size(2)
    _ = try fields.number(4)
    return method
  }

  private func name(_ bytes: ZIPFields, _ member: ZIPArchive.Member) throws(FileError) -> String {
    let isUnicode = member.flags & 1 << 11 != 0
    guard !bytes.rest.isEmpty, isUnicode || bytes.rest.allSatisfy({ $0 < 0x80 }),
      let name = String(validating: bytes.rest, as: UTF8.self)
    else { throw FileError(path, "has a member whose name is not UTF-8") }
    return name
  }

  /// Finds the bytes of a member, whose local header must agree with the directory.
  private func locate(
    _ member: inout ZIPArchive.Member, before end: Int
  ) throws(FileError) {
    var fields = ZIPFields(file, from: member.offset, to: end, path)
    guard try fields.number(4) == Signature.localHeader else {
      throw FileError(path, "member \(member.name) has no header at \(member.offset)")
    }
    _ = try fields.number(2)  // version
    var local = ZIPArchive.Member()
    let method = try flagsAndMethod(&fields, &local)
    let crc = try fields.number(4)
    var sizes = try [fields.number(4), fields.number(4)]
    let lengths = try (fields.size(2), fields.size(2))
    local.name = try name(fields.take(lengths.0), local)
    let extra = try fields.take(lengths.1)
    if !member.hasDescriptor || sizes.contains(where: { $0 != 0 && $0 != ZIPFields.extended }) {
      try extra.extendSizes(&sizes, order: [1, 0], member.name)
    }
    let expected = [member.crc, UInt64(member.packedSize), UInt64(member.size)]
    let found = [crc] + sizes
    // Sizes that follow the data are 0 or all ones here.
    let isOpen =
      member.hasDescriptor && (crc == 0 || crc == member.crc)
      && sizes.allSatisfy { $0 == 0 || $0 == ZIPFields.extended }
    guard local.name == member.name, local.flags == member.flags,
      (method == 8) == member.isDeflated, method == 0 || method == 8, found == expected || isOpen
    else {
      throw FileError(path, "member \(member.name) has a header that differs from the directory")
    }
    guard member.packedSize <= end - fields.offset else {
      throw FileError(
        path,
        "member \(member.name) would have \(member.packedSize) bytes, expected at most "
          + "\(end - fields.offset)")
    }
    member.packed = try fields.take(member.packedSize).rest
    try requireEnd(of: member, fields)
  }

  /// Only the sizes may follow the data: with 4 or 8 bytes each, and with or without a signature.
  private func requireEnd(
    of member: ZIPArchive.Member, _ fields: ZIPFields
  ) throws(FileError) {
    var fields = fields
    let gap = fields.rest.count
    guard member.hasDescriptor else {
      guard gap == 0 else {
        throw FileError(path, "has \(gap) bytes after member \(member.name), expected none")
      }
      return
    }
    let refusal = FileError(path, "member \(member.name) has an invalid descriptor")
    guard [12, 16, 20, 24].contains(gap) else { throw refusal }
    let hasSignature = gap.isMultiple(of: 8)
    if hasSignature, try fields.number(4) != Signature.descriptor { throw refusal }
    let width = gap >= 20 ? 8 : 4
    let found = try [fields.number(4), fields.number(width), fields.number(width)]
    guard found == [member.crc, UInt64(member.packedSize), UInt64(member.size)] else {
      throw refusal
    }
  }
}
