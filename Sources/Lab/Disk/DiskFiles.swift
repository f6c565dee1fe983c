import Foundation
import Remote

/// A machine's files as real files: `C:\Windows\x` is `ROOT/C:/Windows/x`, so that a real SFTP server, started in ROOT,
/// serves the same. Names are looked up without regard to letter case, as Windows does.
struct DiskFiles: Sendable {
  /// A folder of this machine's own, without a slash at the end.
  let root: String

  func isFolder(_ path: WindowsPath) -> Bool {
    guard let place = try? resolve(path) else { return false }
    return DiskFiles.kind(place) == .folder
  }

  func read(_ path: WindowsPath) throws(RemoteError) -> [UInt8] {
    let place = try resolve(path)
    switch DiskFiles.kind(place) {
    case .file?: break
    case .folder?: throw RemoteError(.accessDenied, "\(path): is a folder")
    default: throw RemoteError(.notFound, "\(path): no such file")
    }
    guard let data = FileManager.default.contents(atPath: place) else {
      throw RemoteError(.accessDenied, "\(path): could not be read")
    }
    return [UInt8](data)
  }

  func list(_ folder: WindowsPath) throws(RemoteError) -> [RemoteEntry] {
    let place = try resolve(folder)
    guard DiskFiles.kind(place) == .folder,
      let names = try? FileManager.default.contentsOfDirectory(atPath: place)
    else { throw RemoteError(.notFound, "\(folder): no such folder") }
    return names.sorted().compactMap { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: place + "/" + name)
      guard let attributes, let kind = DiskFiles.kind(attributes) else { return nil }
      let modified = (attributes[.modificationDate] as? Date).map {
        Int64($0.timeIntervalSince1970)
      }
      let size = (attributes[.size] as? NSNumber)?.uint64Value
      return RemoteEntry(
        name: name, kind: kind, size: kind == .file ? size : nil, modified: modified)
    }
  }

  func makeFolder(_ path: WindowsPath) throws(RemoteError) {
    let place = try resolve(path)
    guard DiskFiles.kind(place) == nil else {
      throw RemoteError(.alreadyExists, "\(path): exists already")
    }
    try checkParent(of: path)
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    } catch {
      throw RemoteError(.alreadyExists, "\(path): could not be made: \(error.localizedDescription)")
    }
  }

  func write(_ bytes: [UInt8], to path: WindowsPath) throws(RemoteError) {
    let place = try resolve(path)
    if DiskFiles.kind(place) == .folder { throw RemoteError(.accessDenied, "\(path): is a folder") }
    try checkParent(of: path)
    do {
      // In one piece: a reader in another process sees the old file or the new one.
      try Data(bytes).write(to: URL(fileURLWithPath: place), options: .atomic)
    } catch {
      throw RemoteError(.noSpace, "\(path): could not be written: \(error.localizedDescription)")
    }
  }

  func removeFile(_ path: WindowsPath) throws(RemoteError) {
    let place = try resolve(path)
    guard let kind = DiskFiles.kind(place), kind != .folder else {
      throw RemoteError(.notFound, "\(path): no such file")
    }
    try remove(place, path)
  }

  func removeFolder(_ path: WindowsPath) throws(RemoteError) {
    guard try list(path).isEmpty else {
      throw RemoteError(.accessDenied, "\(path): the folder is not empty")
    }
    try remove(resolve(path), path)
  }

  private func remove(_ place: String, _ path: WindowsPath) throws(RemoteError) {
    do {
      try FileManager.default.removeItem(atPath: place)
    } catch {
      throw RemoteError(
        .accessDenied, "\(path): could not be removed: \(error.localizedDescription)")
    }
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
      !parts.contains(where: { $0 == ".." || $0 == "." || $0.contains("/") })
    else { throw RemoteError(.notFound, "\(path): no such path") }
    var place = root + "/C:"
    for part in parts.dropFirst() {
      let exact = place + "/" + part
      if DiskFiles.kind(exact) == nil,
        let names = try? FileManager.default.contentsOfDirectory(atPath: place),
        let other = names.first(where: { $0.lowercased() == part.lowercased() })
      {
        place += "/" + other
      } else {
        place = exact
      }
    }
    return place
  }

  private static func kind(_ place: String) -> RemoteEntry.Kind? {
    (try? FileManager.default.attributesOfItem(atPath: place)).flatMap(kind)
  }

  private static func kind(_ attributes: [FileAttributeKey: Any]) -> RemoteEntry.Kind? {
    switch attributes[.type] as? FileAttributeType {
    case .typeRegular?: .file
    case .typeDirectory?: .folder
    case .typeSymbolicLink?: .link
    case nil: nil
    default: .other
    }
  }
}
