import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Synchronization
import Testing

@testable import Commands

/// A certificate that is not the server's, by whatever door it comes, and what is said of agents that hold one.
@Suite struct OtherCertificateTests {
  /// A lab whose server's certificate can be another one, or unreadable.
  private final class Lab: Sendable {
    let rig: CommandRig
    private let served = ServedCertificate()

    final class ServedCertificate: Sendable {
      /// Asked anew for each connection.
      let change = Mutex<@Sendable () -> AlteredHost.Change?>({ nil })
    }

    init(agents: Int = 4, faults: FaultRecipe = .none) async throws {
      let served = served
      rig = try await CommandRig(agents: agents, faults: faults) { host in
        AlteredHost(host, served.change.withLock { $0 }().map { ["common\\ofcntcer.dat": $0] } ?? [:])
      }
    }

    func serve(_ change: AlteredHost.Change?) { serve { change } }

    func serve(_ change: @escaping @Sendable () -> AlteredHost.Change?) { served.change.withLock { $0 = change } }

    func file(_ bytes: [UInt8]) throws -> String {
      _ = try rig.folders.readyState()
      let path = rig.folder + "/state/given.dat"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return path
    }

    func set(_ bytes: [UInt8]) async throws { try await rig.state.set(.certificate, try file(bytes), from: .set) }

    /// A case of WS-001 to which `bytes` are attached.
    func makeCase(_ bytes: [UInt8]) async throws {
      let path = try file(bytes)
      let made = try await rig.run("escalate WS-001 --kind on-premises --output '\(rig.folder)/state'")
      #expect(made.code == .success, "\(made.said)")
      let serial = try AuthenticationCertificate(bytes: bytes).serial
      let attached = try await rig.run("escalate --attach 1 --certificate '\(path)' --confirm \(serial)")
      #expect(attached.code == .success, "\(attached.said)")
    }

    var touched: Int { rig.fleet.names.reduce(0) { $0 + rig.fleet.toolRuns(of: $1) } }
  }

  private func expectRefused(_ result: CommandRig.Result, _ lab: Lab, touched: Int = 0) throws {
    #expect(result.code == .refused, "\(result.said)")
    #expect(result.said.contains("not the server's own") && result.said.contains("--certificate-differs"), "\(result)")
    #expect(lab.touched == touched)
  }

  @Test func aCasesCertificateIsComparedToo() async throws {
    let lab = try await Lab()
    let older = lab.rig.fleet.olderCertificate
    try await lab.makeCase(older)
    for more in ["--confirm 1", "--dry-run"] {
      try expectRefused(try await lab.rig.run("transfer WS-001 --case 1 --force \(more)"), lab)
    }
    #expect(try lab.rig.journal().runs().isEmpty)
    let allowed = try await lab.rig.run("transfer WS-002 --case 1 --force --certificate-differs --dry-run")
    #expect(allowed.code == .success && allowed.said.contains("NOT the server's own"), "\(allowed.said)")
  }

  @Test func theServersOwnByACaseNeedsNothing() async throws {
    let lab = try await Lab()
    try await lab.makeCase(lab.rig.fleet.serverCertificate)
    #expect(try await lab.rig.run("transfer WS-001 --case 1 --confirm 1").code == .success)
  }

  @Test func aClosedCaseIsRefused() async throws {
    let lab = try await Lab()
    try await lab.makeCase(lab.rig.fleet.serverCertificate)
    let path = lab.rig.folder + "/state/a.plan"
    #expect(try await lab.rig.run("transfer WS-001 --case 1 --dry-run --plan-out '\(path)'").code == .success)
    #expect(try await lab.rig.run("escalate --close 1").code == .success)
    for line in ["transfer WS-001 --case 1 --confirm 1", "apply '\(path)' --confirm 1"] {
      let result = try await lab.rig.run(line)
      #expect(result.code == .unusableInput && result.said.contains("case 1 was closed"), "\(line): \(result.said)")
    }
    #expect(lab.touched == 0)
  }

  /// Somebody closes the case, or attaches another certificate to it, while a run deploys what it had.
  @Test(arguments: [true, false]) func aCaseThatChangesDuringARunDeploysNoMore(isClosed: Bool) async throws {
    let lab = try await Lab(agents: 6)
    let rig = lab.rig
    try await lab.makeCase(rig.fleet.olderCertificate)
    let readings = Mutex(0)
    let newer = rig.fleet.serverCertificate
    lab.serve {
      // The first is for the plan; the second and the third are before the first two waves.
      let count = readings.withLock { count in
        count += 1
        return count
      }
      guard count == 3, let journal = try? rig.journal() else { return nil }
      if isClosed {
        try? journal.closeCase(1, at: rig.fleet.clock.date)
      } else if let record = try? journal.supportCase(1) {
        try? journal.attach(certificate: Data(newer), value: record.value, toCase: 1)
      }
      return nil
    }
    let line = "transfer all --case 1 --force --certificate-differs --waves 1,1,1 --confirm 6"
    let result = try await rig.run(line)
    #expect(result.code == .incomplete && lab.touched < 6 && lab.touched > 0, "\(lab.touched): \(result.said)")
    let words = isClosed ? "case 1 was closed" : "the certificate to deploy changed while the run went on"
    #expect(result.said.contains(words), "\(result.said)")
  }

