import ApexOne
import ArgumentParser
import Remote
import Runs
import Synchronization

/// `verify N`: looks again at what a run had proved.
struct Verify: ResultCommand, LookingCommand, JudgingCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Look again at the agents that a run had repaired, changing nothing.",
    discussion: """
      Reads the certificate of each agent that ended repaired or already-matching, and holds it against the one that \
      the run deployed: equal, renewed (another one of the server's key), other, absent or unreadable; and whether the \
      required services run. An endpoint that can't be looked at has no verdict, but a cause. Where the server's own \
      certificate is another by now, that is said. Logons by password go singly until three endpoints have taken \
      it; a refused one stops it at once.
      """)
  static let manual = CommandManual(
    group: .runs,
    examples: [
      .init("verify 7", "the day after"), .init("verify 7 --format json", "an object an agent"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: ["agent", "verdict", "protected", "cause", "detail"])

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var number: RunNumber
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let place = try invocation.place()
    let journal = try invocation.journal(of: place)
    let plan = try journal.plan(ofRun: number.value, server: place.identity)
    if try journal.run(number.value)?.state == .running {
      throw CommandError(.refused, "run \(number.value) is under way; verify it when it has ended")
    }
    let good = try journal.results(ofRun: number.value).filter(\.outcome.isGood)
    guard !good.isEmpty else {
      invocation.console.note("run \(number.value) has no repaired or already-matching agents: nothing to verify")
      return .success
    }
    let endpoints = good.map { Endpoint(name: $0.name, address: plan.agents[$0.position].address) }
    let ground = try await LookGround.read(
      place, against: plan.certificateSHA256, for: "verify \(number.value)",
      otherMachines: plan.options.otherMachines ?? [], in: invocation)
    noteServerCertificate(ground, plan, invocation.console)
    return try await verify(endpoints, plan.certificateSHA256, ground, invocation)
  }

  /// Equal is meant against what the run deployed: that may be less than the server asks for by now.
  private func noteServerCertificate(_ ground: LookGround, _ plan: Plan, _ console: any Console) {
    guard let own = ground.serverCertificate else {
      return console.note("the server's own certificate can't be read: agents are held against what the run deployed")
    }
    guard own.sha256 != plan.certificateSHA256 else { return }
    let (now, then) = ("(serial \(own.serial))", "(serial \(plan.certificateSerial))")
    console.note(
      "the server's certificate \(now) is not the one that run \(number.value) deployed \(then): equal means the run's; "
        + "the server's needs a new transfer")
  }

  private final class Findings: Sendable {
    private let proofs = Mutex([(name: AgentName, proof: CertificateProof)]())
    func add(_ name: AgentName, _ proof: CertificateProof) { proofs.withLock { $0.append((name, proof)) } }
    var all: [(name: AgentName, proof: CertificateProof)] { proofs.withLock { $0 } }
  }

  private func verify(
    _ endpoints: [Endpoint], _ deployed: String, _ ground: LookGround, _ invocation: Invocation
  ) async throws -> ExitCode {
    let rows = invocation.rows([
      ResultColumn("agent", minimumWidth: 12), ResultColumn("verdict", minimumWidth: 10),
      ResultColumn("protected", minimumWidth: 9), ResultColumn("cause", minimumWidth: 16), ResultColumn("detail"),
    ])
    let findings = Findings()
    let sweep = AgentSweep<CertificateProof>(
      ground: ground, endpoints: endpoints, label: "verifying", invocation: invocation
    ) { endpoint, found in
      switch found {
      case .success(let facts):
        CertificateProof(otherMachine: facts, endpoint.name, ground.expectations)
          ?? CertificateProof(facts, deployed: deployed)
      case .failure(let error): CertificateProof(error)
      }
    }
    try await sweep.run { endpoint, proof in
      if let name = AgentName(endpoint.name) { findings.add(name, proof) }
      try rows.write(
        [
          .text(endpoint.name), .init(proof.verdict?.rawValue), .init(proof.protected), .init(proof.cause?.rawValue),
          .init(proof.detail),
        ], now: true)
    }
    try rows.end()
    let isOther = ground.serverCertificate.map { $0.sha256 != deployed } ?? false
    account(findings.all, of: endpoints.count, isOther: isOther, invocation.console)
    DangerText(try invocation.journal(of: ground.place).endangered(server: ground.place.identity))
      .say(to: invocation.console)
    try await invocation.refreshLookups(ground.place)
    try sweep.throwIfCut(again: "verify")
    return findings.all.allSatisfy(\.proof.holds) ? .success : .incomplete
  }

  /// Unprotected endpoints first, then what does not hold any more, then the counts.
  private func account(
    _ found: [(name: AgentName, proof: CertificateProof)], of all: Int, isOther: Bool, _ console: any Console
  ) {
    let unprotected = found.filter { $0.proof.protected == false }.map(\.name)
    if !unprotected.isEmpty { console.note("UNPROTECTED: \(NameFolding.fold(unprotected))") }
    for group in NameGroup.groups(found.filter { !$0.proof.holds }.map { ($0.proof.label, $0.name) }) {
      console.note(group.line())
    }
    let holding = found.count(where: \.proof.holds)
    let missed = found.count { $0.proof.verdict == nil }
    let left = all - found.count
    let counts = [
      "\(NumberText.grouped(holding)) of \(NumberText.grouped(all)) hold\(isOther ? " (the run's certificate, NOT the server's)" : "")",
      "\(NumberText.grouped(found.count - holding - missed)) do not",
      "\(NumberText.grouped(missed)) could not be looked at", left > 0 ? "\(NumberText.grouped(left)) not tried" : nil,
    ]
    console.note("run \(number.value): \(counts.compactMap(\.self).joined(separator: ", "))")
    let changed = found.filter { $0.proof.verdict.map { !$0.isMatch } ?? false }.map(\.name)
    if !changed.isEmpty { console.note("to repair what is not equal: transfer \(NameFolding.fold(changed))") }
  }
}
