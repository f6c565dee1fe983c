import Remote

/// One program call on a simulated machine.
struct ProgramCall: Sendable {
  let machine: SimulatedWindows
  /// The program as it was named.
  let program: String
  let arguments: [String]
  let folder: WindowsPath?
  let process: any SimulatedProcess
  /// The session may show other machines who it is.
  var hasNetworkCredentials = false
  /// What the lab's own tools need to know: passwords, every agent's certificate.
  let fleet: LabFleet

  /// A path as the program understands it: relative ones are in its folder.
  func path(_ text: String) -> WindowsPath {
    text.dropFirst().first == ":"
      ? WindowsPath(text) : (folder ?? WindowsPath(#"C:\Users\admin"#)).appending(text)
  }
}

/// Finds a program as cmd.exe does and runs what its file says it is: a copy under another name is the same program,
/// a damaged one is none.
enum ProgramRunner {
  static func run(_ call: ProgramCall) async throws(Killed) -> CommandResult {
    if let folder = call.folder, !call.machine.isFolder(folder) {
      return .failure("The system cannot find the path specified.\r\n")
    }
    let bytes: [UInt8]
    switch find(call) {
    case .found(let content): bytes = content
    case .missing(let result): return result
    }
    guard let program = LabProgram(content: bytes) else {
      return .failure(
        "This program cannot be run: it is not a valid Win32 application.\r\n", exitCode: 193)
    }
    switch program {
    case .reg: return RegistryTool.run(call.arguments, on: call.machine, at: call.process.date)
    case .sc: return ServiceTool.run(call.arguments, on: call.machine, at: call.process.date)
    case .ipxfer(let bits): return try await IpXferTool.run(call, bits: bits)
    case .tray: return try await TrayTool.run(call)
    case .windowsInstaller: return try await InstallerTool.runWindowsInstaller(call)
    case .package(let package):
      guard InstallerTool.runs(package, on: call.machine) else {
        return .failure(
          "This version of \(call.program) is not compatible with this version of Windows.\r\n", exitCode: 216)
      }
      return try await InstallerTool.runPackage(package, call)
    case .certificateManager: return try await CertificateManagerTool.run(call)
    case .autopcc: return try await AutopccTool.run(call)
    }
  }

  /// The same for Windows' own programs that take no time, reg.exe and sc.exe; nil for any other call.
  static func look(_ command: RemoteCommand, on machine: SimulatedWindows, at date: Double) -> CommandResult? {
    guard command.folder == nil, let bytes = systemTool(command.program, on: machine),
      let program = LabProgram(content: bytes)
    else { return nil }
    switch program {
    case .reg: return RegistryTool.run(command.arguments.map { $0.reveal { $0 } }, on: machine, at: date)
    case .sc: return ServiceTool.run(command.arguments.map { $0.reveal { $0 } }, on: machine, at: date)
    default: return nil
    }
  }

  private static func systemTool(_ name: String, on machine: SimulatedWindows) -> [UInt8]? {
    systemTools.first { $0.name == name }.flatMap { machine.bytes(of: $0.file) }
  }

  /// What is asked for most, and where it is.
  private static let systemTools = ["sc.exe", "reg.exe", "msiexec.exe"].map {
    (name: $0, file: KnownFile(WindowsPath(#"C:\Windows\System32\"# + $0)))
  }

  private enum Search {
    case found([UInt8])
    case missing(CommandResult)
  }

  private static func find(_ call: ProgramCall) -> Search {
    let name = call.program
    if call.folder == nil, let bytes = systemTool(name, on: call.machine) { return .found(bytes) }
    let isPath = name.utf8.contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "/") }
    guard isPath else {
      let system = WindowsPath(#"C:\Windows\System32"#)
      let spellings = name.contains(".") ? [name] : [name + ".exe", name]
      for folder in [call.folder, system].compactMap(\.self) {
        for spelling in spellings {
          if let bytes = try? call.machine.read(folder.appending(spelling)) { return .found(bytes) }
        }
      }
      return .missing(unknown(name))
    }
    if name.hasPrefix(#"\\"#) { return findOnNetwork(call) }
    let path = call.path(name)
    if let bytes = try? call.machine.read(path) { return .found(bytes) }
    guard let parent = path.parent, call.machine.isFolder(parent) else {
      return .missing(.failure("The system cannot find the path specified.\r\n"))
    }
    return .missing(unknown(name))
  }

  /// A program of the server's share, which wants to know who asks.
  private static func findOnNetwork(_ call: ProgramCall) -> Search {
    guard let path = AutopccTool.path(onShare: call.program) else {
      return .missing(.failure("The network path was not found.\r\n"))
    }
    guard call.hasNetworkCredentials else { return .missing(.failure("Access is denied.\r\n")) }
    guard let bytes = try? call.fleet.serverMachine().read(path) else { return .missing(unknown(call.program)) }
    return .found(bytes)
  }

  private static func unknown(_ name: String) -> CommandResult {
    .failure(
      "'\(name)' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
    )
  }
}
