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
    guard machine.identity.fault != .noRights,
      let agent = machine.state(at: call.process.date, { $0.agent })
    else {
      return .success("", exitCode: 5)
    }
    AgentServices.stop(on: machine, at: call.process.date, within: 5)
    try await call.process.pause(10 + machine.identity.toolTime)
    let folder = WindowsPath(agent.folder)
    for entry in (try? machine.list(folder)) ?? [] where entry.kind == .file {
      try? machine.removeFile(folder.appending(entry.name))
    }
    try? machine.removeFolder(folder)
    machine.state(at: call.process.date) { state in
      state.agent = nil
      state.services.remove()
    }
    return .success("")
  }
}
