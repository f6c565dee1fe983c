import Remote

/// IpXfer as the lab plays it. What it does is as the vendor describes it; what it says and its exit codes are
/// documented nowhere, so those here are the lab's own invention and must not be believed by anybody.
enum IpXferTool {
  struct Arguments: Sendable {
    var server: String
    var httpPort: Int
    var httpsPort: Int
    var agentPort: Int
    var certificate: String
    var password: String?
  }

  static func run(_ call: ProgramCall, bits: Int) async throws(Killed) -> CommandResult {
    let identity = call.machine.identity
    guard (identity.architecture == .x64) == (bits == 64), identity.architecture != .arm64 else {
      return .failure(
        "This version of \(call.program) is not compatible with this version of Windows.\r\n",
        exitCode: 216)
    }
    try await call.process.pause(0.5)
    guard let arguments = parse(call.arguments) else { return .failure("", exitCode: 87) }
    call.machine.state(at: call.process.date) { $0.toolRuns = ($0.toolRuns ?? 0) + 1 }
    guard identity.fault != .noRights else { return .failure("", exitCode: 5) }
    guard let certificate = try? call.machine.read(call.path(arguments.certificate)),
      !certificate.isEmpty
    else {
      return .failure("", exitCode: 2)
    }
    if identity.fault == .saysZeroRepairsNothing {
      try await call.process.pause(identity.toolTime)
      return .success("")
    }
    if identity.fault == .hangingTool, !identity.isOtherVariant { throw await call.process.hang() }
    guard call.machine.state(at: call.process.date, { $0.agent }) != nil else {
      return .failure("", exitCode: 3)
    }
    guard arguments.password == call.fleet.unloadPassword else {
      try await call.process.pause(1.5)
      return .failure("", exitCode: 1)
    }
    return try await transfer(arguments, certificate, call)
  }

  private static func transfer(
    _ arguments: Arguments, _ certificate: [UInt8], _ call: ProgramCall
  ) async throws(Killed) -> CommandResult {
    let machine = call.machine
    let identity = machine.identity
    let step = identity.toolTime / 5
    AgentServices.stop(on: machine, at: call.process.date, within: step * 0.8)
    try await call.process.pause(step)
    if identity.fault == .hangingTool { throw await call.process.hang() }
    let strikes = machine.state(at: call.process.date) { strike(&$0, identity.fault) }
    if strikes, identity.fault == .connectionDropped, !identity.isOtherVariant {
      throw call.process.cutConnection()
    }
    machine.state(at: call.process.date) { state in
      state.agent?.server = arguments.server
      state.agent?.httpPort = arguments.httpPort
      state.agent?.httpsPort = arguments.httpsPort
      state.agent?.agentPort = arguments.agentPort
    }
    try await call.process.pause(step)
    AgentServices.writeCertificate(certificate, on: machine, at: call.process.date)
    try await call.process.pause(step)
    if strikes, identity.fault == .connectionDropped { throw call.process.cutConnection() }
    if strikes, identity.fault == .reboot {
      machine.reboot(now: call.process.date, for: 70)
      throw call.process.cutConnection()
    }
    AgentServices.start(
      on: machine, at: call.process.date, listener: step, all: 2 * step + identity.settleTime)
    try await call.process.pause(2 * step)
    return .success("", exitCode: identity.fault == .saysFiveRepairs ? 5 : 0)
  }

  /// Does a fault that strikes once strike now? From then on it has.
  private static func strike(_ state: inout MachineState, _ fault: Fault) -> Bool {
    guard [.connectionDropped, .reboot].contains(fault), !state.hasStruck else { return false }
    state.hasStruck = true
    return true
  }

  /// Nil unless every switch is known, has its value, comes once, and all that are needed are there.
  static func parse(_ words: [String]) -> Arguments? {
    guard words.count % 2 == 0 else { return nil }
    var values: [String: String] = [:]
    for place in stride(from: 0, to: words.count, by: 2) {
      let name = words[place].lowercased()
      guard ["-s", "-p", "-sp", "-c", "-e", "-pwd"].contains(name), values[name] == nil else {
        return nil
      }
      values[name] = words[place + 1]
    }
    guard let server = values["-s"], !server.isEmpty, let certificate = values["-e"],
      let http = port(values["-p"]), let https = port(values["-sp"]), let agent = port(values["-c"])
    else { return nil }
    return Arguments(
      server: server, httpPort: http, httpsPort: https, agentPort: agent, certificate: certificate,
      password: values["-pwd"])
  }

  private static func port(_ text: String?) -> Int? {
    guard let text, let number = Int(text), (1...65_535).contains(number) else { return nil }
    return number
  }
}
