/// A network in CIDR form, or one address, of either family; and the addresses that a list's field holds.
///
/// An address is 16 bytes as two words; IPv4 is kept in its IPv4-mapped form, so that one comparison serves both.
package struct NetworkRange: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64
  /// Bits of the prefix, from 0 to 128.
  private let bits: Int

  /// Reads `10.20.0.0/16`, `fe80::/10`, `10.20.0.5`. Nil where it is none of them.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = NetworkRange.parse(Array(parts[0].utf8)) else { return nil }
    let isFour = !parts[0].contains(":")
    let most = isFour ? 32 : 128
    var bits = most
    if parts.count == 2 {
      guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        let given = Int(parts[1]), given <= most
      else { return nil }
      bits = given
    }
    (high, low) = (address.high, address.low)
    self.bits = isFour ? bits + 96 : bits
  }

  func contains(_ address: Address) -> Bool {
    let highBits = min(bits, 64)
    let lowBits = bits - highBits
    let highMask: UInt64 = highBits == 0 ? 0 : ~0 << UInt64(64 - highBits)
    let lowMask: UInt64 = lowBits == 0 ? 0 : ~0 << UInt64(64 - lowBits)
    return (high ^ address.high) & highMask == 0 && (low ^ address.low) & lowMask == 0
  }

  struct Address: Hashable {
    var high: UInt64
    var low: UInt64
  }

  /// Every address in a field such as `10.0.0.1; fe80::1%4`; empty where any part of it is something else.
  static func addresses(in field: String) -> [Address] {
    var found: [Address] = []
    for part in field.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x2C || $0 == 0x3B || $0 == 0x7C || $0 < 0x20 })
    {
      guard let address = parse(Array(part)) else { return [] }
      found.append(address)
    }
    return found
  }

  private static func parse(_ bytes: [UInt8]) -> Address? {
    guard bytes.contains(UInt8(ascii: ":")) else {
      return four(bytes[...]).map { Address(high: 0, low: 0xFFFF_0000_0000 | UInt64($0)) }
    }
    return six(bytes.prefix { $0 != UInt8(ascii: "%") })
  }

  private static func four(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
      let number = part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
      guard number <= 255 else { return nil }
      value = value << 8 | number
    }
    return value
  }

  private static func six(_ bytes: ArraySlice<UInt8>) -> Address? {
    var groups: [UInt16] = []
    var gap: Int?
    var rest = bytes
    if rest.starts(with: [0x3A, 0x3A]) {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let group = rest.prefix { $0 != 0x3A }
      if group.contains(UInt8(ascii: ".")) {
        guard let value = four(group), group.count == rest.count else { return nil }
        groups += [UInt16(value >> 16), UInt16(value & 0xFFFF)]
        break
      }
      guard (1...4).contains(group.count), let value = UInt16(String(decoding: group, as: UTF8.self), radix: 16),
        group.first != UInt8(ascii: "+"), groups.count < 8
      else { return nil }
      groups.append(value)
      rest = rest.dropFirst(group.count)
      guard !rest.isEmpty else { break }
      rest = rest.dropFirst()
      if rest.first == 0x3A {
        guard gap == nil else { return nil }
        gap = groups.count
        rest = rest.dropFirst()
      } else if rest.isEmpty {
        return nil
      }
    }
    return assemble(groups, gap: gap)
  }

  private static func assemble(_ groups: [UInt16], gap: Int?) -> Address? {
    guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
    var all = groups
    if let gap { all.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap) }
    let words = all.map(UInt64.init)
    return Address(
      high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
      low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
  }
}
