import Remote

/// `reg.exe query KEY [/v NAME] [/s] [/reg:32|/reg:64]`: what the simulated registry holds, in reg.exe's own text form.
enum RegistryTool {
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
    let (agent, boots) = machine.state(at: date) { ($0.agent, $0.boots) }
    let keys = RegistryTree.of(machine.identity.architecture, sees32Bit: query.sees32Bit, hasAgent: agent != nil)
    let wanted = root.lowercased()
    let found = keys.first { $0.folded == wanted }
    let below = keys.filter { $0.isBelow(wanted) }
    guard found != nil || !below.isEmpty else { return notFound }
    return render(query, root, found, below, RegistryValues(identity: machine.identity, agent: agent, boots: boots))
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
    _ query: Query, _ root: String, _ found: RegistryTree.Key?, _ below: [RegistryTree.Key], _ source: RegistryValues
  ) -> CommandResult {
    var text = "\r\n"
    var matches = 0
    let wanted = query.value?.lowercased()
    func add(_ path: String, _ kind: RegistryTree.Kind) {
      let shown = source.values(of: kind).filter { wanted == nil || $0.name.lowercased() == wanted }
      guard !shown.isEmpty else { return }
      text += path + "\r\n"
      for value in shown { text += "    \(value.name)    \(value.type)    \(value.data)\r\n" }
      text += "\r\n"
      matches += shown.count
    }
    if let found { add(root, found.kind) }
    if query.isRecursive {
      for key in below { add(key.path, key.kind) }
    } else if query.value == nil {
      for child in Set(below.map { $0.child(of: root) }).sorted() { text += child + "\r\n" }
      return .success(text)
    }
    if query.value != nil, matches == 0 { return notFound }
    return .success(text)
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