  @Test func aProofWithAnotherIsShownAsThat() async throws {
    let lab = try await Lab()
    try await lab.makeCase(try LabFleet(agents: 1, seed: 7).serverCertificate)
    let done = try await lab.rig.run("transfer WS-001 --case 1 --certificate-differs --confirm 1 --format json")
    #expect(done.code == .success, "\(done.said)")
    #expect(done.output.contains("NOT the server's own") && done.said.contains("NOT the server's own"))
    let rows = try await lab.rig.run("list agents").rows
    #expect(rows[0][4] == "proved-other" && rows[1][4] == "mismatched", "\(rows)")
    #expect(try await lab.rig.run("list agents @mismatched").rows.count == 4)
    let shown = try await lab.rig.run("show agent WS-001")
    #expect(!shown.output.contains("certificate is the server's"), "\(shown.output)")
    #expect(shown.output.contains("NOT the server's"))
    let object = try #require(try await lab.rig.run("show agent WS-001 --format json").objects().first)
    #expect((object["certificate"] as? [String: Any])?["verdict"] as? String == "other")
    let live = try await lab.rig.run("show agent WS-001 --live")
    #expect(!live.output.contains("certificate is the server's"), "\(live.output)")
    #expect(try await lab.rig.run("check agent WS-001").rows[0][1] == "green", "a repair would go on")
    for line in ["report 1 --format table", "show run 1 --format table", "report 1"] {
      let result = try await lab.rig.run(line)
      #expect((result.output + result.said).contains("NOT the server's"), "\(line)")
    }
    // Held against the run's, it still holds; that it is not the server's is said.
    let verified = try await lab.rig.run("verify 1")
    #expect(verified.said.contains("NOT the server's"), "\(verified.said)")
  }

  /// What was the server's when it was proved.
  @Test func aProofEndsWhenTheServersCertificateIsAnother() async throws {
    let lab = try await Lab()
    #expect(try await lab.rig.run("transfer all --confirm 4").code == .success)
    #expect(try await lab.rig.run("list agents").rows.allSatisfy { $0[4] == "proved" })
    lab.serve(.bytes(lab.rig.fleet.olderCertificate))
    #expect(try await lab.rig.run("show server --refresh").code == .success)
    #expect(try await lab.rig.run("list agents").rows.allSatisfy { $0[4] == "proved-other" })
    #expect(try await lab.rig.run("list agents @mismatched").rows.count == 4)
    let shown = try await lab.rig.run("show agent WS-001")
    #expect(!shown.output.contains("certificate is the server's"), "\(shown.output)")
    lab.serve(nil)
    _ = try await lab.rig.run("check server")
    #expect(try await lab.rig.run("list agents").rows.allSatisfy { $0[4] == "proved" })
  }

  @Test func theSettingIsHeldAgainstTheServersByEveryDoor() async throws {
    let lab = try await Lab(agents: 30, faults: FaultRecipe(.fullDisk))
    let own = lab.rig.fleet.serverCertificate
    try await lab.set(own)
    let path = lab.rig.folder + "/state/a.plan"
    #expect(try await lab.rig.run("transfer all --dry-run --plan-out '\(path)'").code == .success)
    _ = try await lab.rig.run("transfer all --confirm 30 --parallel 1 --max-failures 1")
    let touched = lab.touched
    // The server's is renewed; the setting still names the file that was the server's.
    lab.serve(.bytes(lab.rig.fleet.olderCertificate))
    for line in ["resume 1", "retry 1 --confirm 1", "apply '\(path)' --confirm 30", "transfer all --confirm 30"] {
      try expectRefused(try await lab.rig.run(line), lab, touched: touched)
    }
    let retried = try await lab.rig.run("retry 1 --certificate-differs --dry-run")
    #expect(retried.code == .success && retried.said.contains("NOT the server's own"), "\(retried.said)")
    let resumed = try await lab.rig.run("resume 1 --certificate-differs --max-failures 100% --format json")
    #expect(resumed.code == .incomplete && lab.touched > touched, "\(resumed.said)")
  }

