import ApexOne
package import Remote

/// A new folder of our own on an endpoint, and what was put there.
package struct Staging: Sendable {
  package static let prefix = "apexsh-"
  package let folder: WindowsPath
  let names: [String]

  /// A name that nobody can guess; never reused.
  init(systemRoot: WindowsPath, names: [String] = []) {
    self.names = names
    var name = Array(Staging.prefix.utf8)
    // The system's generator is a system call: one for all sixteen letters of five bits.
    var bits = UInt128.random(in: .min ... .max)
    for _ in 0..<16 {
      name.append(Staging.letters[Int(bits & 31)])
      bits >>= 5
    }
    folder = systemRoot.appending(String(decoding: name, as: UTF8.self))
  }

  init(folder: WindowsPath, names: [String]) {
    self.folder = folder
    self.names = names
  }

  /// One that is never made, for plans and checks.
  static let example = Staging(folder: WindowsPath(#"C:\Windows\apexsh-XXXXXXXXXXXXXXXX"#), names: [])

  /// Thirty-two that are not taken for each other.
  private static let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

  /// Makes the folder, puts the files, and checks everything by reading it back. Throws at the first doubt.
  func fill(_ host: any Host, with files: [StagedFile]) async throws(RemoteError) {
    try await host.makeFolder(folder)
    let own = files.map { RemoteFile(name: $0.name, bytes: $0.bytes) }
    try await host.put(own, into: folder)
    // Equal bytes have the equal hash; comparing them spares hashing megabytes for each endpoint.
    if let name = try await host.firstDifference(own, in: folder) {
      throw RemoteError(.protocolFault, "\(folder.appending(name)) reads back other than it was put")
    }
    try await check(host, files)
  }

  /// The folder is a folder, no link, and holds exactly our files.
  private func check(_ host: any Host, _ files: [StagedFile]) async throws(RemoteError) {
    if let own = try await host.entry(at: folder), own.kind != .folder {
      throw RemoteError(.protocolFault, "\(folder) is no longer the folder that was made")
    }
    let entries = try await host.list(folder)
    let expected = Set(files.map { $0.name.lowercased() })
    let found = Set(entries.map { $0.name.lowercased() })
    guard found == expected, entries.allSatisfy({ $0.kind == .file }) else {
      let extra = found.symmetricDifference(expected).sorted().prefix(3).joined(separator: ", ")
      throw RemoteError(.protocolFault, "\(folder) does not hold exactly what was put there: \(extra)")
    }
  }

  /// A folder of ours that an earlier leg of the run left, with the files that are in it; nil where it is gone.
  static func left(in folder: WindowsPath, on host: any Host) async throws(RemoteError) -> Staging? {
    do {
      return Staging(folder: folder, names: try await host.list(folder).filter { $0.kind == .file }.map(\.name))
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
  }

  /// Removes what was put, and the folder. What is gone already counts as removed.
  func remove(_ host: any Host) async throws(RemoteError) {
    try await host.remove(names, with: folder)
  }
}
