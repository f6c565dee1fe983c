import Foundation

/// What OpenSSH's client takes behind a word whose values have a form of their own, though they have no effect here: a
/// file that `ssh` refuses is not half read.
enum SSHConfigValue: Equatable {
  case ciphers, macs, keyExchanges, gssKeyExchanges, keyTypes
  case rekeyLimit, quality, escape, addKeys, persist, tunnelDevice, mask
  case localForward, remoteForward, dynamicForward, remoteOpen
  case canonicalNames, domains, setEnvironment, sendEnvironment, noneAlone

  /// What is wrong with the values, of which there is one at least; nil where nothing is.
  func problem(_ values: [String]) -> String? {
    if values.count > most { return "takes \(most == 1 ? "one value" : "\(most) values"), and more follow" }
    let first = values[0]
    switch self {
    case .ciphers, .macs, .keyExchanges, .gssKeyExchanges, .keyTypes: return algorithms(first)
    case .rekeyLimit: return SSHConfigValue.rekey(values)
    case .quality: return values.first { !SSHConfigValue.isQuality($0) }.map { "takes no \($0.debugDescription)" }
    case .escape: return SSHConfigValue.isEscape(first) ? nil : "takes a character, ^ and a letter, or none"
    case .addKeys:
      return SSHConfigValue.addsKeys(values) ? nil : "takes yes, no, ask, confirm, a time, or confirm and a time"
    case .persist:
      let isGood = SSHConfigValue.isFlag(first) || SSHConfigValue.seconds(first) != nil
      return isGood ? nil : "takes yes, no or a time"
    case .tunnelDevice: return SSHConfigValue.isTunnel(first) ? nil : "takes NUMBER[:NUMBER] or any"
    case .mask: return Int(first, radix: 8).map { (0...0o777).contains($0) } == true ? nil : "takes an octal mask"
    case .localForward, .remoteForward, .dynamicForward: return forward(values)
    case .remoteOpen: return SSHConfigValue.opens(values)
    case .canonicalNames: return SSHConfigValue.canonical(values)
    case .domains: return SSHConfigValue.domains(values)
    case .setEnvironment:
      return values.first { ($0.firstIndex(of: "=") ?? $0.startIndex) == $0.startIndex }
        .map { "takes NAME=VALUE, not \($0.debugDescription)" }
    case .sendEnvironment:
      return values.first { $0.isEmpty || $0.contains("=") }.map { "takes names, not \($0.debugDescription)" }
    case .noneAlone: return SSHConfigValue.standsAlone(["none"], values)
    }
  }

  private var most: Int {
    switch self {
    case .rekeyLimit, .quality, .addKeys, .localForward, .remoteForward: 2
    case .remoteOpen, .canonicalNames, .domains, .setEnvironment, .sendEnvironment, .noneAlone: .max
    default: 1
    }
  }

  // MARK: Algorithms

  /// A list behind `+` or `^`, or a list of its own; whatever is taken away behind `-` may be anything. An empty word
  /// ends a list.
  private func algorithms(_ text: String) -> String? {
    if text.hasPrefix("-") { return nil }
    let list = text.hasPrefix("+") || text.hasPrefix("^") ? String(text.dropFirst()) : text
    guard !list.isEmpty else { return "has an empty list" }
    let names = list.split(separator: ",", omittingEmptySubsequences: false).prefix { !$0.isEmpty }.map(String.init)
    let known = known
    let bad = names.first { name in
      guard !known.contains(name) else { return false }
      return self != .keyTypes || !known.contains { HostPattern.matches($0, [name], ignoringCase: false) }
    }
    return bad.map { "takes no \($0.debugDescription); ssh doesn't know it either" }
  }

  /// Of all versions that are still in use.
  private var known: Set<String> {
    switch self {
    case .ciphers: SSHAlgorithms.ciphers
    case .macs: SSHAlgorithms.macs
    case .keyExchanges: SSHAlgorithms.keyExchanges
    case .gssKeyExchanges: SSHAlgorithms.gssKeyExchanges
    default: SSHAlgorithms.keyTypes
    }
  }

  // MARK: Numbers

