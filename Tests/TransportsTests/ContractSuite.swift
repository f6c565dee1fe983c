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
    #expect(await kind { try await host.makeFolder(file) } == .alreadyExists)
    try await host.removeFile(file)
    #expect(await kind { try await host.removeFile(file) } == .notFound)
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
