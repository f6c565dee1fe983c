import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Synchronization
import Testing

@testable import Commands

/// `check server` and `check agent`.
@Suite struct ChecksTests {
  private func states(_ result: CommandRig.Result) -> [String: String] {
    Dictionary(result.rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
  }

  @Test func aSoundServerHasNoRed() async throws {
    let rig = try await CommandRig(agents: 3)
    let result = try await rig.run("check server")
    #expect(result.code == .success, "\(result.output)")
    let states = states(result)
    #expect(!states.values.contains("red"))
    for check in [
      "reachable", "ofcscan.ini", "server-name", "agent-port", "certificate", "certificate-dates",
      "private-key", "IpXfer.exe", "IpXfer_x64.exe", "CertificateManager.exe",
    ] {
      #expect(states[check] == "green", "\(check)")
    }
    #expect(states["own-store"] == "amber" && states["clock"] != nil)
    #expect(result.output.contains("seen the first time"))
    #expect(try await rig.run("check server").output.contains(", as on "))
    let objects = try await rig.run("check server --format json").objects()
    #expect(objects.allSatisfy { Set($0.keys) == ["check", "state", "detail"] })
  }

  /// A slow line, and a server that is watched: no file is fetched again.
  @Test(arguments: [nil, AlteredHost.Change.missing, .bytes(Array("no certificate".utf8))])
  func everyFileIsFetchedOnce(certificate: AlteredHost.Change?) async throws {
    let hosts = Mutex<[AlteredHost]>([])
    let rig = try await CommandRig(agents: 1) { base in
      let host = AlteredHost(base, certificate.map { ["ofcntcer.dat": $0] } ?? [:])
      hosts.withLock { $0.append(host) }
      return host
    }
    _ = try await rig.run("check server")
    let fetched = hosts.withLock { $0.flatMap { host in host.fetched.withLock { $0 } } }.map { $0.lowercased() }
    #expect(Set(fetched).count == fetched.count, "\(fetched)")
    for name in ["ofcscan.ini", "ofcntcer.dat", "certificatemanager.exe", "ipxfer.exe"] {
      #expect(fetched.contains { $0.hasSuffix("\\" + name) }, "\(name): \(fetched)")
    }
    // What is kept of it is what `connect` would have kept.
    let json = try #require(try rig.journal().facts(server: CommandRig.identity)).json
    let kept = try #require(ServerFacts(json: json))
    #expect(
      (kept.certificate == nil) == (certificate != nil) && (kept.certificateProblem == nil) == (certificate == nil))
  }

  @Test func aChangedToolIsAmberOnce() async throws {
    let rig = try await CommandRig(agents: 1)
    #expect(try await rig.run("check server").code == .success)
    _ = try rig.journal().keepTools(
      [PlannedFile(name: "IpXfer_x64.exe", bytes: [1])], server: CommandRig.identity, at: rig.fleet.clock.date)
    let changed = try await rig.run("check server")
    #expect(changed.code == .success && states(changed)["IpXfer_x64.exe"] == "amber")
    #expect(states(try await rig.run("check server"))["IpXfer_x64.exe"] == "green")
  }

  @Test(arguments: [
    ("ofcntcer.dat", AlteredHost.Change.missing, ["certificate", "certificate-dates"]),
    ("ofcntcer.dat", .bytes(Array("no certificate".utf8)), ["certificate", "certificate-dates"]),
    ("ofcscan.ini", .missing, ["ofcscan.ini", "server-name", "http-port", "agent-port"]),
    ("certificatemanager.exe", .missing, ["CertificateManager.exe"]),
    ("ipxfer.exe", .missing, ["IpXfer.exe"]), ("ipxfer_x64.exe", .missing, ["IpXfer_x64.exe"]),
  ])
  func oneThingWrongIsRedAndHidesNoOther(file: String, change: AlteredHost.Change, red: [String]) async throws {
    let rig = try await CommandRig(agents: 1, server: { AlteredHost($0, [file: change]) })
    let result = try await rig.run("check server")
    #expect(result.code == .incomplete)
    let states = states(result)
    #expect(Set(states.filter { $0.value == "red" }.keys) == Set(red), "\(result.output)")
  }

