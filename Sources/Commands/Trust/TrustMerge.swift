import InputText

/// Takes the lines of a known_hosts file that somebody gives into ours, one by one.
struct TrustMerge {
  enum Verdict: String, Sendable { case added, known, replaced, refused }

  /// What became of one line.
  struct Finding: Sendable {
    /// In the file that was given, from 1.
    var line: Int
    var host: String
    var key: TrustKey?
    var verdict: Verdict
    var detail: String?
  }

  private let given: KnownKeys
  private let replaces: Bool
  private let date: String
  private var keys: KnownKeys
  /// Keys that the given file has for each plain name, by the name in lower case.
  private var offered: [String: Set<TrustKey>] = [:]
  /// The key of each name and type that an earlier line gave.
  private var taken: [String: TrustKey] = [:]
  /// Names to take out of our lines, by the line's place.
  private var gone: [Int: Set<String>] = [:]
  private var additions: [(names: [String], key: TrustKey, marker: TrustEntry.Marker?)] = []

  /// Changes `keys`, and says what became of each line that isn't empty or a comment.
  static func merge(_ given: KnownKeys, into keys: inout KnownKeys, replacing: Bool, date: String) -> [Finding] {
    var merge = TrustMerge(given, keys, replacing, date)
    return merge.run(&keys)
  }

  private init(_ given: KnownKeys, _ keys: KnownKeys, _ replaces: Bool, _ date: String) {
    (self.given, self.keys, self.replaces, self.date) = (given, keys, replaces, date)
    for case let entry? in given.lines.map(\.entry) where entry.marker == nil && entry.covers == nil {
      for name in entry.names { offered[name.lowercased(), default: []].insert(entry.key) }
    }
  }

  private mutating func run(_ result: inout KnownKeys) -> [Finding] {
    var findings: [Finding] = []
    for (index, line) in given.lines.enumerated() {
      if let entry = line.entry {
        let (verdict, detail) = take(entry)
        findings.append(
          Finding(
            line: index + 1, host: entry.names.joined(separator: ","), key: entry.key, verdict: verdict, detail: detail)
        )
      } else if line.isMalformed {
        findings.append(
          Finding(line: index + 1, host: "", key: nil, verdict: .refused, detail: TrustMerge.fault(in: line.text)))
      }
    }
    result.remove(gone)
    for addition in additions { result.add(addition.names, addition.key, marker: addition.marker, date: date) }
    return findings
  }

  private mutating func take(_ entry: TrustEntry) -> (Verdict, String?) {
    if entry.names.contains(where: { $0.unicodeScalars.contains { OutputText.isHidden($0) || $0 == "\u{FFFD}" } }) {
      return (.refused, "a name holds characters that can't be seen or read")
    }
    switch entry.marker {
    case .authority: return (.refused, "a certificate authority can't be checked by apexsh; give the hosts' own keys")
    case .revoked:
      let isThere = keys.lines.contains {
        $0.entry?.marker == .revoked && $0.entry?.names == entry.names && $0.entry?.key == entry.key
      }
      if !isThere { additions.append((entry.names, entry.key, .revoked)) }
      return (isThere ? .known : .added, "it will never be trusted")
    case nil: return entry.covers == nil ? takePlain(entry) : takeCovering(entry)
    }
  }

  /// A line of plain names: only those that are new are added.
  private mutating func takePlain(_ entry: TrustEntry) -> (Verdict, String?) {
    var fresh: [String] = []
    var conflicts: [(name: String, place: Int, entry: TrustEntry)] = []
    for name in entry.names.map({ $0.lowercased() }) {
      if keys.isRevoked(entry.key, for: name) {
        return (.refused, "\(name): the key is marked @revoked; see: trust remove --revoked")
      }
      if let other = taken["\(name) \(entry.key.type)"], other != entry.key {
        return (.refused, "\(name): an earlier line of this file gives another key, \(other.text)")
      }
      let trusted = keys.trusted(name)
      if trusted.contains(where: { $0.entry.key == entry.key }) { continue }
      fresh.append(name)
      // A file that also gives a key we know is about the same host: another type of key is then no change.
      let isSameHost = trusted.contains { offered[name]?.contains($0.entry.key) == true }
      conflicts += trusted.filter { !isSameHost || $0.entry.key.type == entry.key.type }.map {
        (name, $0.place, $0.entry)
      }
    }
    if let refusal = refusal(conflicts) { return (.refused, refusal) }
    for (name, place, _) in conflicts { gone[place, default: []].insert(name) }
    for name in entry.names { taken["\(name.lowercased()) \(entry.key.type)"] = entry.key }
    guard !fresh.isEmpty else { return (.known, nil) }
    additions.append((fresh, entry.key, nil))
    return conflicts.isEmpty ? (.added, nil) : (.replaced, "was \(conflicts[0].entry.key.text)")
  }

  /// A hashed name or patterns: they must not slip another key under a host that we know.
  private mutating func takeCovering(_ entry: TrustEntry) -> (Verdict, String?) {
    let isThere = keys.lines.contains {
      $0.entry?.marker == nil && $0.entry?.names == entry.names && $0.entry?.key == entry.key
    }
    if isThere { return (.known, nil) }
    var conflicts: [(name: String, place: Int, entry: TrustEntry)] = []
    for name in keys.plainNames where entry.covers?(name) == true {
      if keys.isRevoked(entry.key, for: name) { return (.refused, "\(name): the key is marked @revoked") }
      let trusted = keys.trusted(name)
      if entry.isHashed, trusted.contains(where: { $0.entry.key == entry.key }) { return (.known, "as \(name)") }
      conflicts += trusted.filter { $0.entry.key.type == entry.key.type && $0.entry.key != entry.key }
        .map { (name, $0.place, $0.entry) }
    }
    if let refusal = refusal(conflicts) { return (.refused, refusal) }
    for (name, place, _) in conflicts { gone[place, default: []].insert(name) }
    additions.append((entry.names, entry.key, nil))
    return conflicts.isEmpty ? (.added, nil) : (.replaced, "was \(conflicts[0].entry.key.text)")
  }

  private func refusal(_ conflicts: [(name: String, place: Int, entry: TrustEntry)]) -> String? {
    guard let first = conflicts.first else { return nil }
    if let pattern = conflicts.first(where: { $0.entry.isPattern }) {
      return "\(pattern.name): line \(pattern.place + 1) of known_hosts has another key for a pattern; edit that file"
    }
    guard !replaces else { return nil }
    return "\(first.name): changed; known is \(first.entry.key.text) (--replace takes the new one)"
  }

  /// Why a line could not be read.
  private static func fault(in line: String) -> String {
    let words = Lines.words(line)
    if let first = words.first, first.hasPrefix("@"), TrustEntry.Marker(rawValue: first) == nil {
      return "\(OutputText.visible(first)) is no marker; there are @revoked and @cert-authority"
    }
    let fields = words.first?.hasPrefix("@") == true ? Array(words.dropFirst()) : words
    guard fields.count >= 3 else { return "not in the form: HOST TYPE KEY" }
    return "the key can't be read, or is not of type \(OutputText.visible(String(fields[1].prefix(40))))"
  }
}
