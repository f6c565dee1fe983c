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
    guard text.endsIn(WindowsPath.backslash) || WindowsPath.holdsSlash(text) else {
      self.text = text
      return
    }
    var bytes = Array(text.utf8)
    for place in bytes.indices where bytes[place] == WindowsPath.slash { bytes[place] = WindowsPath.backslash }
    while bytes.count > 3, bytes.last == WindowsPath.backslash { bytes.removeLast() }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  private init(checked text: String) { self.text = text }

  private static func holdsSlash(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable { $0.contains(slash) } ?? text.utf8.contains(slash)
  }

  package func appending(_ name: String) -> WindowsPath {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 1 + name.utf8.count)
    bytes += text.utf8
    if bytes.last != WindowsPath.backslash { bytes.append(WindowsPath.backslash) }
    bytes += name.utf8
    let joined = String(decoding: bytes, as: UTF8.self)
    let isPlain = !name.isEmpty && !name.endsIn(WindowsPath.backslash) && !WindowsPath.holdsSlash(name)
    return isPlain ? WindowsPath(checked: joined) : WindowsPath(joined)
  }

  /// The part after the last backslash.
  package var name: String {
    let tail = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.lastIndex(of: WindowsPath.backslash).map { bytes.count - $0 - 1 } ?? 0
    }
    if let tail, tail > 0 { return String(Substring(text.utf8.suffix(tail))) }
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

extension String {
  fileprivate func endsIn(_ byte: UInt8) -> Bool {
    (utf8.withContiguousStorageIfAvailable { $0.last } ?? utf8.last) == byte
  }
}

extension WindowsPath: CustomStringConvertible {
  package var description: String { text }
}
