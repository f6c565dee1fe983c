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

  @Test func autopccIsRunFromTheShare() throws {
    let command = try InstallerCommand.autopcc(server: "apexone.contoso.local", extra: ["-f", "-u"])
    #expect(command.program == #"\\apexone.contoso.local\ofcscan\autopcc.exe"#)
    #expect(command.arguments == [.text("-f"), .text("-u")])
    for name in ["", "-x", "a b", "fe80::1", #"a\b"#] {
      #expect(throws: RemedyError.self, "\(name)") { try InstallerCommand.autopcc(server: name, extra: []) }
    }
  }

  /// What each code asks for at each step; success is believed of none.
  @Test(
    arguments: [
      (0, .look, .look), (1602, .look, .fail), (1603, .look, .fail), (1605, .look, .fail), (1618, .wait, .wait),
      (1619, .look, .fail), (1620, .look, .fail), (1625, .look, .fail), (1633, .look, .fail), (1638, .look, .fail),
      (1641, .reboot, .reboot), (3010, .reboot, .reboot), (1, .look, .look), (5, .look, .look), (1639, .look, .look),
    ] as [(UInt32, InstallerAdvice, InstallerAdvice)])
  func codesAskForSomething(row: (UInt32, InstallerAdvice, InstallerAdvice)) {
    let result = InstallerResult(exitCode: row.0)
    #expect(result.advice(at: .uninstall) == row.1)
    #expect(result.advice(at: .install) == row.2)
    for step in InstallerStep.allCases where row.0 != 0 {
      #expect(result.meaning(at: step).contains("\(row.0)") || [1619, 1620, 1625].contains(row.0), "\(row)")
    }
    #expect(!result.meaning(at: .uninstall).contains("the installer"), "\(row)")
  }

  @Test func aFailureThatALookConfirmsIsOver() {
    let none = AgentFacts(isInstalled: false)
    func proof(_ facts: AgentFacts, _ installer: InstallerResult?) -> ProofDecision { decide([(0, facts)], installer) }
    #expect(proof(none, .fatal).isOver)
    #expect(!proof(none, .success).isOver && !proof(none, nil).isOver && !proof(none, .other(7)).isOver)
    #expect(!proof(agent(.other), .fatal).isOver)
  }

  @Test func theServersPortBelongsToTheProof() {
    func decide(_ port: Int?) -> ProofDecision {
      var facts = agent(.equal)
      facts.httpPort = port
      return ReinstallProof(
        before: AgentFacts(isInstalled: false),
        looks: [ProofLook(at: .seconds(0), facts), ProofLook(at: .seconds(15), facts)], installer: .success,
        expected: LookExpectations(serverName: "apexone", needsAgent: false, httpPort: 8080)
      ).decide()
    }
    #expect(decide(8080).outcome == .repaired)
    #expect(decide(nil).outcome == .repaired, "what the registry does not say is no evidence")
    expect(decide(8081), .failed, .otherServer)
  }

  /// `--force`: an agent that was as right before is no proof of what the package did.
  @Test func anAgentThatWasRightBeforeNeedsEvidence() {
    func facts(_ pid: UInt32, version: String = "14.0.1") -> AgentFacts {
      AgentFacts(
        isInstalled: true, server: "APEXONE", version: version,
        services: ["tmlisten": ServiceFact(.running, pid: pid), "ntrtscan": ServiceFact(.running, pid: pid + 1)],
        certificate: .equal)
    }
    let (before, same, restarted) = (facts(10), facts(10), facts(20))
    expect(decide([(0, same), (15, same)], .fatal, before: before), .failed, .installFailed)
    expect(decide([(0, restarted), (15, restarted)], .fatal, before: before), .failed, .installFailed)
    expect(decide([(0, same), (15, same)], before: before), .unproved, .restartUnproved)
    #expect(decide([(0, restarted), (15, restarted)], before: before).outcome == .repaired)
    let newer = facts(10, version: "14.0.2")
    #expect(decide([(0, newer), (15, newer)], before: before).outcome == .repaired)
  }

  @Test func whatIsLeftOfAnAgent() {
    let clean = AgentRemains(hasAgentKey: false, isListed: false, services: [], entries: 0)
    #expect(clean.isGone && clean.isClean && clean.text == "nothing")
    var some = clean
    some.entries = 2
    #expect(some.isGone && !some.isClean && some.text == "2 entries of its folder")
    some.entries = nil
    #expect(some.isClean)
    for change: (inout AgentRemains) -> Void in [
      { $0.hasAgentKey = true }, { $0.isListed = true }, { $0.services = ["tmlisten"] },
    ] {
      var remains = clean
      change(&remains)
      #expect(!remains.isGone && !remains.isClean && remains.text != "nothing")
    }
  }
}
