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
    guard arguments.first?.isSame(as: "query") == true, let query = parse(arguments, on: machine) else {
      return .failure("ERROR: Invalid syntax.\r\nType \"REG QUERY /?\" for usage.\r\n")
    }
    guard let root = rootKey(query.key) else { return .failure("ERROR: Invalid key name.\r\n") }
    let (agent, boots) = machine.state(at: date) { ($0.agent, $0.boots) }
    let keys = RegistryTree.of(machine.identity.architecture, sees32Bit: query.sees32Bit, hasAgent: agent != nil)
    let wanted = root.lowercased()
    let found = keys.first { $0.folded == wanted }
    // A value of one key asks for no other.
    let isOne = found != nil && query.value != nil && !query.isRecursive
    let below = isOne ? [] : keys.filter { $0.isBelow(wanted) }
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
      if word.isSame(as: "/v") {
        guard let name = rest.popFirst() else { return nil }
        query.value = name
      } else if word.isSame(as: "/s") {
        query.isRecursive = true
      } else if word.isSame(as: "/reg:32") {
        query.sees32Bit = true
      } else if word.isSame(as: "/reg:64") {
        query.sees32Bit = machine.identity.architecture == .x86
      } else {
        return nil
      }
    }
    return query
  }

  /// `HKLM\X` in full; nil for a root that isn't there.
  private static func rootKey(_ key: String) -> String? {
    guard let cut = key.utf8.firstIndex(of: UInt8(ascii: "\\")) else { return nil }
    let root = String(key[..<cut])
    guard root.isSame(as: "HKLM") || root.isSame(as: "HKEY_LOCAL_MACHINE") else { return nil }
    var tail = key[cut...]
    while tail.utf8.last == UInt8(ascii: "\\") { tail.removeLast() }
    return "HKEY_LOCAL_MACHINE" + tail
  }

  private static let lineEnd = Array("\r\n".utf8)
  /// Between a value's name, type and text.
  private static let gap = Array("    ".utf8)

  private static func render(
    _ query: Query, _ root: String, _ found: RegistryTree.Key?, _ below: [RegistryTree.Key], _ source: RegistryValues
  ) -> CommandResult {
    var text: [UInt8] = []
    text.reserveCapacity(900)
    text += lineEnd
    var matches = 0
    func add(_ path: String, _ kind: RegistryTree.Kind) {
      let shown = source.values(of: kind).filter { query.value?.isSame(as: $0.name) ?? true }
      guard !shown.isEmpty else { return }
      text += path.utf8
      text += lineEnd
      for value in shown {
        for word in [value.name, value.type, value.data] {
          text += gap
          text += word.utf8
        }
        text += lineEnd
      }
      text += lineEnd
      matches += shown.count
    }
    if let found { add(root, found.kind) }
    if query.isRecursive {
      for key in below { add(key.path, key.kind) }
    } else if query.value == nil {
      for child in Set(below.map { $0.child(of: root) }).sorted() { text += Array((child + "\r\n").utf8) }
      return .success(text)
    }
    if query.value != nil, matches == 0 { return notFound }
    return .success(text)
  }
}

extension CommandResult {
  static func success(_ text: [UInt8]) -> CommandResult { CommandResult(exitCode: 0, output: text) }
  static func success(_ text: String, exitCode: UInt32 = 0) -> CommandResult {
    CommandResult(exitCode: exitCode, output: Array(text.utf8))
  }
  static func failure(_ text: String, exitCode: UInt32 = 1) -> CommandResult {
    CommandResult(exitCode: exitCode, errors: Array(text.utf8))
  }
}
