import Foundation

/// What a Windows machine calls itself, by its own registry: whoever answers under an agent's name is not always the
/// agent's endpoint (stale DNS, a mistake in ssh_config).
package struct MachineNames: Sendable, Hashable {
  /// `Services\Tcpip\Parameters`, `Hostname`: the first label of its DNS name. Nil where it could not be read.
  package var host: String?
  /// `Control\ComputerName\ActiveComputerName`, `ComputerName`: its NetBIOS name, cut at 15 bytes of the machine's
  /// code page.
  package var computer: String?

  package init(host: String? = nil, computer: String? = nil) {
    (self.host, self.computer) = (host, computer)
  }

  package var isEmpty: Bool { host == nil && computer == nil }

  /// For sentences: `WS-001`, or both where they are two.
  package var text: String {
    guard let host, let computer else { return host ?? computer ?? "nothing that can be read" }
    return isCut(computer, of: host) ? host : "\(host) (\(computer))"
  }

  /// Can the machine that says this be the one that said `earlier`? Where nothing was read then, that says nothing; else a
  /// name is the same now, and none is another.
  package func mayBe(_ earlier: MachineNames) -> Bool {
    let pairs = [(host, earlier.host), (computer, earlier.computer)].compactMap { now, before in
      now.flatMap { now in before.map { AgentName.key(of: now) == AgentName.key(of: $0) } }
    }
    return earlier.isEmpty || !pairs.isEmpty && pairs.allSatisfy(\.self)
  }

  /// How what was read stands to a name.
  package enum Match: Int, Comparable, Sendable {
    /// It was read, and is another one.
    case different
    /// Nothing was read, or a console's code page garbled what may be it.
    case notRead
    case same

    package static func < (left: Match, right: Match) -> Bool { left.rawValue < right.rawValue }
  }

  /// Is the machine called `agent`, or like one of `others`? Only the first labels count.
  package func match(_ agent: String, or others: [String] = []) -> Match {
    others.reduce(match(label: MachineNames.label(agent))) { max($0, match(label: MachineNames.label($1))) }
  }

  /// One name that is the same is enough, and one that is certainly another is too many. A NetBIOS name that was cut
  /// stands for every name that begins so, where the machine's host name doesn't say more.
  private func match(label: String) -> Match {
    var found: [Match] = []
    if let host { found.append(max(MachineNames.match(host, label), matchCut(host, label))) }
    if let computer {
      let whole = MachineNames.match(computer, label)
      // The whole of a cut name is the host name: two long names may be cut to the same.
      let isOfHost = host.map { isCut(computer, of: $0) } ?? false
      if !isOfHost || whole == .same { found.append(max(whole, matchCut(label, of: computer))) }
    }
    return found.contains(.same) ? .same : found.min() ?? .notRead
  }

  /// The agent's name may be what NetBIOS leaves of the host name.
  private func matchCut(_ host: String, _ label: String) -> Match {
    MachineNames.cuts(host).map { MachineNames.match($0, label) }.max() ?? .different
  }

  private func matchCut(_ label: String, of computer: String) -> Match {
    MachineNames.cuts(label).map { MachineNames.match(computer, $0) }.max() ?? .different
  }

  /// Is `short` what NetBIOS leaves of `name`, be it all?
  private func isCut(_ short: String, of name: String) -> Bool {
    let key = AgentName.key(of: short)
    return AgentName.key(of: MachineNames.label(name)) == key
      || MachineNames.cuts(name).contains { AgentName.key(of: $0) == key }
  }

  /// Bytes of a NetBIOS name, in the code page of the machine.
  private static let netBIOSLength = 15

  /// What NetBIOS may leave of a name that is too long: one form for each number of bytes that code pages have for a
  /// character beyond ASCII.
  private static func cuts(_ name: String) -> Set<String> {
    let scalars = Array(label(name).precomposedStringWithCanonicalMapping.unicodeScalars)
    var found: Set<String> = []
    for bytes in [{ _ in 1 }, { _ in 2 }, { $0.isHalfWidthKana ? 1 : 2 }, { _ in 3 }] as [(Unicode.Scalar) -> Int] {
      var room = netBIOSLength
      let kept = scalars.prefix { scalar in
        room -= scalar.value < 0x80 ? 1 : bytes(scalar)
        return room >= 0
      }
      guard kept.count < scalars.count else { continue }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: kept)
      found.insert(String(view))
    }
    return found
  }

  private static func label(_ name: String) -> String { String(name.prefix { $0 != "." }) }

  // MARK: - Garbled names

  /// Letter case and the way that accents are composed count for nothing.
  private static func match(_ read: String, _ name: String) -> Match {
    if AgentName.key(of: label(read)) == AgentName.key(of: name) { return .same }
    let (read, name) = (label(read).lowercased(), name.lowercased())
    // ASCII is the same in every code page.
    if name.utf8.allSatisfy({ $0 < 128 }) { return .different }
    return mayBe(units(read), units(name)) ? .notRead : .different
  }

  private static func units(_ text: String) -> [UInt16] { Array(text.precomposedStringWithCanonicalMapping.utf16) }

  /// Can `read` be what a code page made of `name`? ASCII must agree in order; between it runs stand for runs.
  private static func mayBe(_ read: [UInt16], _ name: [UInt16]) -> Bool {
    var (ends, rest): (Set<Int>, ArraySlice<UInt16>) = ([0], name[...])
    while let first = rest.first, !ends.isEmpty {
      if first < 128 {
        ends = Set(ends.filter { $0 < read.count && read[$0] == first }.map { $0 + 1 })
        rest.removeFirst()
      } else {
        let run = rest.prefix { $0 >= 128 }
        ends = ends.reduce(into: []) { $0.formUnion(self.ends(of: Array(run), in: read, from: $1)) }
        rest = rest[run.endIndex...]
      }
    }
    return ends.contains(read.count)
  }

  private static let (question, replacement) = (UInt16(ascii: "?"), UInt16(0xFFFD))

  /// Where in `read` a run of other characters than ASCII's may end that begins at `start`.
  private static func ends(of run: [UInt16], in read: [UInt16], from start: Int) -> Set<Int> {
    var found: Set<Int> = []
    let sameLength = read[start...].prefix(run.count)
    if sameLength.count == run.count,
      zip(sameLength, run).allSatisfy({ $0 == $1 || $0 == question || $0 == replacement })
    {
      found.insert(start + run.count)
    }
    // Decoded by the wrong code page, one character becomes up to four, and the run shows what no name holds.
    let isDoubleByte = run.contains { $0 >= 0x2E80 }
    var (isGarbled, isHalf) = (false, false)
    for place in start..<min(read.count, start + 4 * run.count) {
      let unit = read[place]
      // The second byte of a character of two may be an ASCII one.
      let isSecondHalf = isDoubleByte && isHalf && (0x40...0x7E).contains(unit)
      guard unit >= 128 || unit == question || isSecondHalf else { break }
      // What reads as another character of such a script was read well.
      if unit >= 0x2E80, unit != replacement, !run.contains(unit) { break }
      isGarbled = isGarbled || isOfGarbling(unit)
      isHalf = unit >= 128
      if isGarbled, place + 1 - start >= run.count { found.insert(place + 1) }
    }
    return found
  }

  /// U+FFFD, C1 control characters, and the lines and blocks of the code pages of DOS.
  private static func isOfGarbling(_ unit: UInt16) -> Bool {
    unit == replacement || (0x80..<0xA0).contains(unit) || (0x2500..<0x25A0).contains(unit)
  }
}

extension Unicode.Scalar {
  /// One byte in code page 932, where all else beyond ASCII has two.
  fileprivate var isHalfWidthKana: Bool { (0xFF61...0xFF9F).contains(value) }
}

extension UInt16 {
  fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
