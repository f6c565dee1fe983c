/// Addresses that a word stands for: one, a network (`10.20.0.0/16`, `10.20.0.0/255.255.0.0`, `fe80::/10`), a range
/// (`10.20.0.1-10.20.0.9`, `10.20.0.1-9`), or a pattern (`10.20.*`, `10.20.0.1?`, `10.20.0.[1-9,20]`; `x` is `*`).
package struct NetworkRange: Sendable, Hashable {
  /// They overlap in no place.
  let spans: [AddressSpan]

  /// How many spans a pattern may stand for: `10.*.*.5` has 65,536.
  private static let mostSpans = 65_536

  /// Nil where the text is none of them.
  package init?(_ text: String) {
    var bytes = Array(AgentName.narrowed(text).utf8)[...]
    // A sentence may end behind an address.
    if bytes.last == UInt8(ascii: "."), bytes.count(where: { $0 == UInt8(ascii: ".") }) == 4 { bytes.removeLast() }
    if let slash = bytes.firstIndex(of: UInt8(ascii: "/")) {
      guard let span = NetworkRange.network(bytes[..<slash], bytes[(slash + 1)...]) else { return nil }
      spans = [span]
    } else if let address = NetworkAddress(bytes) {
      spans = [AddressSpan(address)]
    } else if let span = NetworkRange.range(bytes) {
      spans = [span]
    } else if let found = NetworkRange.pattern(bytes) {
      spans = found
    } else {
      return nil
    }
  }

  /// The word could stand for nothing but addresses, whether or not it is written as `init` reads it: numbers before a last
  /// part that begins as one. No name of a host is like that, with a domain or without.
  static func isMeant(by text: String) -> Bool {
    let bytes = Array(AgentName.narrowed(text).utf8)
    return AgentName.meansAddresses(bytes) || isPattern(bytes)
  }

  private static func isPattern(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, NetworkAddress.isDigit(first), bytes.contains(UInt8(ascii: ".")) else {
      return false
    }
    return bytes.allSatisfy { NetworkAddress.isDigit($0) || signs.contains($0) }
  }

  private static let signs = Set(".-*?[],/xX".utf8)

  private static func network(_ address: ArraySlice<UInt8>, _ prefix: ArraySlice<UInt8>) -> AddressSpan? {
    guard let base = NetworkAddress(address) else { return nil }
    let isFour = !address.contains(UInt8(ascii: ":"))
    if isFour, let mask = NetworkAddress.four(prefix) {
      return NetworkAddress.bits(ofMask: mask).map { base.network(bits: $0 + 96) }
    }
    guard (1...3).contains(prefix.count), prefix.allSatisfy(NetworkAddress.isDigit),
      let bits = Int(String(decoding: prefix, as: UTF8.self)), bits <= (isFour ? 32 : 128)
    else { return nil }
    return base.network(bits: isFour ? bits + 96 : bits)
  }

  /// Two addresses of one family.
  private static func range(_ bytes: ArraySlice<UInt8>) -> AddressSpan? {
    let ends = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard ends.count == 2, let first = NetworkAddress(ends[0]), let last = NetworkAddress(ends[1]),
      (first.four == nil) == (last.four == nil), first <= last
    else { return nil }
    return AddressSpan(first, last)
  }

  // MARK: Patterns of IPv4

  private static func pattern(_ bytes: ArraySlice<UInt8>) -> [AddressSpan]? {
    var octets: [[ClosedRange<UInt32>]] = []
    var parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // What stands at the end for any number stands for all that are missing.
    if parts.count < 4, parts.count > 1, let last = parts.last, isAny(last) {
      parts += [ArraySlice<UInt8>](repeating: last, count: 4 - parts.count)
    }
    guard parts.count == 4 else { return nil }
    for part in parts {
      guard let ranges = numbers(part) else { return nil }
      octets.append(ranges)
    }
    return spans(octets)
  }

  private static func isAny(_ part: ArraySlice<UInt8>) -> Bool {
    part.elementsEqual("*".utf8) || ((1...3).contains(part.count) && part.allSatisfy { $0 | 0x20 == UInt8(ascii: "x") })
  }

  /// The numbers up to 255 that one part of a pattern stands for, rising; nil where it stands for none.
  private static func numbers(_ part: ArraySlice<UInt8>) -> [ClosedRange<UInt32>]? {
    if isAny(part) { return [0...255] }
    var allowed = [Bool](repeating: false, count: 256)
    if part.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 | 0x20 == UInt8(ascii: "x") }) {
      guard part.count <= 3, part.allSatisfy({ NetworkAddress.isDigit($0) || "*?xX".utf8.contains($0) }) else {
        return nil
      }
      let glob = part.map { $0 | 0x20 == UInt8(ascii: "x") ? UInt8(ascii: "?") : $0 }
      let wildcard = Wildcard(String(decoding: glob, as: UTF8.self))
      for number in 0..<256 { allowed[number] = wildcard.matches("\(number)") }
    } else {
      var list = part
      if list.first == UInt8(ascii: "[") {
        guard list.last == UInt8(ascii: "]") else { return nil }
        list = list.dropFirst().dropLast()
      }
      for item in list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        let ends = item.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let values = ends.compactMap(NetworkAddress.octet)
        guard (1...2).contains(ends.count), values.count == ends.count, let low = values.first, let high = values.last,
          low <= high
        else { return nil }
        for number in low...high { allowed[Int(number)] = true }
      }
    }
    return runs(allowed)
  }

  private static func runs(_ allowed: [Bool]) -> [ClosedRange<UInt32>]? {
    var found: [ClosedRange<UInt32>] = []
    for number in 0..<256 where allowed[number] {
      if let last = found.last, Int(last.upperBound) == number - 1 {
        found[found.count - 1] = last.lowerBound...UInt32(number)
      } else {
        found.append(UInt32(number)...UInt32(number))
      }
    }
    return found.isEmpty ? nil : found
  }

  /// One part after the other, from the last: a part whose successors are all free makes one span of each run.
  private static func spans(_ octets: [[ClosedRange<UInt32>]]) -> [AddressSpan]? {
    var found: [ClosedRange<UInt32>] = [0...0]
    for (place, ranges) in octets.reversed().enumerated() {
      let shift = UInt32(8 * place)
      if found.count == 1, UInt64(found[0].upperBound) - UInt64(found[0].lowerBound) + 1 == 1 << UInt64(shift) {
        found = ranges.map { ($0.lowerBound << shift)...($0.upperBound << shift | found[0].upperBound) }
        continue
      }
      let count = ranges.reduce(0) { $0 + $1.count } * found.count
      guard count <= mostSpans else { return nil }
      found = ranges.flatMap { range in
        range.flatMap { number in
          found.map { (number << shift | $0.lowerBound)...(number << shift | $0.upperBound) }
        }
      }
    }
    return found.map { AddressSpan(NetworkAddress(four: $0.lowerBound), NetworkAddress(four: $0.upperBound)) }
  }

  // MARK: Fields of a list

  /// The field holds addresses and nothing else.
  static func isAddresses(_ field: String) -> Bool { AddressScan(field).isAddresses }

  /// The networks that a field's addresses lie in, as counts by subnet show them, each once.
  package static func subnets(in field: String) -> [String] {
    var seen: Set<String> = []
    return AddressScan(field).written.map(\.subnet).filter { seen.insert($0).inserted }
  }
}
