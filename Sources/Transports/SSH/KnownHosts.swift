import InputText

/// The keys of hosts, as a known_hosts file has them: plain, with patterns, hashed, `@revoked`.
///
/// Read by ourselves: libssh logs on to a host whose key is `@revoked`. What isn't understood is kept as it stands, so
/// that writing the file back loses nothing.
package struct KnownHosts: Sendable {
  package struct Entry: Sendable, Hashable {
    package enum Marker: String, Sendable, Hashable { case revoked = "@revoked", authority = "@cert-authority" }
    package var marker: Marker?
    /// As in the file: names and patterns, or one hashed name `|1|…`.
    package var names: [String]
    package var type: String
    package var base64: String
    package var isHashed: Bool { names.first?.hasPrefix("|1|") == true }
  }

  package enum Verdict: Sendable, Hashable {
    case known
    /// `hasAuthority`: only a certificate authority is known for the host, which we can't check.
    case unknown(hasAuthority: Bool)
    /// Other keys are known for the host.
    case changed(known: [Entry])
    case revoked
  }

  /// The lines as they stand, and the entry of each that is one.
  private var lines: [(text: String, entry: Entry?)] = []
  /// Lines with one plain name, by it: large files are looked up often.
  private var plain: [String: [Int]] = [:]
  /// Lines that must be tried one by one.
  private var others: [Int] = []
  /// Lines that are neither an entry, nor empty, nor a comment; counted from 1.
  package private(set) var malformed: [Int] = []

  package init(_ text: String = "") {
    for line in Lines.of(text) { append(String(line)) }
  }

  /// The name of a host in such a file: `host`, or `[host]:port` where the port isn't 22.
  package static func name(_ host: String, port: UInt16) -> String {
    port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
  }

  package var entries: [Entry] { lines.compactMap(\.entry) }
  package var text: String { lines.map { $0.text + "\n" }.joined() }

  /// The entries for a name (see `name(_:port:)`).
  package func entries(for name: String) -> [Entry] {
    let name = name.lowercased()
    let exact = plain[name] ?? []
    let tried = others.filter { index in lines[index].entry.map { KnownHosts.matches(name, $0) } ?? false }
    return (exact + tried).sorted().compactMap { lines[$0].entry }
  }

  package func verdict(for name: String, key: HostKey) -> Verdict {
    let entries = entries(for: name)
    let same = entries.filter { $0.base64 == key.base64 }
    if same.contains(where: { $0.marker == .revoked }) { return .revoked }
    if same.contains(where: { $0.marker == nil }) { return .known }
    let others = entries.filter { $0.marker == nil }
    if !others.isEmpty { return .changed(known: others) }
    return .unknown(hasAuthority: entries.contains { $0.marker == .authority })
  }

  /// Adds a key; false when that line is there already.
  @discardableResult
  package mutating func add(_ name: String, key: HostKey) -> Bool {
    let entry = Entry(marker: nil, names: [name.lowercased()], type: key.type, base64: key.base64)
    guard !entries(for: name).contains(where: { $0.base64 == key.base64 && $0.marker == nil }) else { return false }
    append("\(entry.names[0]) \(entry.type) \(entry.base64)")
    return true
  }

  /// Removes the unmarked entries of one name; how many. A line with several names loses only that one.
  @discardableResult
  package mutating func remove(_ name: String) -> Int {
    let name = name.lowercased()
    var kept: [String] = []
    var removed = 0
    for (text, entry) in lines {
      guard let entry, entry.marker == nil, KnownHosts.matches(name, entry) else {
        kept.append(text)
        continue
      }
      let names = entry.isHashed ? [] : entry.names.filter { $0.lowercased() != name }
      if names.count == entry.names.count {
        kept.append(text)
        continue
      }
      removed += 1
      if !names.isEmpty { kept.append("\(names.joined(separator: ",")) \(entry.type) \(entry.base64)") }
    }
    self = KnownHosts(kept.map { $0 + "\n" }.joined())
    return removed
  }

  /// Adds the lines of another file that aren't here yet; how many.
  @discardableResult
  package mutating func merge(_ other: KnownHosts) -> Int {
    var present = Set(entries)
    var added = 0
    for (text, entry) in other.lines {
      guard let entry, present.insert(entry).inserted else { continue }
      append(text)
      added += 1
    }
    return added
  }

  private mutating func append(_ line: String) {
    let index = lines.count
    let entry = KnownHosts.entry(line)
    lines.append((line, entry))
    guard let entry else {
      if let first = Blank.trimmed(line).first, first != "#" { malformed.append(index + 1) }
      return
    }
    if entry.isHashed || entry.names.contains(where: HostPattern.isPattern) {
      others.append(index)
    } else {
      for name in Set(entry.names.map { $0.lowercased() }) { plain[name, default: []].append(index) }
    }
  }

  private static func entry(_ line: String) -> Entry? {
    var words = Lines.words(line)
    guard let first = words.first, !first.hasPrefix("#") else { return nil }
    var marker: Entry.Marker?
    if first.hasPrefix("@") {
      guard let known = Entry.Marker(rawValue: first) else { return nil }
      marker = known
      words.removeFirst()
    }
    guard words.count >= 3 else { return nil }
    let names = words[0].split(separator: ",").map(String.init)
    guard !names.isEmpty, HostKey(type: words[1], base64: words[2]) != nil else { return nil }
    return Entry(marker: marker, names: names, type: words[1], base64: words[2])
  }

  private static func matches(_ name: String, _ entry: Entry) -> Bool {
    entry.isHashed ? HashedName.matches(name, entry) : HostPattern.matches(name, entry.names)
  }
}
