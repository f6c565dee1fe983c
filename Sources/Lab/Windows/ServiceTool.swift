import Remote

/// `sc.exe query|queryex|start [NAME]`, in sc.exe's own text form and with its error numbers.
enum ServiceTool {
  /// Seconds until a service that was started by hand runs.
  private static let startTime = 3.0

  static func run(_ arguments: [String], on machine: SimulatedWindows, at date: Double)
    -> CommandResult
  {
    guard let verb = arguments.first.flatMap(verb) else {
      return .success("\r\n*** Unrecognized Command ***\r\n", exitCode: 1)
    }
    guard arguments.count == 2 else {
      guard verb != "start", arguments.count == 1 else {
        return .success("ERROR:  Unrecognized Command\r\n", exitCode: 1)
      }
      let services = machine.state(at: date) { $0.services.services }
      return .success(services.flatMap { text(of: $0, isLong: verb == "queryex") })
    }
    let name = arguments[1]
    return verb == "start"
      ? start(name, on: machine, at: date)
      : query(name, isLong: verb == "queryex", on: machine, at: date)
  }

  private static func verb(_ word: String) -> String? { verbs.first { $0.isSame(as: word) } }
  private static let verbs = ["queryex", "query", "start"]

  private static func query(
    _ name: String, isLong: Bool, on machine: SimulatedWindows, at date: Double
  ) -> CommandResult {
    guard let service = machine.state(at: date, { $0.services[name] ?? ofWindows(name, $0) }) else {
      return error(
        "EnumQueryServicesStatus:OpenService", 1060,
        "The specified service does not exist as an installed service.")
    }
    return .success(text(of: service, isLong: isLong))
  }

  /// A service that runs as long as Windows does, with a process id of each boot's own.
  private static func ofWindows(_ name: String, _ state: MachineState) -> ServiceTable.Service? {
    guard name.lowercased() == "rpcss" else { return nil }
    return ServiceTable.Service(name: "RpcSs", state: .running, pid: 700 + 4 * UInt32(state.boots * 37 % 97))
  }

  private static func start(_ name: String, on machine: SimulatedWindows, at date: Double)
    -> CommandResult
  {
    guard let service = machine.state(at: date, { $0.services[name] }) else {
      return error(
        "StartService: OpenService", 1060,
        "The specified service does not exist as an installed service.")
    }
    if machine.identity.fault == .noRights {
      return error("StartService: OpenService", 5, "Access is denied.")
    }
    if service.state == .running || service.state == .startPending {
      return error("StartService", 1056, "An instance of the service is already running.")
    }
    if service.state == .stopPending {
      return error("StartService", 1061, "The service cannot accept control messages at this time.")
    }
    if service.isBroken {
      return error(
        "StartService", 1053,
        "The service did not respond to the start or control request in a timely fashion.")
    }
    let started = machine.state(at: date) { state in
      state.services.start(service.name, by: date + startTime)
      return state.services[service.name] ?? service
    }
    return .success(text(of: started, isLong: true))
  }

  private static func error(_ call: String, _ number: UInt32, _ sentence: String) -> CommandResult {
    .success("[SC] \(call) FAILED \(number):\r\n\r\n\(sentence)\r\n\r\n", exitCode: number)
  }

  private static func text(of service: ServiceTable.Service, isLong: Bool) -> [UInt8] {
    var text = [UInt8]()
    text.reserveCapacity(512)
    text += opening
    text += service.name.utf8
    text += middles[Int(service.state.rawValue)]
    if isLong {
      text += processID
      text += String(service.pid).utf8
      text += flags
    }
    return text
  }

  // Most of what a fleet's machines print is this text: all but name and process id is made once.
  private static let opening = Array("\r\nSERVICE_NAME: ".utf8)
  private static let processID = Array("        PID                : ".utf8)
  private static let flags = Array("\r\n        FLAGS              : \r\n".utf8)
  /// By the number of the state.
  private static let middles = (0...4).map { ServiceTable.State(rawValue: $0).map { Array(middle($0).utf8) } ?? [] }

  private static func middle(_ state: ServiceTable.State) -> String {
    let accepts =
      state == .running
      ? "(STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)" : "(NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)"
    let isPending = state == .startPending || state == .stopPending
    var text = " \r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n"
    text += "        STATE              : \(state.rawValue)  \(word(state)) \r\n"
    text += "                                \(accepts)\r\n"
    text += "        WIN32_EXIT_CODE    : 0  (0x0)\r\n        SERVICE_EXIT_CODE  : 0  (0x0)\r\n"
    text += "        CHECKPOINT         : \(isPending ? "0x1" : "0x0")\r\n"
    text += "        WAIT_HINT          : \(isPending ? "0x7d0" : "0x0")\r\n"
    return text
  }

  private static func word(_ state: ServiceTable.State) -> String {
    switch state {
    case .stopped: "STOPPED"
    case .startPending: "START_PENDING"
    case .stopPending: "STOP_PENDING"
    case .running: "RUNNING"
    }
  }
}
