package import Remote

/// Which local folder stands for a Windows drive: how `C:\…` and `/mnt/c/…` belong together.
package struct FileMount: Sendable, Hashable {
  /// Everything before the drive's letter, `/mnt`; nil where the address has no drive.
  package let drives: String?
  /// The folder of an address without a drive: nothing outside it can be reached.
  private let root: String

  /// `path`: a local path from a `file:` address, `/mnt/c/Program Files/…/PCCSRV`.
  package init(_ path: String) {
    let parts = path.split(separator: "/").map(String.init)
    root = "/" + parts.joined(separator: "/")
    if let index = parts.firstIndex(where: FileMount.isDrive), index > 0 {
      drives = "/" + parts[..<index].joined(separator: "/")
    } else {
      drives = nil
    }
  }

  private static func isDrive(_ part: String) -> Bool {
    part.utf8.count == 1 && part.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
  }

  /// The Windows path of a local one. Without a drive it begins with one backslash.
  package func windowsPath(_ path: String) -> WindowsPath {
    if let drives, path.hasPrefix(drives + "/") {
      let rest = path.dropFirst(drives.count + 1)
      return WindowsPath(rest.prefix(1).uppercased() + ":\\" + rest.dropFirst(2))
    }
    return WindowsPath(path)
  }

  /// The local path of a Windows one. Throws `.local` for what could lead elsewhere.
  package func localPath(_ path: WindowsPath) throws(RemoteError) -> String {
    var parts = path.text.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
    let first = parts.removeFirst()
    if parts.last == "" { parts.removeLast() }
    for part in parts where !FileMount.isName(part) {
      throw RemoteError(.local, "\(shown(path)): \(part.isEmpty ? "an empty name" : part) can't be part of a path here")
    }
    let rest = parts.map { "/" + $0 }.joined()
    if let drives {
      guard first.hasSuffix(":"), FileMount.isDrive(String(first.dropLast())) else {
        throw RemoteError(.local, "\(shown(path)) has no drive, which a path under \(drives) needs")
      }
      return drives + "/" + first.dropLast().lowercased() + rest
    }
    guard first.isEmpty, rest == root || rest.hasPrefix(root + "/") else {
      throw RemoteError(.local, "\(shown(path)) is not under \(root)")
    }
    return rest
  }

  /// A Windows path as the local one that it would be: the only form that is known here.
  private func shown(_ path: WindowsPath) -> String {
    let text = String(path.text.map { $0 == "\\" ? "/" : $0 })
    guard let drives, text.dropFirst().hasPrefix(":/") else { return text }
    return drives + "/" + text.prefix(1).lowercased() + text.dropFirst(2)
  }

  private static func isName(_ part: String) -> Bool {
    !part.isEmpty && part != "." && part != ".."
      && !part.unicodeScalars.contains { $0 == "/" || $0 == "\0" || $0 == ":" }
  }
}
