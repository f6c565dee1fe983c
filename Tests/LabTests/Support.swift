import Lab
import Remote
@_exported import TestSupport
import Testing

/// What a repair does at one endpoint, by hand: the tests look at the lab as the engine does, through `Host` only.
struct Workbench {
  let fleet: LabFleet

  init(
    _ agents: Int = 20, _ faults: FaultRecipe = .none, seed: UInt64 = 1, directory: String? = nil
  ) throws {
    fleet = try LabFleet(agents: agents, seed: seed, faults: faults, directory: directory)
  }

  init(_ fleet: LabFleet) { self.fleet = fleet }

  static let limit = Duration.seconds(15)
  static let stage = WindowsPath(#"C:\Windows\apexsh-test"#)
  static let agentKey = #"HKLM\SOFTWARE\TrendMicro\PC-cillinNTCorp\CurrentVersion"#

  /// The first agent that has this fault.
  func agent(with fault: Fault) -> String {
    fleet.names.first { fleet.fault(of: $0) == fault } ?? ""
  }

  func connect(_ name: String) async throws(RemoteError) -> any Host {
    try await fleet.connector.connect(to: Endpoint(name: name), within: Workbench.limit)
  }

  func spec(_ name: String) -> AgentSpec { fleet.spec(of: name)! }

  func agentFolder(_ name: String) -> WindowsPath {
    WindowsPath(
      spec(name).architecture == .x86
        ? #"C:\Program Files\Trend Micro\Security Agent"#
        : #"C:\Program Files (x86)\Trend Micro\Security Agent"#)
  }

  func certificate(_ name: String, _ host: any Host) async throws(RemoteError) -> [UInt8] {
    try await host.get(agentFolder(name).appending("OfcNTCer.dat"), limit: 65_536)
  }

  func tool(_ name: String) -> String {
    spec(name).architecture == .x86 ? "IpXfer.exe" : "IpXfer_x64.exe"
  }

  /// Puts the tool and the certificate where a repair puts them.
  func stage(_ name: String, _ host: any Host) async throws(RemoteError) {
    let server = fleet.server
    let source = fleet.serverPath.appending("Admin").appending("Utility").appending("IpXfer")
      .appending(tool(name))
    try await host.makeFolder(Workbench.stage)
    try await host.put(
      server.get(source, limit: 1 << 20), to: Workbench.stage.appending(tool(name)))
    try await host.put(fleet.serverCertificate, to: Workbench.stage.appending("OfcNTCer.dat"))
  }

  func transfer(_ name: String, password: Secret? = nil) -> RemoteCommand {
    RemoteCommand(
      Workbench.stage.appending(tool(name)).text,
      [
        "-s", .plain(fleet.serverName), "-p", "8080", "-sp", "4343", "-c",
        .plain("\(fleet.agentPort)"),
        "-e", .plain(Workbench.stage.appending("OfcNTCer.dat").text), "-pwd",
        .secret(password ?? fleet.secrets.unloadPassword),
      ], in: Workbench.stage)
  }

  /// State number and process id of a service.
  func service(_ service: String, _ host: any Host) async throws(RemoteError) -> (
    state: Int, pid: Int
  ) {
    let result = try await host.run(RemoteCommand("sc.exe", ["queryex", .plain(service)]))
    return (number("STATE", result), number("PID", result))
  }

  private func number(_ label: String, _ result: CommandResult) -> Int {
    let line = String(decoding: result.output, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first { $0.contains(label + " ") }
    return line.flatMap { $0.split(separator: ":").last?.split(separator: " ").first }.flatMap {
      Int($0)
    } ?? -1
  }

  /// The server's list, taken now.
  func rawList() async throws(RemoteError) -> [UInt8] {
    let server = fleet.server
    let folder = fleet.serverPath.appending("Admin").appending("Utility").appending(
      "CertificateManager")
    let target = WindowsPath(#"C:\Windows\Temp\list.csv"#)
    let result = try await server.run(
      RemoteCommand(
        folder.appending("CertificateManager.exe").text, ["-l", .plain(target.text)], in: folder))
    #expect(result.exitCode == 0)
    return try await server.get(target, limit: 1 << 24)
  }

  /// Names on the server's list, taken now.
  func list() async throws(RemoteError) -> [String] {
    let lines = String(decoding: try await rawList(), as: UTF8.self).split(
      whereSeparator: \.isNewline)
    #expect(
      lines.first == "Computer Name,IP Address,Domain,GUID,Version,Platform,Connection Status")
    return lines.dropFirst().map { String($0.prefix { $0 != "," }) }
  }

  func wait(_ seconds: Int) async throws { try await fleet.clock.sleep(for: .seconds(seconds)) }
}

extension CommandResult {
  var text: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: errors, as: UTF8.self) }
}

extension Timekeeper {
  /// Waits for something that another task of this clock brings about. For one waiter at a time: a clock may move before
  /// a waiter is back.
  func idle<T>(_ wait: () async -> T) async -> T {
    end()
    let value = await wait()
    begin()
    return value
  }
}
