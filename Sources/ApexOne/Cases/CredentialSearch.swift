/// Finds places in a text where programs and people write passwords and tokens down, whatever they are: nobody has to know
/// them. Where such a place holds dots, a variable or a word that is no password, nothing is there.
struct CredentialSearch {
  private static let triggers = BytePatterns(
    (keys + ["/user:", "@", "convertto-securestring", "authorization", "bearer ", "basic ", "eyj"])
      .map { (Array($0.utf8), .credential) })

  /// What the name of a key, an option or a tag ends with.
  private static let keys = [
    "password", "passwd", "passwort", "passphrase", "passcode", "pass", "pwd", "kennwort", "secret", "token", "apikey",
    "api_key", "api-key", "accesskey", "access_key", "motdepasse", "contrasena", "senha", "wachtwoord", "haslo",
    "heslo",
  ]
  /// Names that end so and hold none.
  private static let otherNames = ["publickeytoken", "bypass", "compass", "cancellationtoken"]
  /// What stands in the place of a password and is none.
  private static let otherValues: Set<String> = [
    "", "yes", "no", "true", "false", "null", "nil", "none", "not", "is", "was", "has", "the", "a", "required",
    "missing",
    "given", "empty", "set", "unset", "expired", "wrong", "refused", "unknown", "changed", "invalid", "incorrect", "ok",
    "failed", "needed", "read-host", "get-credential", "hidden", "masked", "redacted", "asked", "prompt", "0", "1",
    "n/a", "-",
  ]

  /// Bytes of a value, and of what of a line is looked at: a search takes no longer for a text of one line.
  private static let longest = 512

  private let text: [UInt8]
  private let folded: [UInt8]

  private init(_ bytes: [UInt8]) {
    text = bytes
    folded = ASCIIFold.folded(bytes)
  }

  /// The place of the first; nil where there is none.
  static func first(in bytes: [UInt8]) -> Int? {
    let search = CredentialSearch(bytes)
    var found: Int?
    triggers.search(search.folded) { offset, _ in
      if search.holds(at: offset) { found = offset }
      return found == nil
    }
    return found
  }

  private func byte(_ place: Int) -> UInt8 { place >= 0 && place < folded.count ? folded[place] : 0x0A }

  private func begins(_ word: String, at place: Int) -> Bool {
    place >= 0 && place <= folded.count && folded[place...].starts(with: word.utf8)
  }

  private func holds(at place: Int) -> Bool {
    switch byte(place) {
    case UInt8(ascii: "@"): return isUserBefore(at: place)
    case UInt8(ascii: "/"): return isNetUse(place)
    case UInt8(ascii: "e"): return isWebToken(place)
    case UInt8(ascii: "b"): return isScheme(place)
    case UInt8(ascii: "c") where begins("convertto", at: place): return isSecureString(place)
    default: return begins("authorization", at: place) ? isHeader(place) : isKey(place)
    }
  }

  // MARK: - Keys, options, tags

  private static func isNameByte(_ byte: UInt8) -> Bool {
    DumpLines.isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte >= 0x80
  }

  private func isKey(_ place: Int) -> Bool {
    var (start, end) = (place, place)
    while start > 0, Self.isNameByte(byte(start - 1)), place - start < 64 { start -= 1 }
    while end < folded.count, Self.isNameByte(byte(end)), end - place < 64 { end += 1 }
    let name = String(decoding: folded[start..<end], as: UTF8.self)
    let bare = String(name.reversed().drop { $0.isNumber }.reversed())
    guard Self.keys.contains(where: { bare.hasSuffix($0) }), !Self.otherNames.contains(where: { bare.hasSuffix($0) })
    else { return false }
    let isOption = name.hasPrefix("-") || byte(start - 1) == UInt8(ascii: "/")
    if byte(start - 1) == UInt8(ascii: "<"), byte(end) == UInt8(ascii: ">") {
      return isValue(at: end + 1, isLoose: false)
    }
    var next = end
    let isQuoted = skipQuotes(&next)
    let blanks = skipBlanks(&next)
    if byte(next) == UInt8(ascii: "=") || byte(next) == UInt8(ascii: ":") {
      let isAssigned = byte(next) == UInt8(ascii: "=")
      next += 1
      if byte(next) == UInt8(ascii: ">") || byte(next) == UInt8(ascii: "=") { next += 1 }
      let gap = skipBlanks(&next)
      // `pass: 3, fail: 0`
      if bare.hasSuffix("pass"), !isOption, !isQuoted, isNumber(at: next) { return false }
      return isValue(at: next, isLoose: !isAssigned && gap > 0 && !isQuoted && !isOption)
    }
    if isQuoted, begins("value=", at: next) { return isValue(at: next + 6, isLoose: false) }
    if isOption, blanks > 0, !isQuoted {
      return byte(next) != UInt8(ascii: "-") && byte(next) != UInt8(ascii: "/") && isValue(at: next, isLoose: false)
    }
    return false
  }

