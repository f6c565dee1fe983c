import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Synchronization
import Testing

@testable import Commands

/// `verify N`: what became of agents that a run had proved.
@Suite struct VerifyTests {
  /// The agent's own certificate file, written or taken away by somebody else.
  private func change(_ name: String, to bytes: [UInt8]?, in rig: CommandRig) async throws {
    let clock = rig.fleet.clock
    clock.begin()
    defer { clock.end() }
    let host = try await rig.fleet.connector.connect(to: Endpoint(name: name), within: .seconds(15))
    let facts = try await EndpointLook.facts(
      host, against: CertificateReadings(against: AuthenticationCertificate(bytes: rig.fleet.serverCertificate)))
    let file = WindowsPath(try #require(facts.applicationPath)).appending("OfcNTCer.dat")
    try await host.removeFile(file)
    if let bytes { try await host.put(bytes, to: file) }
    await host.close()
  }

  private func verdicts(_ result: CommandRig.Result) throws -> [String: String] {
    Dictionary(
      try result.objects().map { ($0["agent"] as? String ?? "", $0["verdict"] as? String ?? "-") },
      uniquingKeysWith: { first, _ in first })
  }

  @Test func whatChangedSinceIsFound() async throws {
    let rig = try await CommandRig(agents: 6)
    #expect(try await rig.run("transfer all --confirm 6").code == .success)
    let whole = try await rig.run("verify 1 --format json")
    #expect(whole.code == .success, "\(whole.said)")
    #expect(try whole.objects().map { $0["agent"] as? String } == rig.fleet.names)
    for object in try whole.objects() {
      #expect(object["verdict"] as? String == "equal" && object["protected"] as? Bool == true)
      #expect(Set(object.keys) == ["agent", "verdict", "protected", "cause", "detail"])
    }
    try await change("WS-002", to: rig.fleet.olderCertificate, in: rig)
    try await change("WS-003", to: nil, in: rig)
    try await change("WS-004", to: [1, 2, 3], in: rig)
    let result = try await rig.run("verify 1 --format json")
    #expect(result.code == .incomplete)
    let verdicts = try verdicts(result)
    #expect(["renewed", "other"].contains(verdicts["WS-002"]), "\(verdicts)")
    #expect(verdicts["WS-003"] == "absent" && verdicts["WS-004"] == "unreadable" && verdicts["WS-001"] == "equal")
    #expect(result.said.contains("3 of 6 hold, 3 do not") && result.said.contains("transfer WS-[002-004]"))
    #expect(try rig.journal().runs().count == 1, "it only looks")
  }

  @Test func theRunsCertificateIsWhatCounts() async throws {
    let isOther = Mutex(false)
    let older = try LabFleet(agents: 1).olderCertificate
    let rig = try await CommandRig(agents: 3) { host in
      AlteredHost(host, isOther.withLock { $0 } ? ["common\\ofcntcer.dat": .bytes(older)] : [:])
    }
    #expect(try await rig.run("transfer all --confirm 3").code == .success)
    #expect(!(try await rig.run("verify 1")).said.contains("not the one that run 1 deployed"))
    isOther.withLock { $0 = true }
    let held = try await rig.run("verify 1")
    #expect(held.code == .success && held.said.contains("not the one that run 1 deployed"), "\(held)")
    try await change("WS-001", to: older, in: rig)
    let moved = try await rig.run("verify 1 --format json")
    #expect(moved.code == .incomplete)
    #expect(try verdicts(moved)["WS-001"] == "renewed")
    #expect(moved.output.contains("that the server has now"))
  }

  /// A run that says of every agent, whatever is wrong with it, that it was repaired.
  @Test func causesAreToldApart() async throws {
    let recipe = try #require(FaultRecipe(named: "offline+no-agent+certificate-missing+already-matching"))
    let rig = try await CommandRig(agents: 20, faults: recipe)
    _ = try await rig.run("transfer all --confirm 20 --max-failures 100%")
    let journal = try rig.journal()
    var plan = try #require(try journal.plan(ofRun: 1))
    plan.agents = rig.fleet.names.map { PlannedAgent(name: $0) }
    let run = try journal.beginRun(plan, confirmed: "20", parent: nil, at: 0)
    let running = try await rig.run("verify \(run)")
    #expect(running.code == .refused && running.said.contains("under way"))
    for (position, name) in rig.fleet.names.enumerated() {
      journal.record(AgentResult(position: position, name: name, outcome: .repaired), run: run, at: 0) { _ in }
    }
    try await journal.endRun(run, state: .finished, why: nil, cause: nil, at: 0)
    journal.disown(run)
    let result = try await rig.run("verify \(run) --format json")
    #expect(result.code == .incomplete)
    for object in try result.objects() {
      let name = try #require(object["agent"] as? String)
      let (verdict, cause) = (object["verdict"] as? String, object["cause"] as? String)
      switch rig.fleet.fault(of: name) {
      case .offline: #expect(verdict == nil && ["unreachable", "timed-out"].contains(cause), "\(object)")
      case .noAgent: #expect(verdict == "absent" && cause == "no-agent" && object["protected"] is NSNull, "\(object)")
      default: #expect(verdict == "equal" && cause == nil, "\(object)")
      }
    }
    #expect(result.said.contains("2 could not be looked at"), "\(result.said)")
  }

  @Test func stoppedServicesAreSaid() {
    let facts = AgentFacts(
      isInstalled: true, services: ["tmlisten": ServiceFact(.stopped), "ntrtscan": ServiceFact(.running)],
      certificate: .equal, certificateSHA256: "aa")
    let proof = CertificateProof(facts, deployed: "aa")
    #expect(!proof.holds && proof.protected == false && proof.cause == .servicesStopped)
    #expect(proof.detail == "not protected: tmlisten stopped")
    let unseen = CertificateProof(
      AgentFacts(isInstalled: true, certificate: .equal, certificateSHA256: "aa"), deployed: "aa")
    #expect(!unseen.holds && unseen.cause == .servicesUnproved)
  }

  @Test func aRefusedPasswordAndNothingToVerify() async throws {
    let rig = try await CommandRig(agents: 5, faults: .logonRefused)
    _ = try await rig.run("transfer all --confirm 5")
    let result = try await rig.run("verify 1")
    #expect(result.code == .success && result.said.contains("nothing to verify"))
    #expect(try await rig.run("verify 9").code == .unusableInput)
  }
}
