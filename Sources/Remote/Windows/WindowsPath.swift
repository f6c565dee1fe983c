/// A full path on a Windows machine, `C:\Windows\apexsh-1`; kept with backslashes.
package struct WindowsPath: Sendable, Hashable, Codable {
  package let text: String

  /// Takes either slash; does not check. Trailing slashes go, but for a drive's root.
  ///
  /// By scalars: a slash followed by a combining mark is still a slash to Windows.
  package init(_ text: String) {
    var scalars = Array(text.unicodeScalars).map { $0 == "/" ? "\\" : $0 }
    while scalars.count > 3, scalars.last == "\\" { scalars.removeLast() }
    self.text = WindowsPath.string(scalars)
  }

  package func appending(_ name: String) -> WindowsPath {
    WindowsPath(text.hasSuffix("\\") ? text + name : text + "\\" + name)
  }

  /// The part after the last backslash.
  package var name: String { text.split(separator: "\\").last.map(String.init) ?? text }

  package var parent: WindowsPath? {
    guard let cut = text.lastIndex(of: "\\") else { return nil }
    let head = String(text[..<cut])
    return WindowsPath(head.hasSuffix(":") ? head + "\\" : head)
  }

  /// With forward slashes, as SFTP wants it: `C:/Windows/apexsh-1`.
  package var forward: String { WindowsPath.string(text.unicodeScalars.map { $0 == "\\" ? "/" : $0 }) }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

extension WindowsPath: CustomStringConvertible {
  package var description: String { text }
}
