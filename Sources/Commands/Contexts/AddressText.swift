#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What can be said of an address before anything is reached: enough to refuse a slip at `set`.
enum ServerAddressText {
  private static let schemes = ["ssh", "winrm", "smb", "file"]

  /// A scheme we know and something behind it, without a password in it.
  static func isPlausible(_ text: String) -> Bool {
    if text == "lab:" || text.hasPrefix("lab:") { return true }
    guard let (scheme, rest) = split(text), schemes.contains(scheme), !rest.isEmpty else { return false }
    return !holdsPassword(rest)
  }

  /// `ssh`, `winrm+smb`, `ssh://{agent}.contoso.local:22`.
  static func isTransport(_ text: String) -> Bool {
    let kinds = ["ssh", "winrm", "smb", "winrm+smb", "file", "lab"]
    if kinds.contains(text) { return true }
    guard let (scheme, rest) = split(text), kinds.contains(scheme) else { return false }
    return rest.contains("{agent}") && !holdsPassword(rest)
  }

  private static func split(_ text: String) -> (scheme: String, rest: Substring)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...]
    guard rest.hasPrefix("//") else { return nil }
    return (text[..<colon].lowercased(), rest.dropFirst(2))
  }

  private static func holdsPassword(_ rest: Substring) -> Bool {
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }
}

enum NetworkText {
  /// `10.20.0.0/16`, `fd00::/8`, or a single address.
  static func isNetwork(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let bits = addressBits(parts[0]) else { return false }
    guard parts.count == 2 else { return true }
    guard let length = Int(parts[1]), parts[1].utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return false }
    return (0...bits).contains(length)
  }

  private static func addressBits(_ text: String) -> Int? {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return 32 }
    return inet_pton(AF_INET6, text, &six) == 1 ? 128 : nil
  }
}
