/// What a server's `ofcscan.ini` says of names and ports. Every value keeps to its grammar: what doesn't is a problem,
/// never a value, since these become arguments of programs.
package struct ServerSettings: Sendable, Hashable {
  /// A value, and where it stands.
  package struct Found<Value: Sendable & Hashable>: Sendable, Hashable {
    package let value: Value
    package let key: String
    package let section: String
    package let line: Int

    /// `ofcscan.ini:12 [SECTION] Key`
    package var place: String { "ofcscan.ini:\(line) [\(section)] \(key)" }
  }

  package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable {
      /// No such key, or nothing after it.
      case missing
      /// Neither a host name nor an address.
      case notAName
      /// Not a number from 1 to 65535.
      case notAPort
      /// In several sections, with different values; the first is used.
      case severalValues
    }

    package let kind: Kind
    package let key: String
    package let line: Int?
    package let description: String
  }

  /// `Master_DomainName`: what agents call the server.
  package let serverName: Found<String>?
  /// `Master_DomainPort`
  package let httpPort: Found<Int>?
  /// `Master_SSLPort`
  package let httpsPort: Found<Int>?
  /// `Client_LocalServer_Port`: where agents listen.
  package let agentPort: Found<Int>?
  /// `NonCrcPtnVersion`: of the pattern, not of the product, whose version this file is not known to hold.
  package let patternVersion: Found<String>?
  package let problems: [Problem]

  package init(_ file: OfcscanINI) {
    var reader = ServerSettingsReader(file: file)
    serverName = reader.find("Master_DomainName", setting: "server-name") { value in
      if let name = ServerName.canonical(value) { return .success(name) }
      return .failure(.notAName, "it \(ServerName.problem(with: value) ?? "names an interface of one machine")")
    }
    httpPort = reader.port("Master_DomainPort", setting: "http-port")
    httpsPort = reader.port("Master_SSLPort", setting: "https-port")
    agentPort = reader.port("Client_LocalServer_Port", setting: "agent-port")
    patternVersion = reader.version("NonCrcPtnVersion")
    problems = reader.problems
  }
}

/// Takes single settings out of an ini, and gathers what is wrong with them.
private struct ServerSettingsReader {
  let file: OfcscanINI
  private(set) var problems: [ServerSettings.Problem] = []

  init(file: OfcscanINI) { self.file = file }

  enum Checked<Value> {
    case success(Value)
    case failure(ServerSettings.Problem.Kind, String)
  }

  mutating func find<Value: Sendable & Hashable>(
    _ key: String, setting: String, _ check: (String) -> Checked<Value>
  ) -> ServerSettings.Found<Value>? {
    let given = file.entries(of: key).compactMap { entry -> (OfcscanINI.Entry, String)? in
      guard case .text(let text) = entry.value, !text.isEmpty else { return nil }
      return (entry, text)
    }
    guard let (entry, text) = given.first else {
      problem(.missing, key, nil, "ofcscan.ini has no \(key); set \(setting)")
      return nil
    }
    if given.contains(where: { $0.1.lowercased() != text.lowercased() }) {
      let lines = given.map { String($0.0.line) }.joined(separator: ", ")
      problem(
        .severalValues, key, entry.line,
        "ofcscan.ini has several values of \(key), in lines \(lines); "
          + "line \(entry.line) is used; set \(setting) if it is another")
    }
    switch check(text) {
    case .success(let value):
      return ServerSettings.Found(value: value, key: entry.key, section: entry.section, line: entry.line)
    case .failure(let kind, let reason):
      problem(kind, key, entry.line, "ofcscan.ini:\(entry.line): \(key) can't be used: \(reason); set \(setting)")
      return nil
    }
  }

  mutating func port(_ key: String, setting: String) -> ServerSettings.Found<Int>? {
    find(key, setting: setting) { text in
      guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text),
        (1...65_535).contains(port)
      else { return .failure(.notAPort, "it is no number from 1 to 65535") }
      return .success(port)
    }
  }

  /// Information only: silent where it isn't there or is odd.
  func version(_ key: String) -> ServerSettings.Found<String>? {
    for entry in file.entries(of: key) {
      guard case .text(let text) = entry.value, (1...32).contains(text.utf8.count),
        text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 })
      else { continue }
      return ServerSettings.Found(value: text, key: entry.key, section: entry.section, line: entry.line)
    }
    return nil
  }

  private mutating func problem(_ kind: ServerSettings.Problem.Kind, _ key: String, _ line: Int?, _ sentence: String) {
    problems.append(ServerSettings.Problem(kind: kind, key: key, line: line, description: sentence))
  }
}
