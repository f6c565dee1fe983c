import InputText

/// The keys of hosts, as a known_hosts file has them: plain, with patterns, hashed, `@revoked`.
///
/// Read by ourselves: libssh logs on to a host whose key is `@revoked`. What isn't understood stands for nobody. Only
/// `KnownKeysFile` writes such a file.
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

  /// Lines that could be read, in the file's order.
  package private(set) var entries: [Entry] = []
  /// Lines with one plain name, by it: large files are looked up often.
  private var plain: [String: [Int]] = [:]
  /// Lines that must be tried one by one.
  private var others: [Int] = []

  package init(_ text: String = "") {
    for line in Lines.of(text) { append(String(line)) }
  }

  /// The name of a host in such a file: `host`, or `[host]:port` where the port isn't 22.
  package static func name(_ host: String, port: UInt16) -> String {
    port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
  }

  /// The entries for a name (see `name(_:port:)`).
  package func entries(for name: String) -> [Entry] {
    let name = name.lowercased()
    let exact = plain[name] ?? []
    let tried = others.filter { KnownHosts.matches(name, entries[$0]) }
    return (exact + tried).sorted().map { entries[$0] }
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

  private mutating func append(_ line: String) {
    guard let entry = KnownHosts.entry(line) else { return }
    let index = entries.count
    entries.append(entry)
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
