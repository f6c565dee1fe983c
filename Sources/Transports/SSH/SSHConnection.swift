package import Remote
import Synchronization

/// An open SSH connection to one Windows machine.
///
/// It takes a thread of the pool only while there is work: that thread serves every program and, in between, the queued
/// file operations, and leaves when nothing is left. An idle connection is two descriptors.
package final class SSHConnection: Host {
  private typealias FileJob = @Sendable (SSHSession) -> Void

  private struct State {
    var programs: [ProgramJob] = []
    var files: [FileJob] = []
    var isServed = false
  }

  package let abilities: HostAbilities
  package let credential: RemoteError.Credential?
  private let session: SSHSession
  private let wire: Wire
  private let label: String
  private let question: ShellQuestion
  private let customs: ShellCustoms
  private let stall: Duration
  private let pool: WorkerPool
  private let wakeup = Wakeup()
  private let state = Mutex(State())
  /// The shell there did not take several programs in one line.
  private let splitsLines = Mutex(false)

  /// `session` is logged on by `credential`; from now on only this connection's thread touches it.
  ///
  /// `shell`: nil to ask for it before the first program. `customs`: what other endpoints showed already.
  init(
    _ session: SSHSession, by credential: RemoteError.Credential, shell: FarShell?, customs: ShellCustoms,
    stall: Duration, pool: WorkerPool
  ) {
    self.customs = customs
    self.session = session
    self.credential = credential
    // Windows keeps a password's logon for what a program asks of other machines; of a key it has nothing to show them.
    abilities = credential == .password ? [.run, .files, .network] : [.run, .files]
    wire = session.wire
    label = session.label
    question = ShellQuestion(label: session.label, known: shell)
    self.stall = stall
    self.pool = pool
  }

  // MARK: Host

  package func shell() async throws(RemoteError) -> FarShell {
    try await question.answer { [self] in await result(of: Secret(ShellProbe.line)) }
  }

  package func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let line: Secret
    do throws(RemoteError) { line = try CommandLineQuoting.line(for: command, shell: try await shell()) } catch {
      throw error.beforeStart()
    }
    return try await result(of: line).get()
  }

  package func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    if let results = try await answers(askingFirst: commands) { return results }
    if !splitsLines.withLock({ $0 }), let sequence = try CommandSequence(commands, shell: try await shell()) {
      let result = try await result(of: sequence.line).get()
      if let results = sequence.results(of: result) { return results }
      splitsLines.withLock { $0 = true }
    }
    return try await run(oneByOne: commands)
  }

  /// Asks for the shell and runs the programs in one go, where nobody has asked yet. Nil where that is not so, or the
  /// shell is not one that takes both.
  private func answers(askingFirst commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult]? {
    guard !question.isAsked, customs.takeSequences, let sequence = try CommandSequence(asking: commands) else {
      return nil
    }
    let found = Mutex<[CommandResult]?>(nil)
    _ = try await question.answer { [self] in
      let result: CommandResult
      switch await self.result(of: sequence.line) {
      case .success(let success): result = success
      case .failure(let error): return .failure(error)
      }
      guard let results = sequence.results(of: result) else {
        customs.takeSequences = false
        splitsLines.withLock { $0 = true }
        return await self.result(of: Secret(ShellProbe.line))
      }
      found.withLock { $0 = Array(results.dropFirst()) }
      return .success(results[0])
    }
    return found.withLock { $0 }
  }

  private func result(of line: Secret) async -> Result<CommandResult, RemoteError> {
    let job = ProgramJob(line: line, reply: Reply())
    enqueue { $0.programs.append(job) }
    do throws(RemoteError) { return .success(try await job.reply.value()) } catch { return .failure(error) }
  }

  package func makeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    try await file(folder) { sftp, path throws(RemoteError) in try sftp.makeFolder(path) }
  }

  package func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) {
    try await self.file(file) { sftp, path throws(RemoteError) in try sftp.put(bytes, to: path) }
  }

  package func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    try await self.file(file) { sftp, path throws(RemoteError) in try sftp.get(path, limit: limit) }
  }

  package func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry] {
    try await file(folder) { sftp, path throws(RemoteError) in try sftp.list(path) }
  }

  package func entry(at path: WindowsPath) async throws(RemoteError) -> RemoteEntry? {
    let attributes: SFTPAttributes
    do {
      attributes = try await file(path) { sftp, text throws(RemoteError) in
        try sftp.watched("look at \(text)") { () throws(RemoteError) in try sftp.attributes(text) }
      }
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
    // A server that sends no mode tells the kind in its lists only.
    guard attributes.mode != nil else { return try await listedEntry(at: path) }
    return RemoteEntry(
      name: path.name, kind: attributes.kind(), size: attributes.size, modified: attributes.modified)
  }

  package func removeFile(_ file: WindowsPath) async throws(RemoteError) {
    try await self.file(file) { sftp, path throws(RemoteError) in try sftp.remove(path) }
  }

  package func removeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    try await file(folder) { sftp, path throws(RemoteError) in try sftp.removeFolder(path) }
  }

  // One job for all: the connection's thread works on without asking back.

  package func put(_ files: [RemoteFile], into folder: WindowsPath) async throws(RemoteError) {
    try await file(folder) { sftp, path throws(RemoteError) in
      for file in files { try sftp.put(file.bytes, to: "\(path)/\(file.name)") }
    }
  }

  package func firstDifference(
    _ files: [RemoteFile], in folder: WindowsPath
  ) async throws(RemoteError) -> String? {
    try await file(folder) { sftp, path throws(RemoteError) in
      for file in files where try !sftp.holds(file.bytes, at: "\(path)/\(file.name)") { return file.name }
      return nil
    }
  }

  package func remove(_ files: [String], with folder: WindowsPath) async throws(RemoteError) {
    try await file(folder) { sftp, path throws(RemoteError) in
      try sftp.remove(files.map { "\(path)/\($0)" }, with: path)
    }
  }

  package func abort() {
    wire.cut(RemoteError(.dropped, "\(label): the connection was cut"))
    wakeup.signal()
  }

  package func close() async {
    let reply = Reply<Void>()
    enqueue {
      $0.files.append { session in
        session.free()
        reply.give(.success(()))
      }
    }
    try? await reply.value()
  }

  // MARK: Work

  private func file<T: Sendable>(
    _ path: WindowsPath, _ body: @escaping @Sendable (SFTPClient, String) throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    let text = path.forward
    guard !text.unicodeScalars.contains("\0") else { throw RemoteError(.local, "\(label): a path holds a NUL") }
    let reply = Reply<T>()
    let stall = stall
    enqueue {
      $0.files.append { session in
        do throws(RemoteError) {
          reply.give(.success(try body(session.files(stall: stall), text)))
        } catch {
          reply.give(.failure(error))
        }
      }
    }
    return try await reply.value()
  }

  private func enqueue(_ add: (inout State) -> Void) {
    let isFirst = state.withLock { state in
      add(&state)
      defer { state.isServed = true }
      return !state.isServed
    }
    if isFirst { pool.submit { [self] in serve() } } else { wakeup.signal() }
  }

  /// Works until there is nothing left to do.
  private func serve() {
    session.wake = wakeup.open()
    session.betweenTurns = { [unowned self] in startPrograms() }
    repeat {
      startPrograms()
      if let job = state.withLock({ $0.files.isEmpty ? nil : $0.files.removeFirst() }) {
        job(session)
      } else if !session.programs.isEmpty {
        try? session.turn(milliseconds: session.wake < 0 ? 50 : 1_000)
      }
    } while !rest()
  }

  private func startPrograms() {
    session.start(
      state.withLock { state in
        defer { state.programs = [] }
        return state.programs
      })
    session.sweep()
  }

  /// True when the thread can leave; decided under the lock, so that no job is overlooked.
  private func rest() -> Bool {
    session.sweep()
    guard session.programs.isEmpty else { return false }
    return state.withLock { state in
      guard state.programs.isEmpty, state.files.isEmpty else { return false }
      session.betweenTurns = {}
      session.wake = -1
      wakeup.close()
      state.isServed = false
      return true
    }
  }
}

extension SSHSession {
  /// The file client, opened at its first use.
  fileprivate func files(stall: Duration) throws(RemoteError) -> SFTPClient {
    if let failure { throw failure }
    if let cause = wire.cause { throw fail(cause) }
    if let sftp { return sftp }
    let client = try SFTPClient(self, stall: stall)
    sftp = client
    return client
  }
}
