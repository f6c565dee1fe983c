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
    let isFour = !parts[0].utf8.contains(UInt8(ascii: ":"))
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

  /// The lowest address of the network.
  var first: Address { Address(high: high & mask.high, low: low & mask.low) }
  /// The highest.
  var last: Address { Address(high: high | ~mask.high, low: low | ~mask.low) }

  private var mask: Address {
    let highBits = min(bits, 64)
    let lowBits = bits - highBits
    return Address(
      high: highBits == 0 ? 0 : ~0 << UInt64(64 - highBits), low: lowBits == 0 ? 0 : ~0 << UInt64(64 - lowBits))
  }

  func contains(_ address: Address) -> Bool { first <= address && address <= last }

  struct Address: Hashable, Comparable {
    var high: UInt64
    var low: UInt64

    static func < (left: Address, right: Address) -> Bool { (left.high, left.low) < (right.high, right.low) }
  }

  /// Every address in a field, whatever stands around them: `10.0.0.1; fe80::1%4`, `{10.20.0.17, fe80::a1b2}`,
  /// `10.20.0.16/24`. What is no address is passed over: who leaves out a network means each agent that has a foot in it.
  static func addresses(in field: String) -> [Address] {
    parts(of: field).flatMap(addresses)
  }

  /// The field holds addresses and nothing else.
  static func isAddresses(_ field: String) -> Bool {
    var hasAddress = false
    for part in parts(of: field) {
      if !addresses(part).isEmpty {
        hasAddress = true
      } else if !hasAddress || part.count > 3 || !part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
        return false  // Only the length of a prefix may stand behind an address.
      }
    }
    return hasAddress
  }

  /// The networks that a field's addresses lie in, as counts by subnet show them: the /24 of an IPv4 address, the /64 of
  /// an IPv6 one; each once.
  package static func subnets(in field: String) -> [String] {
    var seen: Set<String> = []
    return addresses(in: field).map(subnet).filter { seen.insert($0).inserted }
  }

  private static func subnet(_ address: Address) -> String {
    if address.high == 0, address.low >> 32 == 0xFFFF {
      let value = address.low
      return "\(value >> 24 & 0xFF).\(value >> 16 & 0xFF).\(value >> 8 & 0xFF).0/24"
    }
    var groups = [48, 32, 16, 0].map { address.high >> UInt64($0) & 0xFFFF }
    while groups.last == 0 { groups.removeLast() }
    return groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
  }

  /// Without the masks behind addresses: `10.20.0.31/255.255.255.0`.
  private static func parts(of field: String) -> [Substring.UTF8View] {
    let bytes = Substring(field).utf8
    return bytes.split(whereSeparator: isSeparator).filter { part in
      guard part.startIndex > bytes.startIndex,
        bytes[bytes.index(before: part.startIndex)] == UInt8(ascii: "/"), let mask = four(Array(part)[...])
      else { return true }
      return ~mask & (~mask &+ 1) != 0
    }
  }

  /// The address that a part is, or both ends of a range: `10.20.0.3-10.20.0.9`. A sentence may end behind it.
  private static func addresses(_ part: Substring.UTF8View) -> [Address] {
    let dot = UInt8(ascii: ".")
    var part = part
    while part.last == dot { part.removeLast() }
    while part.first == dot { part.removeFirst() }
    if let address = address(part) { return [address] }
    let ends = part.split(separator: UInt8(ascii: "-")).map(address)
    return ends.count == 2 && ends[0] != nil ? ends.compactMap(\.self) : []
  }

  /// A port may stand behind an IPv4 address.
  private static func address(_ part: Substring.UTF8View) -> Address? {
    if let colon = part.firstIndex(of: UInt8(ascii: ":")), part.lastIndex(of: UInt8(ascii: ":")) == colon {
      return parse(Array(part[..<colon]))
    }
    return parse(Array(part))
  }

  /// Blanks, brackets, quotes and the like, and whatever is not ASCII.
  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "%"),
      UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\\"), UInt8(ascii: "+"), UInt8(ascii: "~"),
      UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "!"):
      false
    default: true
    }
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
