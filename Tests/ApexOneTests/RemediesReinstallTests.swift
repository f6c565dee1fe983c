import Testing

@testable import ApexOne

/// The installer's command line, its codes, and what proves a reinstallation.
@Suite struct RemediesReinstallTests {
  @Test func packagesAreRunByTheirKind() throws {
    let msi = try InstallerCommand.install(
      packageAt: "C:\\Windows\\apexsh-1\\Agent.MSI", extra: ["/l*v", "C:\\a b.log"])
    #expect(msi.program == "msiexec.exe")
    #expect(
      msi.arguments.map(\.masked)
        == ["/i", "C:\\Windows\\apexsh-1\\Agent.MSI", "/qn", "/norestart", "/l*v", "C:\\a b.log"])
    let exe = try InstallerCommand.install(packageAt: "C:\\Windows\\apexsh-1\\agent.exe", extra: [])
    #expect(exe == InstallerCommand(program: "C:\\Windows\\apexsh-1\\agent.exe", arguments: []))
    #expect(throws: RemedyError.self) { try InstallerCommand.install(packageAt: "C:\\a\\agent.zip", extra: []) }
    #expect(throws: RemedyError.self) { try InstallerCommand.install(packageAt: "agent.msi", extra: []) }
    #expect(throws: RemedyError.self) { try InstallerCommand.install(packageAt: "C:\\a\\b.msi", extra: ["a\nb"]) }
  }

  @Test func theUninstallerTakesThePasswordAsAMarker() throws {
    let command = try InstallerCommand.uninstall(agentFolder: "C:\\Program Files (x86)\\Trend Micro\\Security Agent")
    #expect(command.program == "C:\\Program Files (x86)\\Trend Micro\\Security Agent\\PccNTMon.exe")
    #expect(command.arguments == [.text("-m"), .uninstallPassword])
    #expect(throws: RemedyError.self) { try InstallerCommand.uninstall(agentFolder: "..\\x") }
  }

  @Test(
    arguments: [
      (0, .success, true, false), (3010, .rebootNeeded, true, true), (1641, .rebootStarted, true, true),
      (1618, .busy, false, false), (1603, .fatal, false, false), (1605, .notInstalled, false, false),
      (1619, .packageUnreadable, false, false), (1633, .wrongPlatform, false, false), (42, .other(42), false, false),
    ] as [(UInt32, InstallerResult, Bool, Bool)])
  func codesHaveMeanings(row: (UInt32, InstallerResult, Bool, Bool)) {
    let result = InstallerResult(exitCode: row.0)
    #expect(result == row.1)
    #expect(result.isSuccess == row.2)
    #expect(result.asksForReboot == row.3)
  }

  private func decide(
    _ looks: [(Int, AgentFacts)], _ installer: InstallerResult? = .success, before: AgentFacts? = nil
  ) -> ProofDecision {
    ReinstallProof(
      before: before ?? agent(.other), looks: looks.map { ProofLook(at: .seconds($0.0), $0.1) }, installer: installer,
      expected: LookExpectations(serverName: "apexone", needsAgent: false)
    ).decide()
  }

  private func agent(_ certificate: CertificateVerdict, server: String? = "APEXONE", running: Bool = true) -> AgentFacts
  {
    let service = ServiceFact(running ? .running : .stopped)
    return AgentFacts(
      isInstalled: true, server: server, services: ["tmlisten": service, "ntrtscan": service], certificate: certificate)
  }

  @Test func aRunningAgentOfThisServerIsTheProof() {
    let good = agent(.equal)
    #expect(decide([(0, good), (15, good)]).outcome == .repaired)
    // An exit code is not believed, either way.
    #expect(decide([(0, good), (15, good)], .other(5)).outcome == .repaired)
    #expect(decide([(0, good), (15, good)], nil, before: AgentFacts(isInstalled: false)).outcome == .repaired)
    #expect(decide([(0, good)]).cause == .servicesUnproved)
  }

  @Test func everythingElseIsNot() {
    let good = agent(.equal)
    let none = AgentFacts(isInstalled: false)
    expect(decide([(0, good), (15, good)], .rebootNeeded), .rebootRequired, .reboot)
    expect(decide([], .rebootStarted), .rebootRequired, .reboot)
    expect(decide([(0, good)], .busy), .failed, .installerBusy)
    expect(decide([], .fatal), .failed, .installFailed)
    expect(decide([]), .unproved, .servicesUnproved)
    expect(decide([(0, none)]), .failed, .installFailed)
    expect(decide([(0, agent(.equal, server: "apexone2"))]), .failed, .otherServer)
    expect(decide([(0, agent(.equal, server: nil))]), .failed, .otherServer)
    expect(decide([(0, agent(.equal, running: false))]), .failed, .servicesStopped)
    expect(decide([(0, agent(.other))]), .failed, .toolHadNoEffect)
    expect(decide([(0, agent(.other))], .fatal), .failed, .installFailed)
    expect(decide([(0, agent(.other))], before: none), .failed, .certificateChanged)
  }

  private func expect(_ decision: ProofDecision, _ outcome: Outcome, _ cause: Cause) {
    #expect(decision.outcome == outcome)
    #expect(decision.cause == cause)
  }
}
