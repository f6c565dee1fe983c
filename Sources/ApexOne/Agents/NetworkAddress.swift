/// An address of either family: 16 bytes as two words. IPv4 is kept in its IPv4-mapped form, so that one comparison serves
/// both.
struct NetworkAddress: Sendable, Hashable, Comparable {
  var high: UInt64
  var low: UInt64

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  init(four: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(four)) }

  /// Nil where the bytes are no address of either family. A zone (`%4`) may stand behind one of IPv6.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.contains(UInt8(ascii: ":")) else {
      guard let value = NetworkAddress.four(bytes) else { return nil }
      self.init(four: value)
      return
    }
    guard let address = NetworkAddress.six(bytes.prefix { $0 != UInt8(ascii: "%") }) else { return nil }
    self = address
  }

  static func < (left: NetworkAddress, right: NetworkAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// The value of an IPv4 address; nil for one of IPv6.
  var four: UInt32? { high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil }

  /// The addresses that share its first `bits` bits, of 128.
  func network(bits: Int) -> AddressSpan {
    let highBits = min(bits, 64)
    let lowBits = bits - highBits
    let highMask: UInt64 = highBits == 0 ? 0 : ~0 << UInt64(64 - highBits)
    let lowMask: UInt64 = lowBits == 0 ? 0 : ~0 << UInt64(64 - lowBits)
    return AddressSpan(
      NetworkAddress(high: high & highMask, low: low & lowMask),
      NetworkAddress(high: high | ~highMask, low: low | ~lowMask))
  }

  /// The network it lies in, as counts by subnet show it: the /24 of an IPv4 address, the /64 of an IPv6 one.
  var subnet: String {
    if let four { return "\(four >> 24).\(four >> 16 & 0xFF).\(four >> 8 & 0xFF).0/24" }
    var groups = [48, 32, 16, 0].map { high >> UInt64($0) & 0xFFFF }
    while groups.last == 0 { groups.removeLast() }
    return groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Four numbers up to 255, of three digits at most, joined by dots.
  static func four(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    guard bytes.count <= 15 else { return nil }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let number = octet(part) else { return nil }
      value = value << 8 | number
    }
    return value
  }

  static func octet(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    guard (1...3).contains(bytes.count), bytes.allSatisfy(isDigit) else { return nil }
    let number = bytes.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
    return number <= 255 ? number : nil
  }

  /// Bits of a mask such as `255.255.0.0`; nil where it is none.
  static func bits(ofMask mask: UInt32) -> Int? {
    ~mask & (~mask &+ 1) == 0 ? mask.nonzeroBitCount : nil
  }

  private static func six(_ bytes: ArraySlice<UInt8>) -> NetworkAddress? {
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

  private static func assemble(_ groups: [UInt16], gap: Int?) -> NetworkAddress? {
    guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
    var all = groups
    if let gap { all.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap) }
    let words = all.map(UInt64.init)
    return NetworkAddress(
      high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
      low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
  }
}

/// Two addresses and all between them; or one, twice.
struct AddressSpan: Sendable, Hashable {
  let first: NetworkAddress
  let last: NetworkAddress

  init(_ first: NetworkAddress, _ last: NetworkAddress) { (self.first, self.last) = (first, last) }

  init(_ address: NetworkAddress) { self.init(address, address) }

  var isRange: Bool { first != last }

  func contains(_ address: NetworkAddress) -> Bool { first <= address && address <= last }
}
