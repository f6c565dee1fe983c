package import ApexOne
package import Remote

/// Looks at an endpoint's agent through a host, changing nothing.
package enum EndpointLook {
  private static let agentKey = #"HKLM\SOFTWARE\TrendMicro\PC-cillinNTCorp\CurrentVersion"#
  private static let environmentKey = #"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"#
  private static let windowsKey = #"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"#
  private static let shutdownKey = #"HKLM\SYSTEM\CurrentControlSet\Control\Windows"#
  private static let installedKey = #"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"#
  /// The agent's places among the installed programs: Apex One's, OfficeScan's.
  private static let installedNames = ["ApexOneNT", "OfficeScanNT"]

  /// Everything that one look finds out.
  package static func facts(
    _ host: any Host, against readings: CertificateReadings
  ) async throws(RemoteError) -> AgentFacts {
    let shell = "\(try await host.shell())"
    let agent = try await registry(host, agentKey)
    let machine = try await registry(host, environmentKey, value: "PROCESSOR_ARCHITECTURE")
    let architecture = machine["PROCESSOR_ARCHITECTURE"].map { EndpointArchitecture(processorArchitecture: $0.text) }
    guard !agent.values.isEmpty else {
      return AgentFacts(
        isInstalled: false, architecture: architecture,
        services: try await services(host, AgentService.required), shell: shell)
    }
    let version = try await registry(host, agentKey + #"\Misc."#, value: "ProgramVer")["ProgramVer"]?.text
    let folder = agent["Application Path"]?.text
    let reading = try await certificate(host, folder: folder, against: readings)
    return AgentFacts(
      isInstalled: true, server: agent["Server"]?.text, httpPort: port(agent["ServerPort"]),
      httpsPort: port(agent["ServerSSLPort"]), agentPort: port(agent["LocalServerPort"]), applicationPath: folder,
      version: version, guid: agent["GUID"]?.text, architecture: architecture,
      services: try await services(host, AgentService.required + AgentService.optional),
      certificate: reading?.verdict, certificateSHA256: reading?.sha256, shell: shell)
  }

  /// What is left of an agent that was in `folder`.
  package static func remains(_ host: any Host, folder: String?) async throws(RemoteError) -> AgentRemains {
    let hasKey = try await !registry(host, agentKey).values.isEmpty
    var isListed = false
    for name in installedNames where !isListed {
      isListed = try await !registry(host, installedKey + "\\" + name).values.isEmpty
    }
    let services = try await services(host, AgentService.required)
    return AgentRemains(
      hasAgentKey: hasKey, isListed: isListed,
      services: AgentService.required.filter { services[$0].map { $0.state != .absent } ?? true },
      entries: try await entries(host, folder))
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
    let shutdown = try await registry(host, shutdownKey, value: "ShutdownTime")["ShutdownTime"]
    let service = ServiceOutput(try await host.run(RemoteCommand("sc.exe", ["queryex", "RpcSs"])))
    return BootMark(
      shutdown: shutdown.flatMap { $0.text.isEmpty ? nil : $0.text.replacing(" ", with: "") },
      processID: service.isRunning ? service.processID : nil)
  }

  /// Windows' own folder; `C:\Windows` unless the registry says otherwise.
  package static func systemRoot(_ host: any Host) async throws(RemoteError) -> WindowsPath {
    let root = try await registry(host, windowsKey, value: "SystemRoot")["SystemRoot"]?.text
    guard let root, isFullPath(root) else { return WindowsPath(#"C:\Windows"#) }
    return WindowsPath(root)
  }

  /// States and process ids of services.
  package static func services(
    _ host: any Host, _ names: [String]
  ) async throws(RemoteError) -> [String: ServiceFact] {
    var facts: [String: ServiceFact] = [:]
    for name in names {
      let output = ServiceOutput(try await host.run(RemoteCommand("sc.exe", ["queryex", .plain(name)])))
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

  private static func registry(
    _ host: any Host, _ key: String, value: String? = nil
  ) async throws(RemoteError) -> RegistryOutput {
    var arguments: [RemoteArgument] = ["query", .plain(key)]
    if let value { arguments += ["/v", .plain(value)] }
    return RegistryOutput(try await host.run(RemoteCommand("reg.exe", arguments + ["/reg:32"])))
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
