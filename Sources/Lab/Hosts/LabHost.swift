import Remote

/// A connection to a machine of the lab. Programs that it started die with it, as under Windows' OpenSSH server.
final class LabHost: Host {
  let abilities: HostAbilities

  private let machine: SimulatedWindows
  private let fleet: LabFleet
  private let line: LabLine
  /// The machine's boot that this connection belongs to.
  private let boot: Int

  init(_ machine: SimulatedWindows, of fleet: LabFleet) {
    self.machine = machine
    self.fleet = fleet
    abilities = LabConnector.abilities(in: fleet)
    line = LabLine(clock: fleet.clock)
    boot = machine.state(at: fleet.clock.date) { $0.boots }
  }

  private var date: Double { fleet.clock.date }

  private var dropped: RemoteError {
    RemoteError(.dropped, "\(machine.identity.name): the connection ended in the middle")
  }

  /// The time that an operation takes; throws when the connection ends before it is over.
  private func spend(_ seconds: Double) async throws(RemoteError) {
    guard await line.wait(machine.identity.latency + seconds) else { throw dropped }
    try checkBoot()
  }

  private func checkBoot() throws(RemoteError) {
    if machine.state(at: date, { $0.boots }) != boot {
      line.cut()
      throw dropped
    }
  }

  /// Every machine of a lab is a Windows with its usual shell.
  func shell() async throws(RemoteError) -> FarShell { .cmd }

  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    try await spend(LabHost.startTime)
    return try await carryOut(command)
  }

  func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    try await spend(LabHost.startTime * Double(commands.count))
    var results: [CommandResult] = []
    results.reserveCapacity(commands.count)
    for command in commands {
      if let result = ProgramRunner.look(command, on: machine, at: date) {
        results.append(result)
      } else {
        results.append(try await carryOut(command))
      }
    }
    return results
  }

  /// Seconds until a program of Windows' own has done its work.
  private static let startTime = 0.03

  private func carryOut(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let call = ProgramCall(
      machine: machine, program: command.program,
      arguments: command.arguments.map { $0.reveal { $0 } },
      folder: command.folder, process: Process(host: self),
      hasNetworkCredentials: abilities.contains(.network), fleet: fleet)
    var result: CommandResult
    do {
      result = try await ProgramRunner.run(call)
    } catch {
      throw dropped
    }
    try checkBoot()
    if result.output.count > RemoteLimits.output {
      result.output.removeLast(result.output.count - RemoteLimits.output)
      result.isCut = true
    }
    return result
  }

  private struct Process: SimulatedProcess {
    let host: LabHost
    var date: Double { host.date }

    func pause(_ seconds: Double) async throws(Killed) {
      guard await host.line.wait(seconds), (try? host.checkBoot()) != nil else { throw Killed() }
    }

    func hang() async -> Killed {
      _ = await host.line.wait(nil)
      return Killed()
    }

    func cutConnection() -> Killed {
      host.line.cut()
      return Killed()
    }
  }

  // MARK: files

  private func checkRights(_ path: WindowsPath) throws(RemoteError) {
    if machine.identity.fault == .noRights, !path.text.lowercased().hasPrefix(#"c:\users\"#) {
      throw RemoteError(.accessDenied, "\(machine.identity.name): no right to change \(path)")
    }
  }

  func makeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    try await spend(0.005)
    try checkRights(folder)
    try machine.makeFolder(folder)
  }

  /// Seconds that reading or writing takes.
  private static func copyTime(_ count: Int) -> Double { 0.01 + Double(count) / 20e6 }

  func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError) {
    try await spend(LabHost.copyTime(bytes.count))
    try write(bytes, to: file)
  }

  func put(_ files: [RemoteFile], into folder: WindowsPath) async throws(RemoteError) {
    try await spend(files.reduce(0) { $0 + LabHost.copyTime($1.bytes.count) })
    for file in files { try write(file.bytes, to: folder.appending(file.name)) }
  }

  private func write(_ bytes: [UInt8], to file: WindowsPath) throws(RemoteError) {
    try checkRights(file)
    if machine.identity.fault == .fullDisk, !bytes.isEmpty {
      try machine.write([], to: file, at: date)
      throw RemoteError(.noSpace, "\(machine.identity.name): no space left for \(file)")
    }
    try machine.write(bytes, to: file, at: date)
  }

  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    let known = KnownFile(file)
    let bytes = try machine.read(known)
    guard bytes.count <= limit else {
      try await spend(0.01)
      throw RemoteError(.tooLarge, "\(file): holds \(bytes.count) bytes, more than \(limit)")
    }
    try await spend(LabHost.copyTime(bytes.count))
    return try machine.read(known)
  }

  func firstDifference(_ files: [RemoteFile], in folder: WindowsPath) async throws(RemoteError) -> String? {
    try await spend(files.reduce(0) { $0 + LabHost.copyTime($1.bytes.count) })
    for file in files where try !machine.read(folder.appending(file.name)).isSame(as: file.bytes) { return file.name }
    return nil
  }

  func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry] {
    try await spend(0.01)
    let entries = try machine.list(folder)
    guard entries.count <= RemoteLimits.listing else {
      throw RemoteError(.tooLarge, "\(folder): holds more than \(RemoteLimits.listing) entries")
    }
    return entries
  }

  func entry(at path: WindowsPath) async throws(RemoteError) -> RemoteEntry? {
    try await spend(0.005)
    return machine.entry(path)
  }

  func removeFile(_ file: WindowsPath) async throws(RemoteError) {
    try await spend(0.005)
    try checkRights(file)
    try machine.removeFile(file)
  }

  func removeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    try await spend(0.005)
    try checkRights(folder)
    try machine.removeFolder(folder)
  }

  func remove(_ files: [String], with folder: WindowsPath) async throws(RemoteError) {
    try await spend(0.005 * Double(files.count + 1))
    try checkRights(folder)
    for name in files {
      do { try machine.removeFile(folder.appending(name)) } catch { if error.kind != .notFound { throw error } }
    }
    do { try machine.removeFolder(folder) } catch { if error.kind != .notFound { throw error } }
  }

  func abort() { line.cut() }

  func close() async { line.cut() }
}
