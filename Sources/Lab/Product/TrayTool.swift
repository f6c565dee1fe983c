import Remote

/// `PccNTMon.exe -n PASSWORD` (unload) and `-m PASSWORD` (uninstall). Unloading returns before the agent is down.
enum TrayTool {
  static func run(_ call: ProgramCall) async throws(Killed) -> CommandResult {
    try await call.process.pause(1)
    guard call.arguments.count == 2 else { return .success("") }
    switch call.arguments[0].lowercased() {
    case "-n" where call.arguments[1] == call.fleet.unloadPassword:
      AgentServices.stop(on: call.machine, at: call.process.date, within: 60)
      return .success("")
    case "-m" where call.arguments[1] == call.fleet.uninstallPassword:
      return try await uninstall(call)
    default:
      return .success("")
    }
  }

  private static func uninstall(_ call: ProgramCall) async throws(Killed) -> CommandResult {
    let machine = call.machine
    let fault = machine.identity.fault
    guard fault != .noRights,
      let agent = machine.state(at: call.process.date, { $0.agent })
    else {
      return .success("", exitCode: 5)
    }
    if InstallerTool.isBusy(machine, at: call.process.date) { return .success("", exitCode: 1618) }
    AgentServices.stop(on: machine, at: call.process.date, within: 5)
    try await call.process.pause(10 + machine.identity.toolTime)
    if fault == .uninstallBreaksOff { return .success("", exitCode: 1603) }
    remove(agent, on: machine, at: call.process.date)
    switch fault {
    case .uninstallDropped where strikes(machine, at: call.process.date): throw call.process.cutConnection()
    case .uninstallWantsReboot: return InstallerTool.rebootLater(call)
    case .uninstallReboots: return InstallerTool.rebootNow(call)
    default: return .success("")
    }
  }

  /// True the first time.
  private static func strikes(_ machine: SimulatedWindows, at date: Double) -> Bool {
    machine.state(at: date) { state in
      defer { state.hasStruck = true }
      return !state.hasStruck
    }
  }

  private static func remove(_ agent: AgentRegistration, on machine: SimulatedWindows, at date: Double) {
    let folder = WindowsPath(agent.folder)
    for entry in (try? machine.list(folder)) ?? [] where entry.kind == .file {
      try? machine.removeFile(folder.appending(entry.name))
    }
    try? machine.removeFolder(folder)
    let waitsForBoot = [.uninstallWantsReboot, .uninstallReboots].contains(machine.identity.fault)
    machine.state(at: date) { state in
      state.agent = nil
      state.removals = (state.removals ?? 0) + 1
      if waitsForBoot { state.removesAtBoot = true } else { state.services.remove() }
    }
  }
}
