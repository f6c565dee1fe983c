/// Looks through the files of a case, as they are in the finished archive, for what must never leave: given secrets,
/// encrypted values of the product, private keys, forbidden files. Findings tell where, never what.
package struct RedactionScanner: Sendable {
  package struct Finding: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
      /// The secret's label, such as `unload-password`.
      case secret(String)
      case encryptedValue
      case privateKey(String)
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

  private let patterns: [BytePattern]
  /// Labels of secrets that are too short to be looked for: to be said in a note.
  package let tooShort: [String]

  /// `secrets` hold the texts themselves, by label; kept only in this value, which shows none of them.
  package init(secrets: [(label: String, text: String)]) {
    tooShort = secrets.filter { (1..<RedactionScanner.shortestSecret).contains($0.text.count) }.map(\.label)
    let own = secrets.filter { $0.text.count >= RedactionScanner.shortestSecret }
    patterns =
      own.flatMap { secret in
        RedactionForms.of(secret.text).map { BytePattern($0, .secret(secret.label)) }
      }
      + RedactionForms.encodings(SecretKeys.mark).map { BytePattern($0, .encryptedValue) }
      + RedactionForms.encodings("PRIVATE KEY-----").map { BytePattern($0, .privateKey("PEM")) }
      + RedactionForms.encodings("PuTTY-User-Key-File-").map { BytePattern($0, .privateKey("PuTTY")) }
  }

  package func scan(_ files: [(name: String, bytes: [UInt8])]) -> [Finding] {
    files.flatMap { scan($0.bytes, name: $0.name) }
  }

  /// Findings of one file, its name's first, then by offset; at most 100.
  package func scan(_ bytes: [UInt8], name: String) -> [Finding] {
    var found: [Finding] = []
    var shown = name
    BytePattern.search(patterns, in: Array(name.utf8)) { _, kind in
      // The finding must not show the secret by naming the file.
      shown = "(a file with a secret in its name)"
      found.append(Finding(file: shown, offset: nil, kind: kind))
      return false
    }
    if RedactionScanner.isForbidden(name: name) {
      found.append(Finding(file: shown, offset: nil, kind: .forbiddenName))
    }
    BytePattern.search(patterns, in: bytes) { offset, kind in
      found.append(Finding(file: shown, offset: offset, kind: kind))
      return found.count < 100
    }
    found += derKeys(bytes).map { Finding(file: shown, offset: $0.offset, kind: .privateKey($0.form)) }
    return Array(found.prefix(100))
  }

  private static let pemMarks = RedactionForms.encodings("-----BEGIN ").map { BytePattern($0, .privateKey("PEM")) }

  /// Keys in binary form anywhere, and in PEM blocks that are called something else.
  private func derKeys(_ bytes: [UInt8]) -> [(offset: Int, form: String)] {
    var found: [(Int, String)] = []
    var start = 0
    while found.count < 100, let next = bytes[start...].firstIndex(of: DERItem.sequence) {
      if let form = PrivateKeyShape.kind(bytes, at: next) { found.append((next, form)) }
      start = next + 1
    }
    var isPEM = false
    BytePattern.search(RedactionScanner.pemMarks, in: bytes) { _, _ in
      isPEM = true
      return false
    }
    guard isPEM else { return found }
    for block in PEMText(bytes)?.blocks ?? [] {
      if let inner = block.bytes, let form = PrivateKeyShape.kind(inner, at: 0) { found.append((0, form)) }
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
    case .forbiddenName: "a file that may hold a private key, by its name"
    }
  }
}

extension RedactionScanner: CustomStringConvertible, CustomReflectable {
  package var description: String { "RedactionScanner" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
