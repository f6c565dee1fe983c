import ApexOne
import Foundation
import Lab
import Remote
import Testing

@testable import Runs

/// Random runs against the rules that must hold in every one of them. A failure names its seed: the same seed makes the
/// same fleet, plan, interrupts, pauses and throttles; APEXSH_SEED replays it alone.
@Suite struct SoakRunTests {
  @Test func everyRunKeepsTheRules() async throws {
    try await Histories.run(Histories.count(soak: 7_500, test: 30)) { try await history($0) }
  }

  private func history(_ seed: UInt64) async throws {
    var random = Seeded(seed)
    let recipes = FaultRecipe.all
    let faults = recipes[random.below(recipes.count)]
    let rig = try EngineRig(
      agents: random.below(6) == 0 ? 20 + random.below(45) : 1 + random.below(9), faults: faults, seed: seed)
    rig.options.parallel = [1, 2, 7, 32, 200][random.below(5)]
    rig.options.retries = random.below(4)
    rig.options.waves = WaveSizes(["1,20,10%,100%", "100%", "3", "50%"][random.below(4)]) ?? rig.options.waves
    rig.options.maxFailures = [.percentage(5), .percentage(100), .count(1), .count(4)][random.below(4)]
    rig.options.maxWaveFailures = [nil, nil, .count(0), .percentage(50)][random.below(4)]
    rig.options.maxUnprotected = [.count(1), .percentage(100)][random.below(2)]
    rig.options.vary(&random, agents: rig.fleet.names)
    var reins = random
    rig.onBegin = { [controls = rig.controls, clock = rig.fleet.clock] in controls.disturb(&reins, on: clock) }
    let interruptAt = random.below(3) == 0 ? random.below(20) : -1
    let interrupts = 1 + random.below(3)
    let seen = Counter()
    rig.onResult = { _, controls in
      if seen.next() == interruptAt { for _ in 0..<interrupts { controls.interrupt() } }
    }
    let outcome = try await rig.transfer()
    try check(rig, outcome, "seed \(seed), \(faults.name)")
    try checkWaves(rig, outcome, "seed \(seed), \(faults.name)")
    try await checkProtection(rig, outcome, "seed \(seed), \(faults.name)")
  }

  private func check(_ rig: EngineRig, _ outcome: EngineRig.Outcome, _ what: String) throws {
    let names = rig.fleet.names
    #expect(outcome.results.map(\.name) == names, "\(what): one outcome each, in plan order")
    #expect(outcome.end.tally.done == names.count, "\(what): the counts add up")
    var counts: [Outcome: Int] = [:]
    for result in outcome.results { counts[result.outcome, default: 0] += 1 }
    #expect(counts == outcome.end.tally.counts.filter { $0.value > 0 }, "\(what): the journal says the same")
    for result in outcome.results {
      let events = try rig.journal.events(ofRun: outcome.run, position: result.position)
      for (step, act) in [(RepairStep.Name.stage, RepairStep.Name.staged), (.execute, .executed)] {
        guard let done = events.firstIndex(where: { $0.name == act }) else { continue }
        let intent = events.firstIndex { $0.name == step }
        #expect(intent.map { $0 < done } == true, "\(what): \(result.name) \(act) without an intent before it")
      }
      let executions = events.filter { $0.name == .execute }.count
      #expect(executions <= 1, "\(what): \(result.name) was executed \(executions) times")
      if result.outcome == .repaired { #expect(executions == 1 && result.protected == true, "\(what): \(result)") }
      if result.outcome == .notAttempted || result.outcome == .refused {
        #expect(executions == 0, "\(what): \(result)")
      }
    }
    let account = rig.fleet.logons.account(rig.fleet.secrets.user)
    #expect(account.refused <= 1, "\(what): a refused password was tried again")
    let good = outcome.end.tally[.repaired] + outcome.end.tally[.alreadyMatching]
    if outcome.end.exitCode == 0 { #expect(good == names.count, "\(what): exit code 0") }
  }

  /// Each wave begins only if what came before allows it.
  private func checkWaves(_ rig: EngineRig, _ outcome: EngineRig.Outcome, _ what: String) throws {
    guard !rig.options.maxFailures.isOff else { return }
    let begun = try rig.journal.waves(ofRun: outcome.run)
    let sizes = try rig.journal.plan(ofRun: outcome.run)?.waveSizes ?? []
    let waves = Dictionary(grouping: outcome.results.filter { begun[$0.position] != nil }) {
      begun[$0.position]?.number ?? 0
    }
    for (number, agents) in waves where waves.keys.contains(where: { $0 > number }) {
      let failures = agents.count { $0.outcome.isFailure }
      let limit = rig.options.waveLimit(of: sizes[number - 1], isFirst: number == 1) ?? .max
      #expect(failures <= limit, "\(what): \(failures) failed in wave \(number), and another began")
      if number == 1 { #expect(agents.contains { $0.outcome == .repaired }, "\(what): a wave began before a proof") }
    }
    guard let fifth = try fifthInARow(rig, outcome, begun) else { return }
    for position in begun.keys {
      let began = try rig.journal.events(ofRun: outcome.run, position: position).first?.at ?? 0
      #expect(began <= fifth, "\(what): \(rig.fleet.names[position]) began after five equal failures in a row")
    }
  }

  /// When the fifth of equal failures in a row ended, before any proof; nil where there was none, or ends of one moment
  /// leave open which came first.
  private func fifthInARow(
    _ rig: EngineRig, _ outcome: EngineRig.Outcome, _ begun: [Int: RunWave]
  ) throws -> Double? {
    let ends = try rig.journal.ends(ofRun: outcome.run)
    let order = outcome.results.filter { ends[$0.position] != nil && begun[$0.position] != nil }
      .sorted { ends[$0.position] ?? 0 < ends[$1.position] ?? 0 }
    guard Set(order.map { ends[$0.position] }).count == order.count else { return nil }
    var row: [Cause?] = []
    for result in order {
      if result.outcome == .repaired { return nil }
      guard result.outcome.isFailure else { continue }
      row = row.first == result.cause || row.isEmpty ? row + [result.cause] : [result.cause]
      if row.count == RunOptions.sameInARow { return ends[result.position] }
    }
    return nil
  }

  /// No endpoint is left unprotected unsaid.
  private func checkProtection(_ rig: EngineRig, _ outcome: EngineRig.Outcome, _ what: String) async throws {
    guard rig.fleet.faults != .logonRefused else { return }
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    for result in outcome.results where result.protected == true {
      guard
        let host = try? await rig.fleet.connector.connect(
          to: Endpoint(name: result.name), within: .seconds(120))
      else { continue }
      let services = try await EndpointLook.services(host, AgentService.required)
      await host.close()
      let runs = AgentService.required.allSatisfy { services[$0]?.state == .running }
      #expect(runs, "\(what): \(result.name) is said to be protected and is not: \(result)")
    }
  }
}

/// SplitMix64: small, and the same everywhere.
struct Seeded {
  private var generator: SeededGenerator
  init(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func below(_ limit: Int) -> Int {
    Int(generator.next() % UInt64(limit))
  }
}
