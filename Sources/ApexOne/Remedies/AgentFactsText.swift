/// The facts of a look as one line of the journal: `server=apexone.contoso.local port=21112 … tmlisten=running/1234`.
/// People read it, and a run that is carried on reads it back: what an agent was before anything was done to it is the
/// half of every proof that can't be looked at again.
extension AgentFacts {
  private enum Key: String {
    case agent, server, http, https, port, folder, version, guid, machine, certificate, sha256, shell, host, computer
  }
  private static let none = "none"

  /// Blanks, `%` and ASCII control characters in a value are written as `%XX` of their UTF-8.
  package var line: String {
    var line: [UInt8] = []
    line.reserveCapacity(512)
    func add(_ key: Key, _ value: String?) {
      guard let value else { return }
      if !line.isEmpty { line.append(0x20) }
      line += key.rawValue.utf8
      line.append(UInt8(ascii: "="))
      AgentFacts.escape(value, into: &line)
    }
    add(.agent, self.isInstalled ? nil : AgentFacts.none)
    add(.server, self.server)
    add(.http, self.httpPort.map(String.init))
    add(.https, self.httpsPort.map(String.init))
    add(.port, self.agentPort.map(String.init))
    add(.folder, self.applicationPath)
    add(.version, self.version)
    add(.guid, self.guid)
    add(.machine, self.architecture.map { AgentFacts.text(of: $0) })
    add(.certificate, certificate?.rawValue)
    add(.sha256, certificateSHA256)
    add(.shell, self.shell)
    add(.host, self.machine.host)
    add(.computer, self.machine.computer)
    for service in services.entries {
      if !line.isEmpty { line.append(0x20) }
      AgentFacts.escape(service.name, into: &line)
      line.append(UInt8(ascii: "="))
      line += service.fact.state.rawValue.utf8
      if let pid = service.fact.pid { line += "/\(pid)".utf8 }
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// Reads a line back; nil for one that isn't of that form.
  package init?(line: String) {
    var values: [Key: String] = [:]
    var services: ServiceFacts = [:]
    for word in line.split(separator: " ") {
      guard let cut = word.firstIndex(of: "="), let value = AgentFacts.unescaped(word[word.index(after: cut)...]),
        let name = AgentFacts.unescaped(word[..<cut])
      else { return nil }
      if let key = Key(rawValue: name) {
        values[key] = value
      } else {
        let parts = value.split(separator: "/", maxSplits: 1)
        guard let state = parts.first.flatMap({ ServiceFact.State(rawValue: String($0)) }) else { return nil }
        services[name] = ServiceFact(state, pid: parts.count == 2 ? UInt32(parts[1]) : nil)
      }
    }
    self.init(
      isInstalled: values[.agent] != AgentFacts.none, server: values[.server],
      httpPort: values[.http].flatMap { Int($0) },
      httpsPort: values[.https].flatMap { Int($0) }, agentPort: values[.port].flatMap { Int($0) },
      applicationPath: values[.folder], version: values[.version], guid: values[.guid],
      architecture: values[.machine].map(EndpointArchitecture.init(processorArchitecture:)), services: services,
      certificate: values[.certificate].flatMap(CertificateVerdict.init(rawValue:)),
      certificateSHA256: values[.sha256], shell: values[.shell],
      machine: MachineNames(host: values[.host], computer: values[.computer]))
  }

  private static func text(of architecture: EndpointArchitecture) -> String {
    switch architecture {
    case .x64: "AMD64"
    case .x86: "x86"
    case .other(let text): text
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "%") }

  private static func escape(_ text: String, into line: inout [UInt8]) {
    let isAllPlain = text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPlain) }
    if isAllPlain == true { return line += text.utf8 }
    for byte in text.utf8 {
      if isPlain(byte) { line.append(byte) } else { line += "%\(Hex.upper([byte]))".utf8 }
    }
  }

  private static func unescaped(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
