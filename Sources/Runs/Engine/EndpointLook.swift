package import ApexOne
package import Remote

/// Looks at an endpoint's agent through a host, changing nothing.
package enum EndpointLook {
  private static let agentKey = #"HKLM\SOFTWARE\TrendMicro\PC-cillinNTCorp\CurrentVersion"#
  private static let environmentKey = #"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"#
  private static let windowsKey = #"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"#
  private static let hostNameKey = #"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"#
  private static let computerNameKey = #"HKLM\SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName"#
  private static let shutdownKey = #"HKLM\SYSTEM\CurrentControlSet\Control\Windows"#
  private static let installedKey = #"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"#
  /// The agent's places among the installed programs: Apex One's, OfficeScan's.
  private static let installedNames = ["ApexOneNT", "OfficeScanNT"]

  /// What one look finds out about the machine and its agent.
  package struct Findings: Sendable {
    package var facts: AgentFacts
    /// Windows' own folder; `C:\Windows` unless the registry says otherwise.
    package var systemRoot: WindowsPath
  }

  private static let keyQuestions = [
    query(agentKey), query(environmentKey, value: "PROCESSOR_ARCHITECTURE"),
    query(agentKey + #"\Misc."#, value: "ProgramVer"), query(windowsKey, value: "SystemRoot"),
  ]
  /// The questions of a whole look, in one line.
  private static let questions = keyQuestions + nameQuestions + AgentService.all.map(query(service:))

  /// Everything that one look finds out.
  package static func findings(
    _ host: any Host, against readings: CertificateReadings
  ) async throws(RemoteError) -> Findings {
    let answers = try await host.run(inTurn: questions)
    let shell = "\(try await host.shell())"
    let keys = answers.prefix(keyQuestions.count).map { RegistryOutput($0) }
    let ofServices = answers.dropFirst(keyQuestions.count + nameQuestions.count)
    let (agent, root) = (keys[0], systemRoot(keys[3]))
    let architecture = keys[1]["PROCESSOR_ARCHITECTURE"].map { EndpointArchitecture(processorArchitecture: $0.text) }
    let names = answers.dropFirst(keyQuestions.count).prefix(nameQuestions.count).map { RegistryOutput($0) }
    let machine = MachineNames(host: name(names[0]["Hostname"]), computer: name(names[1]["ComputerName"]))
    guard !agent.values.isEmpty else {
      try checkReadable(answers[0], beside: answers[1])
      let services = try services(AgentService.required, ofServices)
      let facts = AgentFacts(
        isInstalled: false, architecture: architecture, services: services, shell: shell, machine: machine)
      return Findings(facts: facts, systemRoot: root)
    }
    let services = try services(AgentService.all, ofServices)
    try checkKnown(services, ofServices)
    let folder = agent["Application Path"]?.text
    let reading = try await certificate(host, folder: folder, against: readings)
    let facts = AgentFacts(
      isInstalled: true, server: agent["Server"]?.text, httpPort: port(agent["ServerPort"]),
      httpsPort: port(agent["ServerSSLPort"]), agentPort: port(agent["LocalServerPort"]), applicationPath: folder,
      version: keys[2]["ProgramVer"]?.text, guid: agent["GUID"]?.text, architecture: architecture, services: services,
      certificate: reading?.verdict, certificateSHA256: reading?.sha256, shell: shell,
      machine: machine)
    return Findings(facts: facts, systemRoot: root)
  }

  /// The same without the machine's folder.
  package static func facts(
    _ host: any Host, against readings: CertificateReadings
  ) async throws(RemoteError) -> AgentFacts {
    try await findings(host, against: readings).facts
  }

  /// What is left of an agent that was in `folder`.
  package static func remains(_ host: any Host, folder: String?) async throws(RemoteError) -> AgentRemains {
    let keys = [query(agentKey)] + installedNames.map { query(installedKey + "\\" + $0) }
    let architecture = query(environmentKey, value: "PROCESSOR_ARCHITECTURE")
    let answers = try await host.run(inTurn: keys + [architecture] + AgentService.required.map(query(service:)))
    let hasValues = answers.prefix(keys.count).map { !RegistryOutput($0).values.isEmpty }
    if hasValues.contains(false) { try checkReadable(answers[0], beside: answers[keys.count]) }
    let services = try services(AgentService.required, answers.dropFirst(keys.count + 1))
    return AgentRemains(
      hasAgentKey: hasValues[0], isListed: hasValues.dropFirst().contains(true),
      services: AgentService.required.filter { services[$0].map { $0.state != .absent } ?? true },
      entries: try await entries(host, folder))
  }

  /// A key without values is one that isn't there only where reg.exe reads what every Windows has.
  private static func checkReadable(_ key: CommandResult, beside other: CommandResult) throws(RemoteError) {
    guard key.isCut || RegistryOutput(other).values.isEmpty else { return }
    let reason = key.isCut ? "it wrote too much" : beginning(of: other)
    throw RemoteError(
      .accessDenied, "the registry can't be read there with reg.exe (\(reason)); what is installed is not known")
  }

  /// Without what a required service did before, nobody could tell afterwards what is to be brought up again.
  private static func checkKnown(_ services: ServiceFacts, _ answers: ArraySlice<CommandResult>) throws(RemoteError) {
    for (name, answer) in zip(AgentService.required, answers) where services[name] == nil {
      throw RemoteError(
        .protocolFault, "what sc.exe says of the service \(name) can't be read (\(beginning(of: answer)))")
    }
  }

  private static func beginning(of result: CommandResult) -> String {
    let words = ConsoleText.decode(Array((result.output + result.errors).prefix(400)))
      .split { $0.isWhitespace || $0 == "\0" }
    return words.isEmpty ? "it wrote nothing" : String(words.joined(separator: " ").prefix(120))
  }

  private static func entries(_ host: any Host, _ folder: String?) async throws(RemoteError) -> Int? {
    guard let folder, isFullPath(folder) else { return nil }
    do {
      return try await host.list(WindowsPath(folder)).count
    } catch {
      switch error.kind {
      case .notFound: return 0
      case .tooLarge: return RemoteLimits.listing
      case .accessDenied: return nil
      default: throw error
      }
    }
  }

  /// Which boot of the machine this is, as far as Windows says.
  package static func bootMark(_ host: any Host) async throws(RemoteError) -> BootMark {
    let answers = try await host.run(inTurn: [query(shutdownKey, value: "ShutdownTime"), query(service: "RpcSs")])
    let shutdown = RegistryOutput(answers[0])["ShutdownTime"]
    let service = ServiceOutput(answers[1])
    return BootMark(
      shutdown: shutdown.flatMap { $0.text.isEmpty ? nil : $0.text.replacing(" ", with: "") },
      processID: service.isRunning ? service.processID : nil)
  }

  /// Windows' own folder; `C:\Windows` unless the registry says otherwise.
  package static func systemRoot(_ host: any Host) async throws(RemoteError) -> WindowsPath {
    systemRoot(RegistryOutput(try await host.run(query(windowsKey, value: "SystemRoot"))))
  }

  private static func systemRoot(_ key: RegistryOutput) -> WindowsPath {
    guard let root = key["SystemRoot"]?.text, isFullPath(root) else { return WindowsPath(#"C:\Windows"#) }
    return WindowsPath(root)
  }

  /// What the machine calls itself now, as far as it takes to tell it from one that called itself `earlier`.
  static func machine(_ host: any Host, besides earlier: MachineNames) async throws(RemoteError) -> MachineNames {
    try await services(host, [], besides: earlier).machine
  }

  /// The same beside states and process ids of services, by one line to its shell.
  static func services(
    _ host: any Host, _ names: [String], besides earlier: MachineNames
  ) async throws(RemoteError) -> (services: ServiceFacts, machine: MachineNames) {
    let (asksHost, asksComputer) = (earlier.host != nil, earlier.host == nil && earlier.computer != nil)
    let question = asksHost ? [nameQuestions[0]] : asksComputer ? [nameQuestions[1]] : []
    let answers = try await host.run(inTurn: question + names.map(query(service:)))
    let services = try services(names, answers.dropFirst(question.count))
    guard let first = question.isEmpty ? nil : answers.first.map({ RegistryOutput($0) }) else {
      return (services, MachineNames())
    }
    return (services, MachineNames(host: name(first["Hostname"]), computer: name(first["ComputerName"])))
  }

  private static let nameQuestions = [
    query(hostNameKey, value: "Hostname"), query(computerNameKey, value: "ComputerName"),
  ]

  /// States and process ids of services.
  package static func services(
    _ host: any Host, _ names: [String]
  ) async throws(RemoteError) -> ServiceFacts {
    let answers = try await host.run(inTurn: names.map(query(service:)))
    return try services(names, answers[...])
  }

  /// `answers`: what was printed for each of the names, in their order.
  private static func services(
    _ names: [String], _ answers: ArraySlice<CommandResult>
  ) throws(RemoteError) -> ServiceFacts {
    var facts: ServiceFacts = [:]
    for (name, answer) in zip(names, answers) {
      let output = ServiceOutput(answer)
      if output.isMissing {
        facts[name] = ServiceFact(.absent)
      } else if output.isAccessDenied {
        throw RemoteError(.accessDenied, "no right to look at the service \(name)")
      } else if let state = output.state {
        facts[name] = ServiceFact(factState(state), pid: output.processID)
      }
    }
    return facts
  }

  /// The agent's `OfcNTCer.dat` held against the server's. Nil where the agent's folder is not known.
  package static func certificate(
    _ host: any Host, folder: String?, against readings: CertificateReadings
  ) async throws(RemoteError) -> CertificateReadings.Reading? {
    guard let folder, isFullPath(folder) else { return nil }
    do {
      let bytes = try await host.get(
        WindowsPath(folder).appending("OfcNTCer.dat"), limit: AuthenticationCertificate.sizeLimit)
      return readings.reading(bytes)
    } catch {
      switch error.kind {
      case .notFound: return .init(verdict: .absent)
      case .tooLarge: return .init(verdict: .unreadable)
      default: throw error
      }
    }
  }

  private static func query(_ key: String, value: String? = nil) -> RemoteCommand {
    var arguments: [RemoteArgument] = ["query", .plain(key)]
    if let value { arguments += ["/v", .plain(value)] }
    return RemoteCommand("reg.exe", arguments + ["/reg:32"])
  }

  private static func query(service name: String) -> RemoteCommand {
    RemoteCommand("sc.exe", ["queryex", .plain(name)])
  }

  /// A machine's name; nil where it is no name. Longer than any name is, it says nothing.
  private static func name(_ value: RegistryValue?) -> String? {
    guard let text = value?.text.split(whereSeparator: \.isWhitespace).first, text.utf8.count <= AgentName.longest
    else {
      return nil
    }
    return String(text)
  }

  private static func port(_ value: RegistryValue?) -> Int? {
    guard let value else { return nil }
    let number = value.number.map(Int.init(clamping:)) ?? Int(value.text)
    return number.flatMap { (1...65_535).contains($0) ? $0 : nil }
  }

  /// `C:\…` without a way out of its folder.
  private static func isFullPath(_ text: String) -> Bool {
    var text = text
    return text.withUTF8(isFullPath)
  }

  private static func isFullPath(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (3...240).contains(bytes.count), bytes[1] == UInt8(ascii: ":"), bytes[2] == UInt8(ascii: "\\") else {
      return false
    }
    var (length, dots) = (0, 0)
    for byte in bytes {
      if byte == UInt8(ascii: "\\") {
        if length == 2, dots == 2 { return false }
        (length, dots) = (0, 0)
      } else {
        length += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return length != 2 || dots != 2
  }

  private static func factState(_ state: ServiceState) -> ServiceFact.State {
    switch state {
    case .running: .running
    case .stopped: .stopped
    case .paused: .paused
    case .startPending: .startPending
    case .stopPending: .stopPending
    case .continuePending, .pausePending: .pending
    }
  }
}