  @Test func aPrivateKeyIsRedAndNotShown() async throws {
    let body = "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    let key = "-----BEGIN PRIVATE KEY-----\n\(body)\n-----END PRIVATE KEY-----\n"
    let rig = try await CommandRig(agents: 1, server: { AlteredHost($0, ["ofcntcer.dat": .bytes(Array(key.utf8))]) })
    let result = try await rig.run("check server")
    #expect(result.code == .incomplete && states(result)["private-key"] == "red")
    #expect(!result.output.contains("MC4CAQ"))
  }

  @Test(arguments: [(RemoteError.Kind.unreachable, ExitCode.serverUnavailable), (.hostKeyChanged, .refused)])
  func anUnreachableServerIs69(kind: RemoteError.Kind, code: ExitCode) async throws {
    let rig = try await CommandRig(agents: 1, server: { _ in throw RemoteError(kind, "apexone: no way") })
    let result = try await rig.run("check server")
    #expect(result.code == code)
    #expect(result.rows.first?.prefix(2) == ["reachable", "red"])
  }

  @Test func aTableCutsNoSentence() async throws {
    let rig = try await CommandRig(agents: 1)
    let own = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    #expect(try await rig.run("check server --format table").output.contains("SHA-256 \(own.sha256)"))
    #expect(try await rig.run("show server --format table").output.contains("\(own.sha256)  (C:"))
  }

