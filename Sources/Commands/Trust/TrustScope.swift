import ApexOne

/// The kept keys that an argument stands for: all of them, a host's, or those of a selection's agents.
struct TrustScope: Sendable {
  struct Match: Sendable {
    /// Nil where no agent was asked for.
    var agent: String?
    /// As it stands in the file.
    var host: String
    /// Of the line in the file, from 0.
    var place: Int
    var entry: TrustEntry
    var added: String?
  }

  private(set) var matches: [Match] = []
  /// Agents of the selection that no key is kept for.
  private(set) var without: [AgentName] = []

  static func read(_ argument: SelectionText?, in keys: KnownKeys, _ invocation: Invocation) async throws -> TrustScope
  {
    var scope = TrustScope()
    guard let argument else {
      for (place, line) in keys.lines.enumerated() {
        guard let entry = line.entry else { continue }
        scope.add(entry.covers == nil ? entry.names : [entry.names.joined(separator: ",")], place, line)
      }
      return scope
    }
    let hosts = names(ofHost: argument.text, in: keys)
    for host in hosts { scope.add(host, in: keys, agent: nil) }
    guard hosts.isEmpty else { return scope }
    if invocation.settings.server == nil {
      throw CommandError(
        .unusableInput,
        "\(OutputText.visible(argument.text)): no key of such a host is kept, and no server is set "
          + "to look agents up; see: trust list"
      )
    }
    let ground = try await TrustTargets.read(argument, allowingUnlisted: true, takesList: false, in: invocation)
    for target in ground.targets {
      let before = scope.matches.count
      for name in target.names { scope.add(name, in: keys, agent: target.agent.text) }
      if scope.matches.count == before { scope.without.append(target.agent) }
    }
    return scope
  }

  /// A host as it stands in the file, or without the port that it has there. A pattern names no host: `@revoked *`
  /// would take every word for one.
  private static func names(ofHost text: String, in keys: KnownKeys) -> [String] {
    let text = text.lowercased()
    let isNamed = keys.places(of: text).contains { keys.lines[$0].entry?.isPattern == false }
    if isNamed { return [text] }
    return keys.plainNames.filter { $0.hasPrefix("[\(text)]:") }.sorted()
  }

  private mutating func add(_ name: String, in keys: KnownKeys, agent: String?) {
    for place in keys.places(of: name) { add([name.lowercased()], place, keys.lines[place], agent: agent) }
  }

  private mutating func add(_ hosts: [String], _ place: Int, _ line: KnownKeys.Line, agent: String? = nil) {
    guard let entry = line.entry else { return }
    for host in hosts {
      matches.append(Match(agent: agent, host: host, place: place, entry: entry, added: line.added))
    }
  }

  func write(in invocation: Invocation) throws {
    let rows = invocation.rows([
      ResultColumn("agent"), ResultColumn("host"), ResultColumn("type"), ResultColumn("sha256"),
      ResultColumn("marker"), ResultColumn("added"),
    ])
    for match in matches {
      try rows.write([
        .init(match.agent), .text(match.host), .text(match.entry.key.type), .text(match.entry.key.sha256),
        .init(match.entry.marker?.rawValue), .init(match.added),
      ])
    }
    try rows.end()
  }
}
