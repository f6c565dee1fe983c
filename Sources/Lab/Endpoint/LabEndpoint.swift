import Foundation
package import Remote
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One machine of a lab on disk, behind a real SSH server: `apexsh lab-endpoint --lab-dir DIR --agent NAME` as sshd's
/// `ForceCommand` plays what Windows' OpenSSH server does with a command line or an SFTP request.
package struct LabEndpoint: Sendable {
  /// Takes a line apart as cmd.exe and then the C run-time would: the programs that it runs, in order.
  package typealias Parser = @Sendable (String) throws -> [CommandLineParsing.Call]

  /// Descriptors to write what the program prints to; the connection's.
  package struct Streams: Sendable {
    let output: Int32
    let errors: Int32
    package init(output: Int32, errors: Int32) {
      self.output = output
      self.errors = errors
    }
  }

  private let fleet: LabFleet
  private let machine: SimulatedWindows
  private let parse: Parser
  private let sftpServer: String

  /// `agent`: an agent's name, or the server's. `sftpServer`: the system's own.
  package init(
    directory: String, agent: String, sftpServer: String = "/usr/lib/openssh/sftp-server",
    parse: @escaping Parser
  ) throws(LabError) {
    fleet = try LabFleet.open(directory, makesServer: false)
    machine = try fleet.wholeMachine(named: agent)
    self.parse = parse
    self.sftpServer = sftpServer
  }

  /// Does what `commandLine` (the variable `SSH_ORIGINAL_COMMAND`, as it stands) asks for; gives the exit code, of
  /// which an SSH server on Linux passes on the low 8 bits. An SFTP request becomes the system's sftp-server and comes
  /// back only when that can't be started.
  package func serve(_ commandLine: String?, to streams: Streams) async -> Int32 {
    let process = EndpointProcess(clock: fleet.clock)
    if machine.state(at: process.date, { $0.isDown }) { _ = process.cutConnection() }
    guard let commandLine, !commandLine.isEmpty else {
      return finish(.failure("this endpoint has no interactive shell\r\n"), streams)
    }
    if isFileService(commandLine) { return finish(.failure("\(becomeFileServer())\r\n"), streams) }
    let watch = ConnectionWatch(output: streams.output)
    defer { watch.stop() }
    do {
      var code: Int32 = 0
      for call in try parse(commandLine) {
        var result = try await run(call, process)
        if call.mergesErrors { (result.output, result.errors) = (result.output + result.errors, []) }
        code = finish(result, streams)
      }
      return code
    } catch {
      return finish(.failure("The syntax of the command is incorrect.\r\n"), streams)
    }
  }

  private func run(_ call: CommandLineParsing.Call, _ process: EndpointProcess) async throws -> CommandResult {
    guard let program = call.words.first else { return .success("") }
    // cmd.exe's own, no program.
    if program.lowercased() == "echo" { return .success(call.words.dropFirst().joined(separator: " ") + "\r\n") }
    return try await ProgramRunner.run(
      ProgramCall(
        machine: machine, program: program, arguments: Array(call.words.dropFirst()),
        folder: call.folder.map { WindowsPath($0) }, process: process, fleet: fleet))
  }

  private func finish(_ result: CommandResult, _ streams: Streams) -> Int32 {
    LabEndpoint.write(result.output, to: streams.output)
    LabEndpoint.write(result.errors, to: streams.errors)
    return Int32(bitPattern: result.exitCode ?? 1)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { unsafeWrite(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  private static func unsafeWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    #else
      Darwin.write(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }

  // MARK: files

  private func isFileService(_ line: String) -> Bool {
    let program = line.split(separator: " ").first.map(String.init) ?? line
    return program == "internal-sftp" || program == "sftp-server"
      || program.hasSuffix("/sftp-server")
      || program.hasSuffix("sftp-server.exe")
  }

  /// Becomes the system's sftp-server, started in the machine's folder, so that `C:/Windows/x` is a file of the lab.
  /// Comes back with a sentence when that fails.
  private func becomeFileServer() -> String {
    guard let root = machine.folder?.files.root else {
      return "\(machine.identity.name): is not kept on disk"
    }
    let arguments = [sftpServer] + (machine.identity.fault == .noRights ? ["-R"] : []) + ["-d", root]
    if machine.identity.fault == .fullDisk {
      forbidWriting()
      if let code = FullDiskRelay.serve(sftpServer, Array(arguments.dropFirst()), in: root) { exit(code) }
      return "\(sftpServer): can't be started"
    }
    guard chdir(root) == 0 else { return "\(root): can't be entered" }
    let words = arguments.map { strdup($0) } + [nil]
    execv(sftpServer, words)
    for word in words { free(word) }
    return "\(sftpServer): can't be started"
  }

  /// Writing fails as on a full disk: as an error of the call, not by a signal.
  private func forbidWriting() {
    signal(SIGXFSZ, SIG_IGN)
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &none)
    #else
      setrlimit(RLIMIT_FSIZE, &none)
    #endif
  }
}
