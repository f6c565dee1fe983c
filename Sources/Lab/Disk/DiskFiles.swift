import Remote

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A machine's files as real files: `C:\Windows\x` is `ROOT/C:/Windows/x`, so that a real SFTP server, started in ROOT,
/// serves the same. Names are looked up without regard to letter case, as Windows does.
struct DiskFiles: Sendable {
  /// A folder of this machine's own, without a slash at the end.
  let root: String

  func isFolder(_ path: WindowsPath) -> Bool {
    guard let place = try? resolve(path) else { return false }
    return RealFile.entry(place)?.kind == .folder
  }

  func read(_ path: WindowsPath) throws(RemoteError) -> [UInt8] {
    let place = try resolve(path)
    switch RealFile.entry(place)?.kind {
    case .file?: break
    case .folder?: throw RemoteError(.accessDenied, "\(path): is a folder")
    default: throw RemoteError(.notFound, "\(path): no such file")
    }
    guard let bytes = RealFile.read(place) else {
      throw RemoteError(.accessDenied, "\(path): could not be read: \(RealFile.text(errno))")
    }
    return bytes
  }

  func list(_ folder: WindowsPath) throws(RemoteError) -> [RemoteEntry] {
    let place = try resolve(folder)
    guard RealFile.entry(place)?.kind == .folder, let names = RealFile.names(in: place) else {
      throw RemoteError(.notFound, "\(folder): no such folder")
    }
    return names.compactMap { entry(named: $0, at: place + "/" + $0) }
  }

  /// What is there under a path; nil where nothing is.
  func entry(_ path: WindowsPath) -> RemoteEntry? {
    guard let place = try? resolve(path), let cut = place.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return entry(named: String(place[place.utf8.index(after: cut)...]), at: place)
  }

  private func entry(named name: String, at place: String) -> RemoteEntry? {
    RealFile.entry(place).map { found in
      RemoteEntry(
        name: name, kind: found.kind, size: found.kind == .file ? UInt64(found.size) : nil, modified: found.modified)
    }
  }

  func makeFolder(_ path: WindowsPath) throws(RemoteError) {
    let place = try resolve(path)
    guard RealFile.entry(place) == nil else { throw RemoteError(.alreadyExists, "\(path): exists already") }
    try checkParent(of: path)
    guard mkdir(place, 0o777) == 0 else {
      throw RemoteError(
        errno == EEXIST ? .alreadyExists : .noSpace, "\(path): could not be made: \(RealFile.text(errno))")
    }
  }

  func write(_ bytes: [UInt8], to path: WindowsPath) throws(RemoteError) {
    let place = try resolve(path)
    if RealFile.entry(place)?.kind == .folder { throw RemoteError(.accessDenied, "\(path): is a folder") }
    try checkParent(of: path)
    let code = RealFile.replace(place, with: bytes, drafts: root)
    guard code == 0 else { throw RemoteError(.noSpace, "\(path): could not be written: \(RealFile.text(code))") }
  }

  func removeFile(_ path: WindowsPath) throws(RemoteError) {
    let place = try resolve(path)
    guard let kind = RealFile.entry(place)?.kind, kind != .folder else {
      throw RemoteError(.notFound, "\(path): no such file")
    }
    if unlink(place) != 0 { throw notRemoved(path) }
  }

  func removeFolder(_ path: WindowsPath) throws(RemoteError) {
    guard try list(path).isEmpty else { throw RemoteError(.accessDenied, "\(path): the folder is not empty") }
    if rmdir(try resolve(path)) != 0 { throw notRemoved(path) }
  }

  private func notRemoved(_ path: WindowsPath) -> RemoteError {
    RemoteError(.accessDenied, "\(path): could not be removed: \(RealFile.text(errno))")
  }

  private func checkParent(of path: WindowsPath) throws(RemoteError) {
    guard let parent = path.parent, isFolder(parent) else {
      throw RemoteError(.notFound, "\(path): the folder above it is not there")
    }
  }

  /// Where `path` is on this machine; a name that isn't there keeps its spelling.
  private func resolve(_ path: WindowsPath) throws(RemoteError) -> String {
    let parts = path.text.split(separator: "\\")
    guard let drive = parts.first, drive.lowercased() == "c:",
      !parts.contains(where: { $0 == ".." || $0 == "." || $0.utf8.contains(UInt8(ascii: "/")) || $0.utf8.contains(0) })
    else { throw RemoteError(.notFound, "\(path): no such path") }
    let exact = root + "/C:" + parts.dropFirst().map { "/" + $0 }.joined()
    if RealFile.entry(exact) != nil { return exact }
    var place = root + "/C:"
    for part in parts.dropFirst() {
      let exact = place + "/" + part
      if RealFile.entry(exact) == nil,
        let other = RealFile.names(in: place)?.first(where: { $0.lowercased() == part.lowercased() })
      {
        place += "/" + other
      } else {
        place = exact
      }
    }
    return place
  }
}
