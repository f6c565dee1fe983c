import ApexOne
import Remote
import Runs

/// Judges what was read of a server: one finding a check, always the same checks in the same order.
struct ServerFindings {
  let evidence: ServerEvidence
  let place: ServerPlace
  let settings: Settings
  /// Hashes of the tools at the last look, by name.
  let knownTools: [String: (sha256: String, at: Double)]

  private var date: Double { place.clock.date }

  func all() -> [ServerFinding] {
    [ServerFinding("reachable", .green, place.identity), ini, product]
      + [SettingKey.serverName, .httpPort, .httpsPort, .agentPort].map(named)
      + certificate + [settingCertificate].compactMap(\.self)
      + [ownStore, manager] + [IpXferTool.program64, IpXferTool.program32].map(program) + [otherFiles, clock]
  }

  // MARK: - Settings

  private var ini: ServerFinding {
    if let problem = evidence.factsProblem { return ServerFinding("ofcscan.ini", .red, problem) }
    let problems = evidence.facts?.problems ?? []
    return problems.isEmpty
      ? ServerFinding("ofcscan.ini", .green, place.layout.shown(place.layout.settings))
      : ServerFinding("ofcscan.ini", .amber, problems.joined(separator: "; "))
  }

  private var product: ServerFinding {
    if let given = settings.product.flatMap(Product.init(rawValue:)) ?? place.layout.product {
      return ServerFinding("product", .green, given.title)
    }
    return ServerFinding("product", .red, "not known from the folder's name; set product apex-one or another")
  }

  /// A name or port that IpXfer is given: what was set, else what the server says.
  private func named(_ key: SettingKey) -> ServerFinding {
    let learned = evidence.facts.flatMap { facts -> ServerFacts.Value? in
      switch key {
      case .serverName: facts.serverName
      case .httpPort: facts.httpPort
      case .httpsPort: facts.httpsPort
      default: facts.agentPort
      }
    }
    if settings.givenKeys.contains(key), let entry = settings[key] {
      let other = learned.flatMap { isSame(key, $0.text, entry.text) ? nil : "; \($0.place) says \($0.text)" }
      return ServerFinding(
        key.rawValue, other == nil ? .green : .amber, "\(entry.text) (\(entry.source))\(other ?? "")")
    }
    if let learned { return ServerFinding(key.rawValue, .green, "\(learned.text) (\(learned.place))") }
    // Only this one may be left out of IpXfer's arguments.
    return ServerFinding(
      key.rawValue, key == .httpsPort ? .amber : .red, "ofcscan.ini has none that can be used; set \(key.rawValue)")
  }

  private func isSame(_ key: SettingKey, _ left: String, _ right: String) -> Bool {
    key == .serverName ? ServerName.areEqual(left, right) : left == right
  }

  // MARK: - The certificate

  private var certificate: [ServerFinding] {
    switch evidence.certificate {
    case .missing(let text):
      return [
        ServerFinding("certificate", .red, text),
        ServerFinding("certificate-dates", .red, "there is no certificate to read them from"),
        ServerFinding("private-key", .amber, "there is no certificate file that could be searched for one"),
      ]
    case .privateKey(let text):
      return [
        ServerFinding(
          "certificate", .red,
          "\(place.layout.shown(place.layout.certificate)) is not used while a private key is in it"),
        ServerFinding("certificate-dates", .red, "there is no certificate to read them from"),
        ServerFinding("private-key", .red, text),
      ]
    case .found(let found):
      let validity = CertificateValidity(ServerFacts.Certificate(found, place: ""), at: date)
      return [
        ServerFinding(
          "certificate", .green, "\(found.subject), serial \(found.serial), SHA-256 \(found.sha256)"),
        ServerFinding("certificate-dates", validity.state, validity.detail),
        ServerFinding("private-key", .green, "the file holds none"),
      ]
    }
  }