  /// A number as OpenSSH reads one: blanks and a sign may stand before it.
  static func number(_ text: String) -> Int? {
    let digits = text.drop { $0 == " " || $0 == "\t" }
    guard let last = digits.utf8.last, (0x30...0x39).contains(last) else { return nil }
    return Int(digits)
  }

  /// Seconds of `10`, `1h30m`; nil for what is no time, and for more than OpenSSH counts.
  static func seconds(_ text: String) -> Int? {
    guard text.wholeMatch(of: #/([0-9]+[smhdwSMHDW]?)+/#) != nil else { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
    var sum = 0
    for part in text.lowercased().matches(of: #/([0-9]+)([smhdw]?)/#) {
      guard let count = Int32(part.1) else { return nil }
      sum += Int(count) * (part.2.first.flatMap { units[$0] } ?? 1)
      guard sum <= Int(Int32.max) else { return nil }
    }
    return sum
  }

  private static func isFlag(_ text: String) -> Bool { ["yes", "no", "true", "false"].contains(text.lowercased()) }

  private static func rekey(_ values: [String]) -> String? {
    if values[0] != "default" {
      guard let size = bytes(values[0]) else { return "takes a size such as 1G, or default" }
      guard size == 0 || size >= 16 else { return "is too small" }
    }
    guard values.count > 1, values[1] != "none", seconds(values[1]) == nil else { return nil }
    return "takes a time or none behind the size"
  }

  /// `512`, `1.5G`, `K`; nil for what is no size.
  private static func bytes(_ text: String) -> Double? {
    guard let found = text.wholeMatch(of: #/([-+]?)([0-9]*)(\.[0-9]+)?([bkmgtpeBKMGTPE]?)/#), !text.isEmpty else {
      return nil
    }
    let shift = Array("bkmgtpe").firstIndex(of: found.4.lowercased().first ?? "b") ?? 0
    let size = (Double("0\(found.2)\(found.3 ?? "")") ?? 0) * pow(1_024, Double(shift))
    return size < 0x1p63 ? (found.1 == "-" ? -size : size) : nil
  }

  private static func isQuality(_ text: String) -> Bool {
    let names = ["none", "ef", "le", "va", "lowdelay", "throughput", "reliability"]
    let word = text.lowercased()
    if names.contains(word) || word.wholeMatch(of: #/af[1-4][1-3]|cs[0-7]/#) != nil { return true }
    let number =
      word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : Int(word, radix: word.hasPrefix("0") ? 8 : 10)
    return number.map { (0...255).contains($0) } ?? false
  }

  private static func isEscape(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return text == "none" || bytes.count == 1 || bytes.count == 2 && bytes[0] == 0x5E && (64..<128).contains(bytes[1])
  }

  private static func addsKeys(_ values: [String]) -> Bool {
    let word = values[0].lowercased()
    if values.count > 1 { return word == "confirm" && seconds(values[1]) != nil }
    return isFlag(word) || word == "ask" || word == "confirm" || seconds(values[0]) != nil
  }

  private static func isTunnel(_ text: String) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return parts.allSatisfy {
      $0.lowercased() == "any" || number($0).map { (0...Int(Int32.max) - 2).contains($0) } == true
    }
  }

  // MARK: Lists

  private static func standsAlone(_ words: [String], _ values: [String]) -> String? {
    guard values.count > 1, let word = values.first(where: { words.contains($0.lowercased()) }) else { return nil }
    return ": \(word) must stand alone"
  }

  private static func opens(_ values: [String]) -> String? {
    if let problem = standsAlone(["any", "none"], values) { return problem }
    if values.count == 1, ["any", "none"].contains(values[0].lowercased()) { return nil }
    let bad = values.first { value in
      guard let colon = value.lastIndex(of: ":") else { return true }
      let port = String(value[value.index(after: colon)...])
      return port != "*" && SSHConfigKeyword.port(port) == nil
    }
    return bad.map { "takes HOST:PORT, any or none, not \($0.debugDescription)" }
  }

  private static func canonical(_ values: [String]) -> String? {
    if let problem = standsAlone(["none"], values) { return problem }
    if values.count == 1, ["none", "*"].contains(values[0].lowercased()) { return nil }
    let bad = values.first { value in value.firstIndex(of: ":").map { value.index(after: $0) == value.endIndex } ?? true
    }
    return bad.map { "takes SOURCES:TARGETS, not \($0.debugDescription)" }
  }

  private static func domains(_ values: [String]) -> String? {
    if let problem = standsAlone(["none"], values) { return problem }
    return values.first { $0.wholeMatch(of: #/[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\.?/#) == nil }
      .map { "takes domains, not \($0.debugDescription)" }
  }
}

/// Names of algorithms that OpenSSH knows.
enum SSHAlgorithms {
  private static func names(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  static let ciphers = names(
    """
    3des-cbc aes128-cbc aes192-cbc aes256-cbc aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com
    aes256-gcm@openssh.com chacha20-poly1305@openssh.com
    """)
  static let macs = names(
    """
    hmac-sha1 hmac-sha1-96 hmac-sha2-256 hmac-sha2-512 hmac-md5 hmac-md5-96 umac-64@openssh.com umac-128@openssh.com
    hmac-sha1-etm@openssh.com hmac-sha1-96-etm@openssh.com hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com
    hmac-md5-etm@openssh.com hmac-md5-96-etm@openssh.com umac-64-etm@openssh.com umac-128-etm@openssh.com
    """)
  static let keyExchanges = names(
    """
    diffie-hellman-group1-sha1 diffie-hellman-group14-sha1 diffie-hellman-group14-sha256
    diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 diffie-hellman-group-exchange-sha1
    diffie-hellman-group-exchange-sha256 ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 curve25519-sha256
    curve25519-sha256@libssh.org sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com mlkem768x25519-sha256
    """)
  static let gssKeyExchanges = names(
    """
    gss-gex-sha1- gss-group1-sha1- gss-group14-sha1- gss-group14-sha256- gss-group16-sha512- gss-nistp256-sha256-
    gss-curve25519-sha256-
    """)
  static let keyTypes: Set<String> = {
    let plain = names(
      "ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 ssh-dss ssh-rsa rsa-sha2-256 rsa-sha2-512"
    )
    let tokens = names(
      """
      sk-ssh-ed25519@openssh.com sk-ssh-ed25519-cert-v01@openssh.com sk-ecdsa-sha2-nistp256@openssh.com
      sk-ecdsa-sha2-nistp256-cert-v01@openssh.com webauthn-sk-ecdsa-sha2-nistp256@openssh.com
      """)
    return plain.union(plain.map { $0 + "-cert-v01@openssh.com" }).union(tokens)
  }()
}

/// Forwardings: from where to where.
extension SSHConfigValue {
  /// `[HOST:]PORT HOST:PORT`, where a path may stand in the place of either.
  fileprivate func forward(_ values: [String]) -> String? {
    let isDynamic = self == .dynamicForward || self == .remoteForward && values.count == 1
    if self == .localForward, values.count < 2 { return "has no target" }
    let fields = SSHConfigValue.fields(values.joined(separator: ":"))
    return isForward(fields, isDynamic: isDynamic) ? nil : "takes [HOST:]PORT\(isDynamic ? "" : " and HOST:PORT")"
  }

  private func isForward(_ fields: [String], isDynamic: Bool) -> Bool {
    func isPath(_ place: Int) -> Bool { fields[place].contains("/") }
    func port(_ place: Int) -> Bool { SSHConfigKeyword.port(fields[place]) != nil }
    func listens(_ place: Int) -> Bool {
      port(place) || self == .remoteForward && SSHConfigValue.number(fields[place]) == 0
    }
    switch fields.count {
    case 1: return isDynamic && (isPath(0) || listens(0))
    case 2 where isDynamic: return listens(1)
    case 2: return isPath(1) && (isPath(0) || listens(0))
    case 3 where isDynamic: return false
    case 3 where isPath(0): return port(2)
    case 3 where isPath(2): return listens(1)
    case 3: return listens(0) && port(2)
    case 4: return !isDynamic && listens(1) && port(3)
    default: return false
    }
  }

  /// Parted by colons; what stands in brackets is one field.
  private static func fields(_ text: String) -> [String] {
    var fields = [""]
    var isInBrackets = false
    for character in text {
      switch character {
      case "[" where fields[fields.count - 1].isEmpty: isInBrackets = true
      case "]" where isInBrackets: isInBrackets = false
      case ":" where !isInBrackets: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}
