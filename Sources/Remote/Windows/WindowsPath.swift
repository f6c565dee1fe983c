/// A full path on a Windows machine, `C:\Windows\apexsh-1`; kept with backslashes.
///
/// Slashes are looked for as bytes: in UTF-8 nothing else holds them, and one that is followed by a combining mark is
/// still a slash to Windows.
package struct WindowsPath: Sendable, Hashable, Codable {
  private static let slash = UInt8(ascii: "/")
  private static let backslash = UInt8(ascii: "\\")

  package let text: String

  /// Takes either slash; does not check. Trailing slashes go, but for a drive's root.
  package init(_ text: String) {
    guard text.utf8.last == WindowsPath.backslash || text.utf8.contains(WindowsPath.slash) else {
      self.text = text
      return
    }
    var bytes = Array(text.utf8)
    for place in bytes.indices where bytes[place] == WindowsPath.slash { bytes[place] = WindowsPath.backslash }
    while bytes.count > 3, bytes.last == WindowsPath.backslash { bytes.removeLast() }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  package func appending(_ name: String) -> WindowsPath {
    WindowsPath(text.utf8.last == WindowsPath.backslash ? text + name : text + "\\" + name)
  }

  /// The part after the last backslash.
  package var name: String {
    guard let cut = text.utf8.lastIndex(of: WindowsPath.backslash) else { return text }
    let tail = text.utf8[cut...].dropFirst()
    if !tail.isEmpty { return String(Substring(tail)) }
    return text.utf8.split(separator: WindowsPath.backslash).last.map { String(Substring($0)) } ?? text
  }

  package var parent: WindowsPath? {
    guard let cut = text.utf8.lastIndex(of: WindowsPath.backslash) else { return nil }
    let head = String(text[..<cut])
    return WindowsPath(head.utf8.last == UInt8(ascii: ":") ? head + "\\" : head)
  }

  /// With forward slashes, as SFTP wants it: `C:/Windows/apexsh-1`.
  package var forward: String {
    String(decoding: text.utf8.map { $0 == WindowsPath.backslash ? WindowsPath.slash : $0 }, as: UTF8.self)
  }
}

extension WindowsPath: CustomStringConvertible {
  package var description: String { text }
}
