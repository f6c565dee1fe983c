import Foundation
import InputText

/// Reads an ini's lines into entries; secrets go no further than this.
struct OfcscanINIReader {
  private(set) var entries: [OfcscanINI.Entry] = []
  private(set) var notes: [String] = []
  private var section = ""
  private var seen: [String: Int] = [:]

  mutating func read(_ text: String) {
    var number = 0
    for line in Lines.of(text) {
      number += 1
      read(line: line, number)
    }
  }

  private mutating func read(line raw: Substring, _ number: Int) {
    let line = OfcscanINIReader.trim(raw)
    guard let first = line.first, first != ";", first != "#" else { return }
    if first == "[" {
      readSection(line, number)
      return
    }
    let cut = line.firstIndex(of: "=")
    let key = OfcscanINIReader.trim(line[..<(cut ?? line.endIndex)])
    guard !key.isEmpty else { return note(number, "a value without a key was passed over") }
    // A key may be half of a secret whose line was broken.
    if SecretKeys.holdsMark(key) { return note(number, "an encrypted value without a key was dropped") }
    let value = cut.map { OfcscanINIReader.unquoted(OfcscanINIReader.trim(line[line.index(after: $0)...])) }
    add(String(key), value, number)
  }

  private mutating func readSection(_ line: Substring, _ number: Int) {
    let inner = line.dropFirst()
    let end = inner.firstIndex(of: "]")
    if end == nil { note(number, "a section's name has no closing bracket") }
    let name = OfcscanINIReader.trim(inner[..<(end ?? inner.endIndex)])
    section = SecretKeys.holdsMark(name) ? "" : String(name)
  }

  private mutating func add(_ key: String, _ value: Substring?, _ number: Int) {
    let identity = section.lowercased() + "\n" + key.lowercased()
    if let earlier = seen[identity] {
      return note(number, "the key stands in line \(earlier) already, which counts")
    }
    seen[identity] = number
    let stored: OfcscanINI.Value =
      if let value { SecretKeys.isSecret(key, value) ? .secret : .text(SecretKeys.withoutUsers(value)) } else {
        .missing
      }
    entries.append(OfcscanINI.Entry(section: section, key: key, value: stored, line: number))
  }

  private mutating func note(_ line: Int, _ text: String) {
    guard notes.count < 100 else { return }
    notes.append("ofcscan.ini:\(line): \(text)")
  }

  /// Without one pair of quotes around it, as Windows' own reader does.
  private static func unquoted(_ text: Substring) -> Substring {
    guard text.utf8.count >= 2, let first = text.utf8.first, first == 34 || first == 39, text.utf8.last == first else {
      return text
    }
    return text.dropFirst().dropLast()
  }

  /// Without blanks and tabs at either end.
  private static func trim(_ text: Substring) -> Substring {
    var text = text
    while let last = text.utf8.last, last == 32 || last == 9 { text = text.dropLast() }
    while let first = text.utf8.first, first == 32 || first == 9 { text = text.dropFirst() }
    return text
  }
}

/// Which keys and values of the product's files are secrets.
package enum SecretKeys {
  /// What the product's reversible encryption begins with.
  package static let mark = "!CRYPT!"

  private static let words = [
    "pwd", "pass", "secret", "activationcode", "accode", "apikey", "privatekey", "credential", "token", "auth", "basic",
    "bearer",
    "kennwort", "motdepasse", "contraseña", "contrasena", "senha", "wachtwoord", "hasło", "haslo", "heslo", "parola",
  ]
  /// Of what stands in a header of HTTP.
  private static let schemes = ["basic ", "bearer ", "negotiate ", "digest "]

  /// Too much is dropped rather than too little: `Bypass…` is one of them.
  package static func isSecretKey(_ key: some StringProtocol) -> Bool {
    let plain = key.lowercased().precomposedStringWithCanonicalMapping.filter { $0.isLetter || $0.isNumber }
    return words.contains { plain.contains($0) }
  }

  static func isSecret(_ key: String, _ value: Substring) -> Bool {
    let value = value.lowercased()
    return isSecretKey(key) || holdsMark(value) || schemes.contains { value.contains($0) && value.contains("auth") }
      || schemes.contains { value.hasPrefix($0) }
  }

  /// With dots for what stands before the `@` of each URL in it: `http://••••@proxy:80`.
  static func withoutUsers(_ value: Substring) -> String {
    var (text, rest) = ("", value)
    while let scheme = rest.range(of: "://") {
      text += rest[..<scheme.upperBound]
      rest = rest[scheme.upperBound...]
      // A password may hold any sign, a slash and another `@` too; a blank ends the URL.
      let url = rest.prefix { !$0.isWhitespace }
      let end = url.range(of: "://")?.lowerBound ?? url.endIndex
      if let at = url[..<end].lastIndex(of: "@") {
        text += "••••"
        rest = rest[at...]
      }
    }
    return text + rest
  }

  static func holdsMark(_ text: some StringProtocol) -> Bool { text.uppercased().contains(mark) }
}
