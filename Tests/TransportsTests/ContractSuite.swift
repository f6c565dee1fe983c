import Remote
import Testing

/// What every `Host` must do, whatever carries it. `folder` is an existing one in which the suite may work.
///
/// `exiting(code)` is a command that writes `out` to its output and `err` to its errors and ends with that code; nil
/// for a host that runs nothing.
struct ContractSuite {
  let host: any Host
  let folder: WindowsPath
  let exiting: ((UInt32) -> RemoteCommand)?

  func check() async throws {
    let base = folder.appending("contract-\(UInt32.random(in: 0 ... .max))")
    try await folders(base)
    try await files(base)
    try await folderOfFiles(base.appending("several"))
    try await limits(base)
    try await host.removeFolder(base)
    #expect(await kind { try await host.list(base) } == .notFound)
    try await programs()
    await host.close()
    await host.close()
    #expect(await kind { try await host.list(folder) } == .dropped)
  }

  private func folders(_ base: WindowsPath) async throws {
    try await host.makeFolder(base)
    #expect(await kind { try await host.makeFolder(base) } == .alreadyExists)
    #expect(await kind { try await host.makeFolder(base.appending("no").appending("parent")) } == .notFound)
    #expect(try await host.list(base).isEmpty)
    let inner = base.appending("inner folder")
    try await host.makeFolder(inner)
    #expect(try await host.list(base).map(\.name) == ["inner folder"])
    #expect(try await host.list(base).first?.kind == .folder)
    #expect(await kind { try await host.removeFolder(base) } != nil, "a folder that isn't empty stays")
    #expect(try await host.entry(at: inner)?.kind == .folder)
    #expect(try await host.entry(at: base.appending("nothing")) == nil)
    #expect(try await host.entry(at: base.appending("no").appending("parent")) == nil)
    try await host.removeFolder(inner)
    #expect(await kind { try await host.removeFolder(inner) } == .notFound)
  }

  private func files(_ base: WindowsPath) async throws {
    let file = base.appending("Ünï code (1).dat")
    #expect(await kind { try await host.get(file, limit: 10) } == .notFound)
    for size in [0, 1, 32 << 10, (32 << 10) + 1, 1_000_003] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      try await host.put(bytes, to: file)
      #expect(try await host.get(file, limit: size) == bytes, "\(size) bytes")
    }
    try await host.put(Array("short".utf8), to: file)
    #expect(try await host.get(file, limit: 100) == Array("short".utf8), "a file is replaced, not overwritten in part")
    let entry = try #require(try await host.list(base).first)
    #expect(entry.name == "Ünï code (1).dat")
    #expect(entry.kind == .file)
    #expect(entry.size == 5)
    #expect(try await host.entry(at: file) == entry)
    #expect(await kind { try await host.makeFolder(file) } == .alreadyExists)
    try await host.removeFile(file)
    #expect(await kind { try await host.removeFile(file) } == .notFound)
  }

  private func folderOfFiles(_ folder: WindowsPath) async throws {
    var files = [70_001, 0, 32 << 10, 5].enumerated().map { number, size in
      RemoteFile(name: "file \(number).dat", bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) })
    }
    #expect(await kind { try await host.put(files, into: folder) } == .notFound)
    try await host.makeFolder(folder)
    try await host.put(files, into: folder)
    #expect(try await host.list(folder).count == 4)
    #expect(try await host.get(folder.appending("file 0.dat"), limit: 70_001) == files[0].bytes)
    #expect(try await host.firstDifference(files, in: folder) == nil)
    for (place, change) in [(0, 70_000), (2, 0), (3, 4)] {
      var changed = files
      changed[place].bytes[change] ^= 1
      #expect(try await host.firstDifference(changed, in: folder) == files[place].name)
    }
    // Longer and shorter there than they should be.
    for difference in [-1, 1] {
      var changed = files
      changed[2].bytes = Array((files[2].bytes + [1]).prefix(files[2].bytes.count + difference))
      #expect(try await host.firstDifference(changed, in: folder) == files[2].name)
    }
    files.append(RemoteFile(name: "missing", bytes: []))
    #expect(await kind { try await host.firstDifference(files, in: folder) } == .notFound)
    // Something else is in it: the folder stays, and that is said.
    try await host.put([1], to: folder.appending("other"))
    #expect(await kind { try await host.remove(files.map(\.name), with: folder) } != nil)
    #expect(try await host.list(folder).map(\.name) == ["other"])
    try await host.remove(["other", "file 0.dat"], with: folder)
    #expect(await kind { try await host.list(folder) } == .notFound)
    try await host.remove(["other"], with: folder)
  }

  private func limits(_ base: WindowsPath) async throws {
    let file = base.appending("large.dat")
    try await host.put([UInt8](repeating: 7, count: 100_000), to: file)
    #expect(await kind { try await host.get(file, limit: 99_999) } == .tooLarge)
    #expect(await kind { try await host.get(file, limit: 0) } == .tooLarge)
    #expect(try await host.get(file, limit: 100_000).count == 100_000)
    try await host.removeFile(file)
  }

  private func programs() async throws {
    guard let exiting else {
      #expect(!host.abilities.contains(.run))
      #expect(await kind { try await host.run(RemoteCommand("reg.exe", [])) } == .unsupported)
      return
    }
    for code: UInt32 in [0, 7] {
      let result = try await host.run(exiting(code))
      #expect(result.exitCode == code)
      #expect(String(decoding: result.output, as: UTF8.self).contains("out"))
      #expect(String(decoding: result.errors, as: UTF8.self).contains("err"))
      #expect(!result.isCut)
      #expect(result.signal == nil)
    }
  }

  /// The kind of the error that was thrown, nil if none was.
  private func kind<T>(_ body: () async throws -> T) async -> RemoteError.Kind? {
    do {
      _ = try await body()
      return nil
    } catch {
      return (error as? RemoteError)?.kind
    }
  }
}