  /// It was allowed beside one certificate of the server's, not beside whatever comes.
  @Test func whatWasAllowedHoldsBesideThatCertificateOnly() async throws {
    let lab = try await Lab()
    try await lab.set(lab.rig.fleet.olderCertificate)
    let path = lab.rig.folder + "/state/a.plan"
    let planned = try await lab.rig.run(
      "transfer all --force --certificate-differs --dry-run --plan-out '\(path)' --format json")
    #expect(planned.code == .success, "\(planned.said)")
    let third = try LabFleet(agents: 1, seed: 7).serverCertificate
    lab.serve(.bytes(third))
    try expectRefused(try await lab.rig.run("apply '\(path)' --confirm 4"), lab)
    lab.serve(nil)
    let digest = try #require(try planned.objects().last?["plan"] as? String)
    #expect(try await lab.rig.run("apply '\(path)' --confirm \(digest)").code == .success)
    // What a person did not allow can't be put into the file.
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let edited = text.replacingOccurrences(of: "\"certificateDiffers\" : true", with: "\"certificateDiffers\" : false")
    try edited.write(toFile: path, atomically: false, encoding: .utf8)
    #expect(edited != text)
    #expect(try await lab.rig.run("show plan '\(path)'").said.contains("not the one that was written"))
    // Nor beside which certificate it was allowed.
    let (own, other) = (
      try AuthenticationCertificate(bytes: lab.rig.fleet.serverCertificate).sha256, String(repeating: "a", count: 64)
    )
    #expect(text.contains(own))
    try text.replacingOccurrences(of: own, with: other).write(toFile: path, atomically: false, encoding: .utf8)
    #expect(try await lab.rig.run("show plan '\(path)'").said.contains("not the one that was written"))
  }

  /// What was allowed while the server's own was not known was allowed beside none.
  @Test func whatWasAllowedBesideNoneHoldsBesideNone() async throws {
    let lab = try await Lab(agents: 30, faults: FaultRecipe(.fullDisk))
    try await lab.set(lab.rig.fleet.olderCertificate)
    lab.serve(.missing)
    let path = lab.rig.folder + "/state/a.plan"
    let planned = try await lab.rig.run(
      "transfer all --force --certificate-differs --dry-run --plan-out '\(path)'")
    #expect(planned.code == .success, "\(planned.said)")
    _ = try await lab.rig.run(
      "transfer all --force --certificate-differs --confirm 30 --parallel 1 --max-failures 1")
    let touched = lab.touched
    lab.serve(nil)
    for line in ["apply '\(path)' --confirm 30", "resume 1", "retry 1 --confirm 1"] {
      try expectRefused(try await lab.rig.run(line), lab, touched: touched)
    }
    let retried = try await lab.rig.run("retry 1 --certificate-differs --dry-run")
    #expect(retried.code == .success, "\(retried.said)")
  }

  @Test func whatIsProvedBesideAnUnknownOneSaysSo() async throws {
    let lab = try await Lab()
    try await lab.set(lab.rig.fleet.olderCertificate)
    lab.serve(.missing)
    let dry = try await lab.rig.run("transfer WS-001 --force --dry-run")
    #expect(dry.said.contains("the server's own certificate is not known"), "\(dry.said)")
    let done = try await lab.rig.run("transfer WS-001 --force --confirm 1 --format json")
    #expect(done.output.contains("(the server's own is not known)"), "\(done)")
    for line in ["list agents", "show agent WS-001"] {
      let result = try await lab.rig.run(line)
      #expect(result.said.contains("the server's own is not known"), "\(line): \(result.said)")
    }
    lab.serve(nil)
    _ = try await lab.rig.run("show server --refresh")
    let known = try await lab.rig.run("list agents")
    #expect(known.rows[0][4] == "proved-other" && !known.said.contains("not known"), "\(known)")
  }

  @Test func aServerThatCantBeReadNowIsComparedAsItWasRead() async throws {
    let lab = try await Lab()
    _ = try await lab.rig.run("show server")
    try await lab.set(lab.rig.fleet.olderCertificate)
    lab.serve(.missing)
    try expectRefused(try await lab.rig.run("transfer all --confirm 4"), lab)
    #expect(try await lab.rig.run("show server --refresh").code == .success)
    try expectRefused(try await lab.rig.run("transfer all --confirm 4"), lab)
  }

  @Test func aChangeBetweenTwoWavesStopsTheRun() async throws {
    let lab = try await Lab()
    try await lab.set(lab.rig.fleet.serverCertificate)
    _ = try await lab.rig.run("list-mismatched")
    let older = lab.rig.fleet.olderCertificate
    lab.serve { [rig = lab.rig] in
      // When the first wave has done its work.
      rig.fleet.names.contains { rig.fleet.toolRuns(of: $0) > 0 } ? .bytes(older) : nil
    }
    let result = try await lab.rig.run("transfer all --confirm 4 --waves 1,100% --format json")
    #expect(result.code == .incomplete && result.said.contains("the certificate to deploy changed"), "\(result.said)")
    #expect(lab.touched == 1)
    // What was read between the waves is what the server has.
    let states = try await lab.rig.run("list agents").rows.map { "\($0[4])" }
    #expect(states.contains("proved-other") && !states.contains("proved"), "\(states)")
    #expect(try await lab.rig.run("list agents @mismatched").rows.count == 4)
  }

  @Test func aLookIsHeldAgainstTheServersNotTheSettings() async throws {
    let lab = try await Lab()
    try await lab.set(lab.rig.fleet.olderCertificate)
    let live = try await lab.rig.run("show agent WS-001 --live")
    #expect(!live.output.contains("certificate is the server's"), "\(live.output)")
    #expect(try await lab.rig.run("check agent WS-001").rows[0][1] == "green")
  }
}
