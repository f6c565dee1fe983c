import InputText

/// The lines of a known_hosts file, to be looked up, added to and written back. A line that isn't understood stays.
struct KnownKeys: Sendable {
  struct Line: Sendable {
    var text: String
    var entry: TrustEntry?
    /// When we added it, in RFC 3339; nil where somebody else did.
    var added: String? {
      guard entry != nil, let last = Lines.words(text).last, last.hasPrefix(KnownKeys.mark) else { return nil }
      return String(last.dropFirst(KnownKeys.mark.count))
    }
    var isMalformed: Bool {
      guard entry == nil, let first = Blank.trimmed(text).first else { return false }
      return first != "#"
    }
  }

  enum Verdict: Sendable, Hashable {
    case known
    case unknown
    /// Other keys are known for the host.
    case changed([TrustKey])
    case revoked
  }

  /// Begins the comment that says when a line was added: the form itself has no place for it.
  private static let mark = "apexsh:"

  private let read: @Sendable (String) -> TrustEntry?
  private(set) var lines: [Line] = []
  /// Lines with plain names, by each name in lower case.
  private var plain: [String: [Int]] = [:]
  /// Lines with patterns or a hashed name, which must be asked one by one.
  private var others: [Int] = []

  init(_ text: String, _ services: TrustServices) {
    read = services.entry
    for line in Lines.of(text) { append(String(line)) }
  }

  var text: String { lines.map { $0.text + "\n" }.joined() }

  /// Plain names that have a key, in lower case.
  var plainNames: Dictionary<String, [Int]>.Keys { plain.keys }

  /// Places of the lines that stand for a name.
  func places(of name: String) -> [Int] {
    let name = name.lowercased()
    let asked = others.filter { lines[$0].entry?.covers?(name) == true }
    return asked.isEmpty ? plain[name] ?? [] : ((plain[name] ?? []) + asked).sorted()
  }

  /// The entries for a name that trust a key: neither revoked nor an authority.
  func trusted(_ name: String) -> [(place: Int, entry: TrustEntry)] {
    places(of: name).compactMap { place in
      guard let entry = lines[place].entry, entry.marker == nil else { return nil }
      return (place, entry)
    }
  }

  func isRevoked(_ key: TrustKey, for name: String) -> Bool {
    places(of: name).contains { lines[$0].entry?.marker == .revoked && lines[$0].entry?.key == key }
  }

  /// What is known of a key that a host with these names showed. Whatever key is known besides makes it a changed one.
  func verdict(_ names: [String], _ key: TrustKey) -> Verdict {
    if names.contains(where: { isRevoked(key, for: $0) }) { return .revoked }
    let keys = names.flatMap { trusted($0).map(\.entry.key) }
    if keys.contains(key) { return .known }
    return keys.isEmpty ? .unknown : .changed(keys)
  }

  /// Adds a line. `date`: RFC 3339.
  mutating func add(_ names: [String], _ key: TrustKey, marker: TrustEntry.Marker? = nil, date: String) {
    let words: [String?] = [
      marker?.rawValue, names.joined(separator: ","), key.type, key.base64, KnownKeys.mark + date,
    ]
    append(words.compactMap(\.self).joined(separator: " "))
  }

  /// Takes names out of lines; a line without names left goes. Patterns are not for this: they cover other
  /// hosts too.
  mutating func remove(_ names: [Int: Set<String>]) {
    var kept = KnownKeys(keeping: read)
    for (place, line) in lines.enumerated() {
      guard let gone = names[place], let entry = line.entry else {
        kept.append(line)
        continue
      }
      let rest = entry.covers == nil ? entry.names.filter { !gone.contains($0.lowercased()) } : []
      if rest.isEmpty { continue }
      let words: [String?] = [
        entry.marker?.rawValue, rest.joined(separator: ","), entry.key.type, entry.key.base64,
        line.added.map { KnownKeys.mark + $0 },
      ]
      kept.append(words.compactMap(\.self).joined(separator: " "))
    }
    self = kept
  }

  private init(keeping read: @escaping @Sendable (String) -> TrustEntry?) { self.read = read }

  private mutating func append(_ text: String) { append(Line(text: text, entry: read(String(Blank.trimmed(text))))) }

  private mutating func append(_ line: Line) {
    let place = lines.count
    lines.append(line)
    guard let entry = line.entry else { return }
    if entry.covers != nil {
      others.append(place)
    } else {
      for name in Set(entry.names.map { $0.lowercased() }) { plain[name, default: []].append(place) }
    }
  }
}

extension TrustEntry {
  /// One hashed name: which host it is can't be read back.
  var isHashed: Bool { names.first?.hasPrefix("|1|") == true }
  /// It may stand for hosts that nobody has named.
  var isPattern: Bool { covers != nil && !isHashed }
}
