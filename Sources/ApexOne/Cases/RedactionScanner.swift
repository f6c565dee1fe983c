/// Looks through the files of a case, as they are in the finished archive, for what must never leave: given secrets,
/// encrypted values of the product, private keys, forbidden files. Findings tell where, never what.
package struct RedactionScanner: Sendable {
  package struct Finding: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
      /// The secret's label, such as `unload-password`.
      case secret(String)
      case encryptedValue
      case privateKey(String)
      /// A place where a password or a token that nobody here knows is written down.
      case credential
      case forbiddenName
    }

    package let file: String
    /// Bytes from the file's start; nil for a name.
    package let offset: Int?
    package let kind: Kind

    package var description: String {
      "\(offset.map { "\(file), byte \($0)" } ?? file): \(kind)"
    }
  }

  /// Shorter secrets stand in ordinary words; looking for them would refuse every case.
  package static let shortestSecret = 4

  private let exact: BytePatterns
  /// What views of a file show of secrets and marks.
  private let plain: BytePatterns
  /// Letters and digits of secrets, for when other signs stand between them.
  private let skeletons: BytePatterns
  /// Labels of secrets that are too short to be looked for: to be said in a note.
  package let tooShort: [String]

  /// `secrets` hold the texts themselves, by label; kept only in this value, which shows none of them.
  package init(secrets: [(label: String, text: String)]) {
    tooShort = secrets.filter { (1..<RedactionScanner.shortestSecret).contains($0.text.count) }.map(\.label)
    let own = secrets.filter { $0.text.count >= RedactionScanner.shortestSecret }
    let marks: [(text: String, kind: Finding.Kind)] = [
      (SecretKeys.mark, .encryptedValue), ("PRIVATE KEY-----", .privateKey("PEM")),
      ("PuTTY-User-Key-File-", .privateKey("PuTTY")), ("openssh-key-v1", .privateKey("OpenSSH")),
      ("<InverseQ>", .privateKey("XML")),
    ]
    exact = BytePatterns(
      own.flatMap { secret in RedactionForms.of(secret.text).map { ($0, .secret(secret.label)) } }
        + marks.flatMap { mark in RedactionForms.encodings(mark.text).map { (ASCIIFold.folded($0), mark.kind) } })
    plain = BytePatterns(
      own.flatMap { secret in RedactionForms.plain(secret.text).map { ($0, .secret(secret.label)) } }
        + marks.flatMap { mark in RedactionForms.plain(mark.text).map { ($0, mark.kind) } })
    skeletons = BytePatterns(
      own.flatMap { secret in RedactionForms.skeletons(secret.text).map { ($0, .secret(secret.label)) } })
  }

  package func scan(_ files: [(name: String, bytes: [UInt8])]) -> [Finding] {
    files.flatMap { scan($0.bytes, name: $0.name) }
  }

  /// Findings of one file, its name's first, then those of its bytes as they are, then those that only a view of them
  /// shows, one of a kind; at most 100.
  package func scan(_ bytes: [UInt8], name: String) -> [Finding] {
    var found: [Finding] = []
    var shown = name
    if let kind = hits(Array(name.utf8)).first?.kind {
      // The finding must not show the secret by naming the file.
      shown = "(a file with a secret in its name)"
      found.append(Finding(file: shown, offset: nil, kind: kind))
    }
    if RedactionScanner.isForbidden(name: name) {
      found.append(Finding(file: shown, offset: nil, kind: .forbiddenName))
    }
    found += hits(bytes).map { Finding(file: shown, offset: $0.offset, kind: $0.kind) }
    return Array(found.prefix(100))
  }

  /// The kind of what must not leave in a text; nil where it may.
  package func kind(in text: String) -> Finding.Kind? { hits(Array(text.utf8)).first?.kind }

  private typealias Hit = (offset: Int, kind: Finding.Kind)

  private func hits(_ bytes: [UInt8]) -> [Hit] {
    var found: [Hit] = []
    exact.search(ASCIIFold.folded(bytes)) { offset, kind in
      found.append((offset, kind))
      return found.count < 100
    }
    found += keys(bytes, limit: 100)
    var kinds = Set(found.map(\.kind))
    for hit in viewed(bytes, depth: 0) where kinds.insert(hit.kind).inserted { found.append(hit) }
    // UTF-16 of ASCII reads as text without its zeros.
    let isWide = bytes.count(where: { $0 == 0 }) > bytes.count / 8
    let narrow = isWide ? bytes.filter { $0 != 0 } : bytes
    if isWide {
      for hit in viewed(narrow, depth: 0) where kinds.insert(hit.kind).inserted { found.append((0, hit.kind)) }
    }
    // Of one that is known more can be said.
    if found.isEmpty, let place = credential(in: narrow) { found.append((isWide ? 0 : place, .credential)) }
    return found
  }

  /// As it stands there, and with one level of escapes undone.
  private func credential(in bytes: [UInt8]) -> Int? {
    if let place = CredentialSearch.first(in: bytes) { return place }
    let decoded = RedactionViews.decoded(bytes)
    return decoded.count == bytes.count ? nil : CredentialSearch.first(in: decoded).map { _ in 0 }
  }

  // MARK: - Views

  /// Escapes may stand in escapes, and encodings in encodings.
  static let levels = 4
  /// How deep base64 and hex are looked into.
  private static let depths = 2

  /// What the views of `bytes` show.
  private func viewed(_ bytes: [UInt8], depth: Int) -> [Hit] {
    var found: [Hit] = []
    var view = bytes
    for level in 0..<RedactionScanner.levels {
      // What was undone has other places; the beginning of it all is near enough for a person to look.
      found += plainHits(view).map { (level == 0 ? $0.offset : 0, $0.kind) }
      found += encodedHits(view, depth: depth).map { (level == 0 ? $0.offset : 0, $0.kind) }
      found += skeletonKinds(view).union(dumpKinds(view)).union(decimalKinds(view)).map { (0, $0) }
      found += skeletonKinds(RedactionViews.unlisted(view)).map { (0, $0) }
      let spliced = RedactionViews.spliced(view)
      let next = RedactionViews.decoded(spliced.bytes)
      if !spliced.isOther, next.count == spliced.bytes.count { break }
      view = next
    }
    let unquoted = RedactionViews.unquoted(bytes)
    if unquoted.count != bytes.count { found += plainHits(unquoted).map { (0, $0.kind) } }
    return found
  }

  private func plainHits(_ bytes: [UInt8]) -> [Hit] {
    var found: [Hit] = []
    plain.search(RedactionViews.joined(bytes, .folded)) { offset, kind in
      found.append((offset, kind))
      return found.count < 100
    }
    guard let first = found.first else { return [] }
    found[0] = (RedactionViews.source(of: first.offset, in: bytes, .folded), first.kind)
    return found
  }

  private func skeletonKinds(_ bytes: [UInt8]) -> Set<Finding.Kind> {
    var kinds: Set<Finding.Kind> = []
    if skeletons.shortest == nil { return kinds }
    skeletons.search(RedactionViews.skeleton(bytes)) { _, kind in
      kinds.insert(kind)
      return kinds.count < 100
    }
    return kinds
  }

  /// What lists of decimal numbers stand for: `80, 64, 115`, `[char]80+[char]64`, a number a line.
  private func decimalKinds(_ bytes: [UInt8]) -> Set<Finding.Kind> {
    var kinds: Set<Finding.Kind> = []
    guard let shortest = plain.shortest else { return kinds }
    EncodedRuns.decimal(bytes, atLeast: shortest) { inner in
      for view in inner.contains(0) ? [inner, inner.filter { $0 != 0 }] : [inner] {
        kinds.formUnion(plainHits(view).map(\.kind))
        kinds.formUnion(skeletonKinds(view))
      }
      return kinds.count < 100
    }
    return kinds
  }

  /// What the columns of a dump show.
  private func dumpKinds(_ bytes: [UInt8]) -> Set<Finding.Kind> {
    let dump = DumpLines(bytes)
    var kinds = Set(keys(dump.bytes, limit: 1).map(\.kind))
    for column in [dump.bytes, dump.text] {
      kinds.formUnion(plainHits(column).map(\.kind))
      kinds.formUnion(skeletonKinds(column))
    }
    return kinds
  }

  /// Shorter than this no private key is.
  private static let shortestKey = 24

  /// What stands there as hex or base64.
  private func encodedHits(_ bytes: [UInt8], depth: Int) -> [Hit] {
    var found: [Hit] = []
    let text = RedactionViews.joined(bytes, .kept)
    let shortest = min(plain.shortest ?? .max, RedactionScanner.shortestKey)
    EncodedRuns.each(text, atLeast: shortest) { offset, inner in
      var kinds: Set<Finding.Kind> = []
      if inner.count >= Self.shortestKey { kinds.formUnion(keys(inner, limit: 1).map(\.kind)) }
      if !Self.looksLikeText(inner) {
        plain.search(RedactionViews.joined(inner, .folded)) { _, kind in kinds.insert(kind).inserted }
      } else {
        exact.search(ASCIIFold.folded(inner)) { _, kind in kinds.insert(kind).inserted }
        // What was a text before it was encoded may hold more of it.
        kinds.formUnion((depth < Self.depths ? viewed(inner, depth: depth + 1) : plainHits(inner)).map(\.kind))
      }
      if kinds.isEmpty { return true }
      found += kinds.map { (offset, $0) }
      return found.count < 100
    }
    guard let first = found.first else { return [] }
    found[0] = (RedactionViews.source(of: first.offset, in: bytes, .kept), first.kind)
    return found
  }

  /// Seven eighths of it: what stood around may have been decoded with it.
  private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
    bytes.count { $0 == 0 || $0 >= 0x20 && $0 < 0x7F || (9...13).contains($0) } * 8 >= bytes.count * 7
  }

  // MARK: - Keys

  /// Keys in binary form anywhere. What PEM blocks hold, whatever they are called, is base64 and seen as such.
  private func keys(_ bytes: [UInt8], limit: Int) -> [Hit] {
    var found: [Hit] = []
    var start = 0
    while found.count < limit, let next = bytes[start...].firstIndex(of: DERItem.sequence) {
      if let form = PrivateKeyShape.kind(bytes, at: next) { found.append((next, .privateKey(form))) }
      start = next + 1
    }
    return found
  }

  /// Key stores and the server's own back-up, in any folder and any case.
  package static func isForbidden(name: String) -> Bool {
    let last = name.lowercased().split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    return last == "officescanauth.dat" || [".pfx", ".p12", ".pvk", ".key", ".jks"].contains { last.hasSuffix($0) }
  }
}

extension RedactionScanner.Finding.Kind: CustomStringConvertible {
  package var description: String {
    switch self {
    case .secret(let label): "the \(label)"
    case .encryptedValue: "an encrypted value of the product"
    case .privateKey(let form): "a private key (\(form))"
    case .credential: "what looks like a password or a token"
    case .forbiddenName: "a file that may hold a private key, by its name"
    }
  }
}

extension RedactionScanner: CustomStringConvertible, CustomReflectable {
  package var description: String { "RedactionScanner" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
