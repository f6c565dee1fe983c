import Remote

/// `reg.exe query KEY [/v NAME] [/s] [/reg:32|/reg:64]`: what the simulated registry holds, in reg.exe's own text form.
enum RegistryTool {
  struct Value {
    let name: String
    let type: String
    let data: String

    static func text(_ name: String, _ data: String) -> Value {
      Value(name: name, type: "REG_SZ", data: data)
    }
    static func number(_ name: String, _ data: Int) -> Value {
      Value(name: name, type: "REG_DWORD", data: "0x" + String(data, radix: 16))
    }
  }

  private struct Query {
    var key = ""
    var value: String?
    var isRecursive = false
    var sees32Bit = false
  }

  static func run(_ arguments: [String], on machine: SimulatedWindows, at date: Double)
    -> CommandResult
  {
    guard arguments.first?.lowercased() == "query", let query = parse(arguments, on: machine) else {
      return .failure("ERROR: Invalid syntax.\r\nType \"REG QUERY /?\" for usage.\r\n")
    }
    guard let root = rootKey(query.key) else { return .failure("ERROR: Invalid key name.\r\n") }
    let keys = RegistryTool.keys(of: machine, in32BitView: query.sees32Bit, at: date)
    let wanted = root.lowercased()
    let found = keys.filter { $0.path.lowercased() == wanted }
    let below = keys.filter { $0.path.lowercased().hasPrefix(wanted + "\\") }
    guard !found.isEmpty || !below.isEmpty else { return notFound }
    return render(query, root, found.flatMap(\.values), below)
  }

  private static let notFound = CommandResult.failure(
    "ERROR: The system was unable to find the specified registry key or value.\r\n")

  private static func parse(_ arguments: [String], on machine: SimulatedWindows) -> Query? {
    guard arguments.count >= 2 else { return nil }
    var query = Query(key: arguments[1])
    query.sees32Bit = machine.identity.architecture == .x86
    var rest = arguments.dropFirst(2)
    while let word = rest.popFirst() {
      switch word.lowercased() {
      case "/v":
        guard let name = rest.popFirst() else { return nil }
        query.value = name
      case "/s": query.isRecursive = true
      case "/reg:32": query.sees32Bit = true
      case "/reg:64": query.sees32Bit = machine.identity.architecture == .x86
      default: return nil
      }
    }
    return query
  }

  /// `HKLM\X` in full; nil for a root that isn't there.
  private static func rootKey(_ key: String) -> String? {
    for root in ["HKLM", "HKEY_LOCAL_MACHINE"]
    where key.lowercased().hasPrefix(root.lowercased() + "\\") {
      var tail = String(key.dropFirst(root.count))
      while tail.hasSuffix("\\") { tail.removeLast() }
      return "HKEY_LOCAL_MACHINE" + tail
    }
    return nil
  }

  private static func render(
    _ query: Query, _ root: String, _ values: [Value], _ below: [(path: String, values: [Value])]
  ) -> CommandResult {
    var text = "\r\n"
    var matches = 0
    func add(_ path: String, _ values: [Value]) {
      let shown = values.filter {
        query.value == nil || $0.name.lowercased() == query.value?.lowercased()
      }
      guard !shown.isEmpty else { return }
      text += path + "\r\n"
      for value in shown { text += "    \(value.name)    \(value.type)    \(value.data)\r\n" }
      text += "\r\n"
      matches += shown.count
    }
    add(root, values)
    if query.isRecursive {
      for key in below { add(key.path, key.values) }
    } else if query.value == nil {
      let depth = root.split(separator: "\\").count
      let children = below.map {
        $0.path.split(separator: "\\").prefix(depth + 1).joined(separator: "\\")
      }
      for child in Set(children).sorted() { text += child + "\r\n" }
      return .success(text)
    }
    if query.value != nil, matches == 0 { return notFound }
    return .success(text)
  }

  /// Every key of the machine that the lab knows, as the asked-for view shows it.
  private static func keys(
    of machine: SimulatedWindows, in32BitView: Bool, at date: Double
  ) -> [(path: String, values: [Value])] {
    let local = #"HKEY_LOCAL_MACHINE\"#
    let identity = machine.identity
    var keys: [(path: String, values: [Value])] = [
      (
        local + #"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"#,
        [
          .text("PROCESSOR_ARCHITECTURE", identity.architecture.rawValue),
          .text("OS", "Windows_NT"),
        ]
      ),
      (
        local + #"SOFTWARE\Microsoft\Windows NT\CurrentVersion"#,
        [
          .text("SystemRoot", #"C:\Windows"#), .text("ProductName", "Windows"),
        ]
      ),
    ]
    guard let agent = machine.state(at: date, { $0.agent }) else { return keys }
    let uninstall = #"Microsoft\Windows\CurrentVersion\Uninstall\ApexOneNT"#
    let places =
      identity.architecture == .x86
      ? [("SOFTWARE\\", true)] : [(#"SOFTWARE\WOW6432Node\"#, true), ("SOFTWARE\\", in32BitView)]
    for (place, isThere) in places where isThere {
      let key = local + place + #"TrendMicro\PC-cillinNTCorp\CurrentVersion"#
      keys.append((key, agentValues(agent, identity)))
      keys.append((key + #"\Misc."#, programValues(agent)))
      keys.append((local + place + uninstall, uninstallValues(agent)))
    }
    return keys
  }

  private static func programValues(_ agent: AgentRegistration) -> [Value] {
    [.text("ProgramVer", agent.version), .text("ProductName", "Apex One Security Agent")]
  }

  private static func uninstallValues(_ agent: AgentRegistration) -> [Value] {
    [
      .text("DisplayName", "Trend Micro Apex One Security Agent"), .text("DisplayVersion", agent.version),
      .text("UninstallString", "\"\(agent.folder)\\\(ProductNames.trayProgram)\" -m"),
    ]
  }

  private static func agentValues(_ agent: AgentRegistration, _ identity: SimulatedWindows.Identity)
    -> [Value]
  {
    [
      .text("Application Path", agent.folder + "\\"), .text("Domain", identity.domain),
      .text("GUID", identity.guid), .number("LocalServerPort", agent.agentPort),
      .text("Server", agent.server), .number("ServerPort", agent.httpPort),
      .number("ServerSSLPort", agent.httpsPort),
    ]
  }
}

extension CommandResult {
  static func success(_ text: String, exitCode: UInt32 = 0) -> CommandResult {
    CommandResult(exitCode: exitCode, output: Array(text.utf8))
  }
  static func failure(_ text: String, exitCode: UInt32 = 1) -> CommandResult {
    CommandResult(exitCode: exitCode, errors: Array(text.utf8))
  }
}