  /// Steps over quotes and what escapes them.
  private func skipQuotes(_ place: inout Int) -> Bool {
    let start = place
    while [0x22, 0x27, 0x5C, 0x60].contains(byte(place)), place < folded.count { place += 1 }
    return place > start
  }

  private func skipBlanks(_ place: inout Int) -> Int {
    let start = place
    while byte(place) == 0x20 || byte(place) == 0x09 { place += 1 }
    return place - start
  }

  private func isNumber(at place: Int) -> Bool {
    var end = place
    while (0x30...0x39).contains(byte(end)) { end += 1 }
    return end > place && end - place <= 6 && !Self.isNameByte(byte(end))
  }

  /// Something stands there that may be a password. `isLoose`: it may as well be a sentence, which has several words.
  private func isValue(at start: Int, isLoose: Bool) -> Bool {
    var place = start
    let isQuoted = skipQuotes(&place)
    var end = place
    while end < folded.count, end - start < Self.longest, !isEnd(byte(end), isQuoted) { end += 1 }
    let value = folded[place..<end]
    // Dots, stars, variables and placeholders.
    if value.allSatisfy({ $0 == 0x2A || $0 == 0x2E }) || value.starts(with: "•".utf8) { return false }
    if let first = value.first, [0x24, 0x25, 0x3C, 0x7B, 0x5B, 0x28].contains(first), !isQuoted || first == 0x3C,
      first != 0x25 || value.last == 0x25
    {
      return false
    }
    let word = String(
      decoding: value.reversed().drop { [0x2C, 0x2E, 0x3B, 0x29].contains($0) }.reversed(), as: UTF8.self)
    if Self.otherValues.contains(word) { return false }
    guard isLoose else { return true }
    _ = skipBlanks(&end)
    let isAlone = end >= folded.count || !DumpLines.isLetterOrDigit(byte(end))
    return isAlone || !value.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2C }
  }

  private func isEnd(_ byte: UInt8, _ isQuoted: Bool) -> Bool {
    switch byte {
    case 0x0A, 0x0D, 0x22, 0x3C: true
    case 0x27: isQuoted
    case 0x20, 0x09: !isQuoted
    default: false
    }
  }

  // MARK: - Others

  /// `user:password@host`, with or without a scheme before it.
  private func isUserBefore(at place: Int) -> Bool {
    var start = place
    while start > 0, place - start < 256, ![0x2F, 0x22, 0x27, 0x3C, 0x28, 0x2C, 0x3D, 0x3B].contains(byte(start - 1)),
      byte(start - 1) > 0x20
    {
      start -= 1
    }
    let part = folded[start..<place]
    guard let colon = part.firstIndex(of: UInt8(ascii: ":")), colon > start, colon + 1 < place else { return false }
    let (user, password) = (part[..<colon], part[(colon + 1)...])
    if !Self.isNameByte(byte(place + 1)) || begins("sha256", at: place + 1) { return false }
    if ["mailto", "sip", "sips", "from", "to", "cc", "mail", "email", "e-mail", "acct", "by", "user"].contains(where: {
      user.elementsEqual($0.utf8)
    }) {
      return false
    }
    // A path, a time.
    if user.count == 1, password.first == UInt8(ascii: "\\") { return false }
    if part.allSatisfy({ (0x30...0x3A).contains($0) }) { return false }
    return !password.starts(with: "•".utf8) && !password.allSatisfy { $0 == 0x2A }
  }

  /// `net use \\\\server\\share /user:name PASSWORD`, or the password before `/user`.
  private func isNetUse(_ place: Int) -> Bool {
    let before = max(0, place - Self.longest)
    let start = folded[before..<place].lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? before
    let end =
      folded[place...].prefix(Self.longest).firstIndex { $0 == 0x0A || $0 == 0x0D }
      ?? min(folded.count, place + Self.longest)
    let words = folded[start..<end].split { $0 == 0x20 || $0 == 0x09 || $0 == 0x22 || $0 == 0x27 }
    guard let use = words.firstIndex(where: { $0.elementsEqual("use".utf8) }), use > words.startIndex,
      String(decoding: words[use - 1], as: UTF8.self).contains("net"),
      let option = words.firstIndex(where: { $0.startIndex <= place && $0.endIndex > place }), option > use
    else { return false }
    let after = words[(option + 1)...].prefix(1)
    return (words[(use + 1)..<option] + after).contains { word in
      let first = word.first ?? 0
      return ![UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "*"), UInt8(ascii: "|"), 0xE2].contains(first)
        && !(word.count == 2 && word.last == UInt8(ascii: ":"))
    }
  }

  /// `ConvertTo-SecureString "…"`, `'…' | ConvertTo-SecureString`
  private func isSecureString(_ place: Int) -> Bool {
    var before = place - 1
    while byte(before) == 0x20 || byte(before) == 0x09 { before -= 1 }
    if byte(before) == UInt8(ascii: "|") {
      before -= 1
      while byte(before) == 0x20 { before -= 1 }
      if byte(before) == 0x22 || byte(before) == 0x27 { return true }
    }
    var next = place + "convertto-securestring".utf8.count
    for _ in 0..<4 {
      _ = skipBlanks(&next)
      guard byte(next) == UInt8(ascii: "-") else { break }
      while next < folded.count, byte(next) > 0x20 { next += 1 }
    }
    return ![0x0A, 0x0D, 0x7C, 0x29, 0x3B].contains(byte(next)) && isValue(at: next, isLoose: true)
  }

  /// `Authorization: Basic …`
  private func isHeader(_ place: Int) -> Bool {
    var next = place + "authorization".utf8.count
    _ = skipQuotes(&next)
    _ = skipBlanks(&next)
    guard byte(next) == UInt8(ascii: ":") || byte(next) == UInt8(ascii: "=") else { return false }
    next += 1
    _ = skipBlanks(&next)
    _ = skipQuotes(&next)
    var end = next
    while end < folded.count, end - next < Self.longest, !isEnd(byte(end), false) { end += 1 }
    let word = String(decoding: folded[next..<end], as: UTF8.self)
    if ["basic", "bearer", "negotiate", "digest", "ntlm", "token", "apikey"].contains(word) {
      _ = skipBlanks(&end)
      return isValue(at: end, isLoose: false)
    }
    return end - next >= 16 && isValue(at: next, isLoose: false)
  }

  /// `bearer …` and `basic …` without the header's name.
  private func isScheme(_ place: Int) -> Bool {
    guard !Self.isNameByte(byte(place - 1)) else { return false }
    var next = place + (begins("basic", at: place) ? 5 : 6)
    _ = skipBlanks(&next)
    var end = next
    while end - next < Self.longest,
      DumpLines.isLetterOrDigit(byte(end)) || [0x2B, 0x2F, 0x3D, 0x2D, 0x2E, 0x5F, 0x7E].contains(byte(end))
    {
      end += 1
    }
    return end - next >= 16 && text[next..<end].contains { (0x30...0x39).contains($0) || $0 == 0x3D }
  }

  /// Two parts of JSON in base64url, and a signature.
  private func isWebToken(_ place: Int) -> Bool {
    guard place == 0 || !Self.isNameByte(byte(place - 1)), text[place...].starts(with: "eyJ".utf8) else { return false }
    var next = place
    for part in 0..<2 {
      let start = next
      while Self.isNameByte(byte(next)), byte(next) < 0x80 { next += 1 }
      guard next - start >= 8 else { return false }
      if part == 0 {
        guard byte(next) == UInt8(ascii: "."), text[(next + 1)...].starts(with: "eyJ".utf8) else { return false }
        next += 1
      }
    }
    return true
  }
}
