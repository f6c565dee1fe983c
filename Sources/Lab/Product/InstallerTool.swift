import ApexOne
import Remote

/// Windows Installer and self-running packages: `msiexec.exe /i FILE /qn /norestart`, or the package itself.
enum InstallerTool {
  static func runWindowsInstaller(_ call: ProgramCall) async throws(Killed) -> CommandResult {
    try await call.process.pause(0.5)
    guard call.arguments.count >= 2,
      ["/i", "-i", "/package"].contains(call.arguments[0].lowercased())
    else {
      return .success("", exitCode: 1639)
    }
    guard let bytes = try? call.machine.read(call.path(call.arguments[1])) else {
      return .success("", exitCode: 1619)
    }
    guard let package = LabPackage(bytes: bytes), bytes.starts(with: CompoundFile.signature) else {
      return .success("", exitCode: 1620)
    }
    guard runs(package, on: call.machine) else { return .success("", exitCode: 1633) }
    return try await runPackage(package, call)
  }

  /// As Windows does: what is made for x86 runs on x64, nothing else on another kind.
  static func runs(_ package: LabPackage, on machine: SimulatedWindows) -> Bool {
    let own = machine.identity.architecture
    return package.architecture == own || package.architecture == .x86 && own == .x64
  }

  static func runPackage(_ package: LabPackage, _ call: ProgramCall) async throws(Killed)
    -> CommandResult
  {
    let machine = call.machine
    if isBusy(machine, at: call.process.date) { return .success("", exitCode: 1618) }
    if machine.identity.fault == .noRights { return .success("", exitCode: 1603) }
    try await call.process.pause(2)
    if machine.identity.fault == .installFails {
      try await call.process.pause(machine.identity.toolTime)
      return .success("", exitCode: 1603)
    }
    AgentServices.stop(on: machine, at: call.process.date, within: 4)
    try await call.process.pause(20 + machine.identity.toolTime)
    install(package, on: machine, at: call.process.date)
    switch machine.identity.fault {
    case .reboot: return rebootLater(call)
    case .installReboots: return rebootNow(call)
    default:
      AgentServices.start(
        on: machine, at: call.process.date, listener: 2, all: machine.identity.settleTime)
      return .success("")
    }
  }

  /// It has done its work, and wants a reboot. Nobody is there to do it: the machine does so by itself after half an hour.
  static func rebootLater(_ call: ProgramCall) -> CommandResult {
    call.machine.reboot(now: call.process.date, after: 1_800, for: 70)
    return .success("", exitCode: 3010)
  }

  /// The same, and begins the reboot itself.
  static func rebootNow(_ call: ProgramCall) -> CommandResult {
    call.machine.reboot(now: call.process.date, after: 5, for: 70)
    return .success("", exitCode: 1641)
  }

  /// Does something else hold Windows Installer there? One that does for a while began when it was first asked.
  static func isBusy(_ machine: SimulatedWindows, at date: Double) -> Bool {
    switch machine.identity.fault {
    case .installerBusy: return true
    case .installerBusyForAWhile:
      return machine.state(at: date) { state in
        let until = state.busyUntil ?? date + 90
        state.busyUntil = until
        return date < until
      }
    default: return false
    }
  }

  private static func install(_ package: LabPackage, on machine: SimulatedWindows, at date: Double) {
    let folder =
      machine.state(at: date, { $0.agent?.folder })
      ?? ProductNames.agentFolder(on: machine.identity.architecture)
    makeFolders(WindowsPath(folder), on: machine)
    try? machine.write(
      LabProgram.file("tray"), to: WindowsPath(folder).appending(ProductNames.trayProgram), at: date
    )
    machine.state(at: date) { state in
      state.agent = AgentRegistration(
        server: package.server, httpPort: package.httpPort, httpsPort: package.httpsPort,
        agentPort: package.agentPort, folder: folder, version: package.version)
      state.installs = (state.installs ?? 0) + 1
      state.services.install(ProductNames.requiredServices)
    }
    AgentServices.writeCertificate(package.certificate, on: machine, at: date)
  }

  private static func makeFolders(_ folder: WindowsPath, on machine: SimulatedWindows) {
    guard !machine.isFolder(folder), let parent = folder.parent else { return }
    makeFolders(parent, on: machine)
    try? machine.makeFolder(folder)
  }
}