  @Test func checkingChangesNothing() async throws {
    let rig = try await CommandRig(agents: 3)
    let path = WindowsPath(#"C:\Windows"#)
    func listing() async throws -> [RemoteEntry] {
      rig.fleet.clock.begin()
      defer { rig.fleet.clock.end() }
      let host = try await rig.fleet.connector.connect(to: Endpoint(name: "WS-001"), within: .seconds(15))
      return try await host.list(path) + rig.fleet.server.list(path)
    }
    _ = try await rig.run("list agents")
    let before = try await listing()
    for line in ["check server", "check agent all", "show agent WS-001 --live", "show server --refresh"] {
      #expect(try await rig.run(line).code == .success, "\(line)")
    }
    #expect(try await listing() == before)
  }

  @Test func validityByTheClock() throws {
    let certificate = try AuthenticationCertificate(bytes: LabFleet(agents: 1).serverCertificate)
    let facts = ServerFacts.Certificate(certificate, place: "")
    #expect(CertificateValidity(facts, at: facts.notAfter - 31 * 86_400).state == .green)
    #expect(CertificateValidity(facts, at: facts.notAfter - 29 * 86_400).state == .amber)
    #expect(CertificateValidity(facts, at: facts.notAfter + 1).state == .red)
    #expect(CertificateValidity(facts, at: facts.notBefore - 1).state == .red)
  }

  @Test func agentsInOrderWithTheirCauses() async throws {
    let rig = try await CommandRig(agents: 200, faults: .typical)
    let result = try await rig.run("check agent @mismatched")
    #expect(result.code == .incomplete)
    #expect(result.rows.map { $0[0] } == rig.fleet.names)
    let causes: [Fault: (String, [String])] = [
      .none: ("green", [""]), .offline: ("red", ["unreachable", "timed-out"]), .otherServer: ("red", ["other-server"]),
      .noAgent: ("red", ["no-agent"]), .alreadyMatching: ("amber", ["list-stale"]), .slow: ("green", [""]),
    ]
    for row in result.rows {
      guard let fault = rig.fleet.fault(of: row[0]), let (state, expected) = causes[fault] else { continue }
      #expect(row[1] == state && expected.contains(row[2]), "\(row[0]) \(fault): \(row)")
    }
    #expect(result.said.contains("not tested"))
    #expect(try rig.journal().runs().isEmpty)
  }

  @Test(arguments: [
    (CertificateVerdict.equal, "apexone", Cause.servicesStopped), (.other, "apexone", .servicesStopped),
    (.equal, "elsewhere", .otherServer),
  ])
  func servicesThatMustRunAndDoNotAreSaid(certificate: CertificateVerdict, server: String, cause: Cause) {
    var facts = AgentFacts(
      isInstalled: true, server: server, architecture: .x64,
      services: ["tmlisten": ServiceFact(.stopped), "ntrtscan": ServiceFact(.running)], certificate: certificate)
    let check = AgentCheck(facts, LookExpectations(serverName: "apexone"))
    #expect(check.state == .red && check.cause == cause)
    #expect(check.detail.contains("not protected now: tmlisten stopped"), "\(check.detail)")
    facts[service: "tmlisten"] = ServiceFact(.running)
    let sound = AgentCheck(facts, LookExpectations(serverName: "apexone")).detail
    #expect(!sound.contains("not protected") && sound.contains("its services run"), "\(sound)")
  }

  @Test func aRefusedPasswordStopsTheCheck() async throws {
    let rig = try await CommandRig(agents: 100, faults: .logonRefused)
    let result = try await rig.run("check agent all")
    #expect(result.code == .refused)
    #expect(rig.fleet.logons.account(rig.fleet.secrets.user).attempts == 1)
    #expect(result.rows.count == 1 && result.rows[0][2] == "logon-refused")
    #expect(result.said.contains("not checked") && result.said.contains("set password"))
    // Nor does any later command of the session try it, until it is given anew.
    for line in ["check agent all", "show agent WS-002 --live", "transfer WS-003 --confirm 1"] {
      let again = try await rig.run(line)
      #expect(again.code == .refused && again.said.contains("was refused before"), "\(line): \(again.said)")
    }
    #expect(rig.fleet.logons.account(rig.fleet.secrets.user).attempts == 1)
  }

  /// What a run behind the prompt found of a password ends with that run: given anew, it is tried again.
  @Test func aPasswordThatIsGivenAnewIsTriedOnceMore() async throws {
    let rig = try await CommandRig(agents: 5, faults: .logonRefused)
    _ = try await rig.run("transfer all --confirm 5 &")
    _ = try await rig.run("wait")
    let user = rig.fleet.secrets.user
    #expect(rig.fleet.logons.account(user).attempts == 1)
    let path = rig.folder + "/password"
    try Data(rig.fleet.secrets.password.reveal { $0 }.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try await rig.run("set password --from-file '\(path)'").code == .success)
    _ = try await rig.run("check agent all")
    #expect(rig.fleet.logons.account(user).attempts == 2)
  }

  @Test func emptySetsAreNoError() async throws {
    let rig = try await CommandRig(agents: 3)
    _ = try await rig.run("transfer WS-001 --confirm 1")
    let result = try await rig.run("check agent @unreachable")
    #expect(result.code == .success && result.output.isEmpty && result.said.contains("nothing to check"))
    #expect(try await rig.run("check agent WS-9 --unlisted").code == .incomplete)
  }

  @Test func resultsKeepTheirOrder() throws {
    let console = TestConsole()
    let rows = OrderedRows<Int> { try console.write("\($0) ") }
    for place in [2, 0, 1, 4] { _ = rows.add(place, at: place) }
    #expect(console.output == "0 1 2 ")
    try rows.finish()
    #expect(console.output == "0 1 2 4 ")
    let closed = OrderedRows<Int> { _ in throw OutputClosed() }
    _ = closed.add(1, at: 0)
    #expect(closed.hasFailed)
    #expect(throws: OutputClosed.self) { try closed.finish() }
  }
}