  /// The file of the setting `certificate`; nil where none is set.
  private var settingCertificate: ServerFinding? {
    guard let path = settings.certificate else { return nil }
    let check = "certificate-setting"
    let given: AuthenticationCertificate
    do { given = try CertificateFile.read(path) } catch {
      return ServerFinding(check, .red, RenderedError(error).message)
    }
    let validity = CertificateValidity(ServerFacts.Certificate(given, place: path), at: date)
    if validity.state == .red { return ServerFinding(check, .red, "\(path): \(validity.detail)") }
    guard let own = evidence.certificate.value else {
      return ServerFinding(check, .amber, "\(path): serial \(given.serial); the server's own could not be read")
    }
    if given == own { return ServerFinding(check, validity.state, "\(path) is the server's own certificate") }
    return ServerFinding(
      check, .amber,
      "\(path): serial \(given.serial) is not the server's own (serial \(own.serial)); "
        + "a repair needs --certificate-differs"
    )
  }

  /// The server's own copy of its key and certificate lies where no file access leads.
  private var ownStore: ServerFinding {
    ServerFinding(
      "own-store", .amber, "the server's own store can't be read from here, so it could not be compared with the file")
  }

  // MARK: - Tools

  private var manager: ServerFinding {
    switch evidence.certificateManager {
    case .found(let file): tool(file)
    case .missing(let text), .privateKey(let text):
      ServerFinding(
        ServerLayout.certificateManagerName, .red, text + "; list-mismatched --from reads a list all the same")
    }
  }

  private func program(_ name: String) -> ServerFinding {
    guard case .found(let files) = evidence.tools else {
      return ServerFinding(name, .red, toolsProblem)
    }
    if let file = files.first(where: { $0.name.lowercased() == name.lowercased() }) { return tool(file) }
    let machines = name == IpXferTool.program64 ? "x64" : "x86"
    return ServerFinding(
      name, .red, "not in \(place.layout.shown(place.layout.ipXferFolder)): \(machines) machines can't be repaired")
  }

  private func tool(_ file: PlannedFile) -> ServerFinding {
    let hash = "SHA-256 \(file.sha256)"
    guard let known = knownTools[file.name] else {
      return ServerFinding(file.name, .green, "\(hash), seen the first time")
    }
    let when = TimeText.rfc3339(known.at)
    return known.sha256 == file.sha256
      ? ServerFinding(file.name, .green, "\(hash), as on \(when)")
      : ServerFinding(file.name, .amber, "\(hash), changed: it was \(known.sha256) on \(when)")
  }

  /// What goes to endpoints beside the programs.
  private var otherFiles: ServerFinding {
    guard case .found(let files) = evidence.tools else { return ServerFinding("tool-files", .red, toolsProblem) }
    let others = files.filter { !IpXferTool.isProgram($0.name) }
    let changed = others.filter { file in knownTools[file.name].map { $0.sha256 != file.sha256 } ?? false }
    if changed.isEmpty {
      return ServerFinding(
        "tool-files", .green, "\(others.count) more files in \(place.layout.shown(place.layout.ipXferFolder))")
    }
    let names = changed.prefix(5).map(\.name).joined(separator: ", ")
    let more = changed.count > 5 ? " and \(changed.count - 5) more" : ""
    return ServerFinding("tool-files", .amber, "changed since the last look: \(names)\(more)")
  }

  private var toolsProblem: String {
    switch evidence.tools {
    case .missing(let text), .privateKey(let text): text
    case .found: ""
    }
  }

  // MARK: - The clock

  /// Seconds that a clock may be off: what Kerberos allows.
  private static let tolerance = 300.0

  /// Only a file that was just written shows the server's time, and nothing is written here.
  private var clock: ServerFinding {
    guard let newest = evidence.newestFile else {
      return ServerFinding("clock", .amber, "not known: this transport tells no times of files")
    }
    let ahead = newest - date
    if ahead > Self.tolerance {
      return ServerFinding(
        "clock", .amber, "a file there is dated \(TimeText.age(ahead)) ahead of this machine's clock; compare the two")
    }
    if ahead > -Self.tolerance { return ServerFinding("clock", .green, "a file written just now is dated just now") }
    return ServerFinding(
      "clock", .amber,
      "not known: the newest file there is \(TimeText.age(-ahead)) old, which shows only that the "
        + "server's clock is not far ahead")
  }
}
