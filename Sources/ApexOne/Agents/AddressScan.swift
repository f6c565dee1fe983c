/// Every address in a text that programs and people wrote, whatever stands around it: `IPv4:10.20.0.2%12`,
/// `{10.20.0.17, fe80::a1b2}`, `eth0@10.20.0.2/24`, `10.20.0.2..10.20.0.9`.
///
/// Runs of the characters that addresses are made of are looked for, not what parts them. Time is linear in the text.
struct AddressScan {
  /// One of each address, in the text's order; and one of each range (`10.20.0.2-10.20.0.9`, `10.20.0.2-9`) and of each
  /// network (`10.20.0.0/24`) beside the addresses that it is written with.
  private(set) var spans: [AddressSpan] = []
  /// Something may be an address, and could not be read as one: `10.20.2`, `10.20.0.2.5`, `169541634`.
  private(set) var hasUnread = false
  /// Something stands there that is no part of an address, nor a sign between two.
  private var hasOther = false

  /// Addresses alone, without the ranges.
  var written: [NetworkAddress] { spans.compactMap { $0.isRange ? nil : $0.first } }

  /// The text holds addresses and nothing else.
  var isAddresses: Bool { !spans.isEmpty && !hasUnread && !hasOther }

  init(_ text: String) {
    var text = text
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      text.withUTF8 { scan($0) }
    } else {
      // An invisible character may stand inside of an address, or between two.
      let (joined, parted) = AddressText.plain(text)
      joined.withUnsafeBufferPointer { scan($0) }
      if joined.count != parted.count {
        let isUnread = hasUnread
        hasUnread = false
        parted.withUnsafeBufferPointer { scan($0) }
        hasUnread = hasUnread && isUnread
        var seen: Set<AddressSpan> = []
        spans = spans.filter { seen.insert($0).inserted }
      }
    }
    // Names of reverse look-ups have the address from its end.
    if hasOther, !hasUnread {
      let folded = text.lowercased()
      hasUnread = folded.contains("in-addr.arpa") || folded.contains("ip6.arpa")
    }
    if spans.isEmpty, text.unicodeScalars.contains(where: AddressText.isNumeral) { hasUnread = true }
  }

  // MARK: Runs

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private static func slice(_ bytes: Bytes, _ range: Range<Int>) -> ArraySlice<UInt8> { Array(bytes[range])[...] }

  private static let (dot, colon) = (UInt8(ascii: "."), UInt8(ascii: ":"))

  /// The text up to where it has been understood, and the address that ends there or before.
  private struct Progress {
    var done = 0
    var last: (address: NetworkAddress, end: Int)?
  }

  private mutating func scan(_ bytes: Bytes) {
    var progress = Progress()
    var start = 0
    while start < bytes.count {
      guard AddressScan.isOfAddress(bytes[start]) else {
        if AddressScan.isLetter(bytes[start]) { hasOther = true }
        start += 1
        continue
      }
      var end = start
      var colons = 0
      while end < bytes.count, AddressScan.isOfAddress(bytes[end]) {
        if bytes[end] == AddressScan.colon { colons += 1 }
        end += 1
      }
      if colons > 1 { readSix(bytes, start..<end, colons, &progress) } else { readFours(bytes, start..<end, &progress) }
      start = max(end, progress.done)
    }
  }

  /// Digits, the letters of hexadecimal numbers, dots and colons.
  private static func isOfAddress(_ byte: UInt8) -> Bool {
    NetworkAddress.isDigit(byte) || byte == dot || byte == colon || (0x61...0x66).contains(byte | 0x20)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || NetworkAddress.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  /// Bytes of the longest run that can be one address of IPv6 with a word and a port.
  private static let longestSix = 64

  /// A run with two colons or more: an address of IPv6, perhaps behind the end of a word (`IPv6:fe80::1`) or before a port.
  private mutating func readSix(_ bytes: Bytes, _ run: Range<Int>, _ colons: Int, _ progress: inout Progress) {
    var isDoubtful = colons > 3 || AddressScan.holdsGap(bytes, run)
    if run.count <= AddressScan.longestSix {
      let isBehindWord = run.lowerBound > 0 && AddressScan.isLetter(bytes[run.lowerBound - 1])
      var starts = AddressScan.starts(bytes, run)
      if isBehindWord, bytes[run.lowerBound] != AddressScan.colon, starts.count > 1 { starts.swapAt(0, 1) }
      let ends = AddressScan.ends(bytes, run)
      for start in starts {
        for end in ends where start < end {
          if AddressScan.isHardware(bytes, start..<end) {
            hasOther = true
            isDoubtful = false
            continue
          }
          let text = AddressScan.slice(bytes, start..<end)
          guard text.contains(AddressScan.colon), let six = NetworkAddress(text) else { continue }
          readFours(bytes, run.lowerBound..<start, &progress)
          if bytes[start..<end].contains(AddressScan.dot) { readFours(bytes, start..<end, &progress, isPart: true) }
          if start > run.lowerBound { hasOther = true }
          add(six, bytes, start..<end, &progress)
          return
        }
      }
    }
    if isDoubtful { hasUnread = true }
    readFours(bytes, run, &progress)
  }

  private static func holdsGap(_ bytes: Bytes, _ run: Range<Int>) -> Bool {
    (run.lowerBound..<(run.upperBound - 1)).contains { bytes[$0] == colon && bytes[$0 + 1] == colon }
  }

  /// Where an address may begin: at the run's start, and behind each of its first colons.
  private static func starts(_ bytes: Bytes, _ run: Range<Int>) -> [Int] {
    [run.lowerBound] + run.filter { bytes[$0] == colon }.prefix(3).map { $0 + 1 }
  }

  /// Where it may end: at the run's end, without dots and colons of a sentence, and before a port.
  private static func ends(_ bytes: Bytes, _ run: Range<Int>) -> [Int] {
    var end = run.upperBound
    var ends = [end]
    while end > run.lowerBound, bytes[end - 1] == dot || bytes[end - 1] == colon {
      end -= 1
      ends.append(end)
    }
    var port = end
    while port > run.lowerBound, NetworkAddress.isDigit(bytes[port - 1]) { port -= 1 }
    if port > run.lowerBound, port < end, bytes[port - 1] == colon { ends.append(port - 1) }
    return Array(ends.prefix(4)) + (ends.count > 4 ? [ends[ends.count - 1]] : [])
  }

  /// `00:15:5D:01:02:03`.
  private static func isHardware(_ bytes: Bytes, _ run: Range<Int>) -> Bool {
    run.count == 17
      && (0..<17).allSatisfy {
        ($0 % 3 == 2) == (bytes[run.lowerBound + $0] == colon) && bytes[run.lowerBound + $0] != dot
      }
  }

  /// The addresses of IPv4 in a run: four numbers joined by dots, and not by more of them.
  /// - Parameter isPart: the run is an address of IPv6, and its end is written as one of IPv4.
  private mutating func readFours(
    _ bytes: Bytes, _ run: Range<Int>, _ progress: inout Progress, isPart: Bool = false
  ) {
    var place = run.lowerBound
    while place < run.upperBound {
      let byte = bytes[place]
      guard NetworkAddress.isDigit(byte), place >= progress.done else {
        if AddressScan.isLetter(byte), place >= progress.done, !isPart { hasOther = true }
        place += 1
        continue
      }
      var end = place
      var dots = 0
      // Two dots in a row part addresses.
      while end < run.upperBound, NetworkAddress.isDigit(bytes[end]) || AddressScan.joins(bytes, end, run) {
        if bytes[end] == AddressScan.dot { dots += 1 }
        end += 1
      }
      if dots == 3, end - place <= 15, let four = NetworkAddress.four(AddressScan.slice(bytes, place..<end)) {
        if isPart {
          spans.append(AddressSpan(NetworkAddress(four: four)))
        } else {
          add(NetworkAddress(four: four), bytes, place..<end, &progress)
        }
      } else if dots > 1 {
        hasUnread = true
      } else if !isPart, !AddressScan.isPort(bytes, place, progress) {
        hasOther = true
      }
      place = max(end, min(progress.done, run.upperBound))
    }
  }

  /// A dot between two digits.
  private static func joins(_ bytes: Bytes, _ place: Int, _ run: Range<Int>) -> Bool {
    bytes[place] == dot && place + 1 < run.upperBound && NetworkAddress.isDigit(bytes[place + 1])
  }

  /// A number right behind an address and a colon, or a bracket and a colon.
  private static func isPort(_ bytes: Bytes, _ place: Int, _ progress: Progress) -> Bool {
    guard let last = progress.last, place > 0, bytes[place - 1] == colon else { return false }
    return place - 1 == last.end || (place - 2 == last.end && bytes[place - 2] == UInt8(ascii: "]"))
  }

  // MARK: What stands behind an address

  private mutating func add(
    _ address: NetworkAddress, _ bytes: Bytes, _ place: Range<Int>, _ progress: inout Progress
  ) {
    spans.append(AddressSpan(address))
    if let last = progress.last, AddressScan.isRange(bytes, last.end..<place.lowerBound),
      (last.address.four == nil) == (address.four == nil), last.address < address
    {
      spans.append(AddressSpan(last.address, address))
    }
    let end = behind(address, bytes, place.upperBound)
    progress.done = max(progress.done, end)
    progress.last = (address, end)
  }

  /// Dashes, tildes or dots, with blanks or without, and at most an arrow's head.
  private static func isRange(_ bytes: Bytes, _ gap: Range<Int>) -> Bool {
    guard (1...8).contains(gap.count) else { return false }
    let signs = bytes[gap].filter { $0 != AddressText.blank && $0 != 0x09 }
    if signs.elementsEqual("to".utf8) { return true }
    return !signs.isEmpty && signs.allSatisfy { "-~.>".utf8.contains($0) }
      && (signs.count > 1 || signs[0] != AddressScan.dot)
  }

  /// Reads the prefix, the mask, the zone or the short end of a range that belongs to an address; gives where it ends.
  private mutating func behind(_ address: NetworkAddress, _ bytes: Bytes, _ end: Int) -> Int {
    guard end + 1 < bytes.count else { return end }
    switch bytes[end] {
    case UInt8(ascii: "/"):
      let number = AddressScan.prefix(bytes, end + 1) { NetworkAddress.isDigit($0) || $0 == AddressScan.dot }
      let text = AddressScan.slice(bytes, (end + 1)..<number)
      if let mask = NetworkAddress.four(text) { return NetworkAddress.bits(ofMask: mask) == nil ? end : number }
      guard (1...3).contains(text.count), text.allSatisfy(NetworkAddress.isDigit) else { return end }
      if let given = Int(String(decoding: text, as: UTF8.self)), given < (address.four == nil ? 128 : 32) {
        let network = address.network(bits: address.four == nil ? given : given + 96)
        // Its own address is the field's, not the network that it lies in, but where it is the network's.
        if network.first == address { spans.append(network) }
      }
      return number
    case UInt8(ascii: "%"):
      let zone = AddressScan.prefix(bytes, end + 1) { AddressScan.isLetter($0) }
      return zone < bytes.count && (bytes[zone] == AddressScan.dot || bytes[zone] == AddressScan.colon) ? end : zone
    case UInt8(ascii: "-"), UInt8(ascii: "~"):
      return shortRange(from: address, bytes, end)
    default: return end
    }
  }

  /// `10.20.0.2-9`: the numbers at its end that differ.
  private mutating func shortRange(from address: NetworkAddress, _ bytes: Bytes, _ end: Int) -> Int {
    let stop = AddressScan.prefix(bytes, end + 1) { NetworkAddress.isDigit($0) || $0 == AddressScan.dot }
    guard let four = address.four, stop - end <= 12, stop == bytes.count || !AddressScan.isLetter(bytes[stop]) else {
      return end
    }
    let parts = AddressScan.slice(bytes, (end + 1)..<stop)
      .split(separator: AddressScan.dot, omittingEmptySubsequences: false)
    let numbers = parts.compactMap(NetworkAddress.octet)
    guard (1...3).contains(parts.count), numbers.count == parts.count else { return end }
    let shift = UInt32(8 * numbers.count)
    let last = numbers.reduce(four >> shift) { $0 << 8 | $1 }
    if last > four { spans.append(AddressSpan(address, NetworkAddress(four: last))) }
    return stop
  }

  /// The first place from `start` on whose byte is not as wanted.
  private static func prefix(_ bytes: Bytes, _ start: Int, while isWanted: (UInt8) -> Bool) -> Int {
    var end = start
    while end < bytes.count, end - start < 64, isWanted(bytes[end]) { end += 1 }
    return end
  }
}
