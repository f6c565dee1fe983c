import Foundation
package import Remote
import Synchronization

/// The server reached as local files: `file:///mnt/c/…/PCCSRV`.
///
/// Programs only where Windows programs run, as under WSL.
package final class FileHost: Remote.Host {
  package let abilities: HostAbilities
  private let mount: FileMount
  private let pool: WorkerPool
  private struct State {
    var running: [ObjectIdentifier: LocalProgram] = [:]
    /// Who waits for work that may hang (a share whose server is gone), and is told at once when it is cut.
    var waiting: [ObjectIdentifier: @Sendable () -> Void] = [:]
    var isCut = false
  }

  private let programs = Mutex(State())

  /// True where this machine hands Windows programs on to Windows.
  package static var runsWindowsPrograms: Bool { access("/proc/sys/fs/binfmt_misc/WSLInterop", F_OK) == 0 }

  package init(_ mount: FileMount, runs: Bool = FileHost.runsWindowsPrograms, pool: WorkerPool = .shared) {
    self.mount = mount
    self.pool = pool
    abilities = runs ? [.run, .files] : .files
  }

  package func shell() async throws(RemoteError) -> FarShell { .program }

  package func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    guard abilities.contains(.run) else {
      throw RemoteError(
        .unsupported,
        "\(command.program) can't be run here: no Windows; take the list on the server and use --from FILE")
    }
    let isPath = command.program.unicodeScalars.contains { $0 == "\\" || $0 == "/" }
    let program = isPath ? try mount.localPath(WindowsPath(command.program)) : command.program
    var folder: String?
    if let path = command.folder { folder = try mount.localPath(path) }
    let arguments = command.arguments.map { $0.reveal { $0 } }
    for text in arguments + [program] where text.unicodeScalars.contains("\0") {
      throw RemoteError(.unsupported, "an argument holds a NUL, which no command line can carry")
    }
    let place = folder
    return try await work { host throws(RemoteError) in try host.run(program, arguments, in: place) }
  }

  private func run(_ program: String, _ arguments: [String], in folder: String?) throws(RemoteError) -> CommandResult {
    let running = LocalProgram()
    try programs.withLock { programs throws(RemoteError) in
      guard !programs.isCut else { throw FileHost.cut }
      programs.running[ObjectIdentifier(running)] = running
    }
    defer { _ = programs.withLock { $0.running.removeValue(forKey: ObjectIdentifier(running)) } }
    return try running.run(program, arguments, in: folder)
  }

  package func makeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    let path = try mount.localPath(folder)
    try await work { _ throws(RemoteError) in try LocalFiles().makeFolder(path) }
  }

  package func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) {
    let path = try mount.localPath(file)
    try await work { _ throws(RemoteError) in try LocalFiles().put(bytes, to: path) }
  }

  package func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    let path = try mount.localPath(file)
    return try await work { _ throws(RemoteError) in try LocalFiles().get(path, limit: limit) }
  }

  package func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry] {
    let path = try mount.localPath(folder)
    return try await work { _ throws(RemoteError) in try LocalFiles().list(path) }
  }

  package func removeFile(_ file: WindowsPath) async throws(RemoteError) {
    let path = try mount.localPath(file)
    try await work { _ throws(RemoteError) in try LocalFiles().remove(path) }
  }

  package func removeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    let path = try mount.localPath(folder)
    try await work { _ throws(RemoteError) in try LocalFiles().removeFolder(path) }
  }

  package func abort() {
    let waiting = programs.withLock { programs in
      programs.isCut = true
      programs.running.values.forEach { $0.cut() }
      return programs.waiting.values
    }
    waiting.forEach { $0() }
  }

  package func close() async { abort() }

  private static let cut = RemoteError(.dropped, "the connection is closed")

  private func work<T: Sendable>(
    _ body: @escaping @Sendable (FileHost) throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    guard !programs.withLock(\.isCut) else { throw FileHost.cut }
    let reply = Reply<T>()
    let isCut = programs.withLock { programs in
      programs.waiting[ObjectIdentifier(reply)] = { reply.give(.failure(FileHost.cut)) }
      return programs.isCut
    }
    defer { _ = programs.withLock { $0.waiting.removeValue(forKey: ObjectIdentifier(reply)) } }
    if isCut { throw FileHost.cut }
    pool.submit { [self] in
      do throws(RemoteError) { reply.give(.success(try body(self))) } catch { reply.give(.failure(error)) }
    }
    return try await reply.value()
  }
}
