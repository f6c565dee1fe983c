/// Where a server's `PCCSRV` folder is, and how to reach it: `ssh://admin@apexone/C:/…/PCCSRV`, `smb://apexone/ofcscan`,
/// `file:///mnt/c/…/PCCSRV`, `lab:`. Holds no password: one in the text is refused.
package struct ServerAddress: Sendable, Hashable {
  package enum Scheme: String, Sendable, Hashable, CaseIterable {
    case ssh, winrm, smb, file, lab

    var defaultPort: Int? {
      switch self {
      case .ssh: 22
      case .smb: 445
      // WinRM has one port with TLS and one without: neither can be left out of an identity.
      case .winrm, .file, .lab: nil
      }
    }
  }

  package let scheme: Scheme
  /// As it stands before the `@`, percent-decoded: `admin`, `CONTOSO\admin`.
  package let user: String?
  /// Nil for `file` and `lab`; an IPv6 address without brackets.
  package let host: String?
  package let port: Int?
  /// `ssh`, `winrm`: a Windows path, `C:\…\PCCSRV`. `smb`: `\\apexone\ofcscan`, and what follows. `file`: a path of
  /// this machine, with slashes. Nil for `lab`.
  package let path: String?

  package init(_ text: String) throws(AddressError) {
    let text = text.trimmingBlanks()
    guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()) else {
      throw AddressError(
        text.isEmpty ? .empty : .unknownScheme,
        "a server address begins with ssh:// or file://, or is lab:; see: help keys")
    }
    let rest = text[text.index(after: colon)...]
    self.scheme = scheme
    switch scheme {
    case .lab:
      guard rest.isEmpty else { throw AddressError(.path, "the lab's address is lab: with nothing after it") }
      (user, host, port, path) = (nil, nil, nil, nil)
    case .file:
      (user, host, port) = (nil, nil, nil)
      path = try ServerAddress.localPath(rest)
    case .ssh, .winrm, .smb:
      guard rest.hasPrefix("//") else { throw AddressError(.host, "after \(scheme): come // and the host's name") }
      let after = rest.dropFirst(2)
      let slash = after.firstIndex(of: "/") ?? after.endIndex
      // A password with a slash in it ends up on both sides of the cut; nothing of it may be quoted.
      if after[..<slash].contains(":"), after[slash...].contains("@"), !ServerAddress.endsInPort(after[..<slash]) {
        throw ServerAddress.holdsPassword
      }
      let login = try ServerAddress.login(after[..<slash])
      (user, host, port) = (login.user, login.host, login.port)
      path = try ServerAddress.windowsPath(after[slash...], scheme, host: login.host)
    }
  }

  /// What the server is known by: its address without the account, one spelling for all. Windows takes names and paths
  /// in any case.
  package var identity: String {
    switch scheme {
    case .lab: return "lab:"
    case .file: return "file://" + (path ?? "")
    case .ssh, .winrm, .smb:
      let place = HostAndPort.text((host ?? "").lowercased(), port == scheme.defaultPort ? nil : port)
      let path = String((path ?? "").lowercased().map { $0 == "\\" ? "/" : $0 })
      // A share's path begins with the host's name already.
      let inner = scheme == .smb ? path.split(separator: "/").dropFirst().joined(separator: "/") : path
      return "\(scheme)://\(place)/\(inner)"
    }
  }

  package var layout: ServerLayout? { path.map { ServerLayout(root: $0) } }
}

extension ServerAddress {
  private static let holdsPassword = AddressError(
    .password,
    "the address holds a password, which history and process lists would show; leave it out and use: set password")

  /// Whether there is a password in an address, however malformed. May be true of an odd path too.
  package static func mayHoldPassword(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "//")?.upperBound, let at = text.lastIndex(of: "@"), start < at else {
      return false
    }
    return text[start..<at].contains(":")
  }

  private static func endsInPort(_ text: Substring) -> Bool {
    text.hasSuffix("]") || text.split(separator: ":").last.map { $0.allSatisfy(\.isNumber) } == true
  }

  private static func login(_ text: Substring) throws(AddressError) -> (user: String?, host: String, port: Int?) {
    var place = text
    var user: String?
    if let at = text.lastIndex(of: "@") {
      let account = text[..<at]
      let name = try PercentText.decode(account)
      if name.contains(":") { throw holdsPassword }
      guard !name.isEmpty, !name.hasPrefix("-") else {
        throw AddressError(.user, "the account before @ is empty or begins with a dash")
      }
      user = name
      place = text[text.index(after: at)...]
    }
    let (host, port) = try HostAndPort.parse(place)
    return (user, host, port)
  }

  private static func windowsPath(_ text: Substring, _ scheme: Scheme, host: String) throws(AddressError) -> String {
    let decoded = try PercentText.decode(text)
    var path = String(decoded.map { $0 == "/" ? "\\" : $0 })
    while path.hasSuffix("\\") { path.removeLast() }
    let full = scheme == .smb ? "\\\\\(host)\(path)" : String(path.drop(while: { $0 == "\\" }))
    // An IPv6 host has colons, which no file name may have: the share's own part is what is checked.
    let checked = scheme == .smb ? "\\\\host\(path)" : full
    guard WindowsFullPath.isValid(checked), scheme != .smb || path.count > 1 else {
      throw AddressError(
        .path,
        scheme == .smb
          ? "after the host comes the share that is the PCCSRV folder: smb://apexone/ofcscan"
          : "after the host comes the full path of the PCCSRV folder: /C:/Program Files (x86)/…/PCCSRV")
    }
    return full
  }

  private static func localPath(_ rest: Substring) throws(AddressError) -> String {
    var text = rest
    if text.hasPrefix("//") { text = text.dropFirst(2) }
    guard text.hasPrefix("/"), !text.hasPrefix("//") else {
      throw AddressError(.path, "a file address has three slashes and no host: file:///mnt/c/…/PCCSRV")
    }
    var parts: [Substring] = []
    let path = try PercentText.decode(text)
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { throw AddressError(.path, "the path of a file address goes up by .. ; write it in full") }
      parts.append(part)
    }
    guard !parts.isEmpty else { throw AddressError(.path, "the file address is the root; give the PCCSRV folder") }
    return "/" + parts.joined(separator: "/")
  }
}

/// Percent-encoding, where people write plain blanks as well.
enum PercentText {
  /// A `%` that no two hex digits follow stands for itself. Refuses control characters and what is not UTF-8.
  static func decode(_ text: Substring) throws(AddressError) -> String {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    guard let result = String(validating: decoded, as: UTF8.self),
      !result.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw AddressError(.path, "the address holds control characters or broken percent-encoding") }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}

extension String {
  func trimmingBlanks() -> String {
    var text = self[...]
    while text.last == " " || text.last == "\t" { text = text.dropLast() }
    while text.first == " " || text.first == "\t" { text = text.dropFirst() }
    return String(text)
  }
}
