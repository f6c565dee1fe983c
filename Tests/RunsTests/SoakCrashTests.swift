import ApexOne
import Foundation
import Lab
import Remote
import Testing

@testable import Runs

/// A process that dies at any moment, and the next one that carries its run on: against the rules that must hold.
/// A failure names its seed; APEXSH_SEED replays it alone.
@Suite struct SoakCrashTests {
  @Test func whateverDiesIsCarriedOn() async throws {
    try await Histories.run(Histories.count(soak: 2_500, test: 40)) { try await history($0) }
  }

  private func history(_ seed: UInt64) async throws {
    var random = Seeded(seed ^ 0xC4A5)
    let recipes = [
      FaultRecipe.none, .typical, .init(.connectionDropped), .init(.reboot), .init(.slow), .init(.asleep),
    ]
    let faults = recipes[random.below(recipes.count)]
    let rig = try EngineRig(
      agents: random.below(6) == 0 ? 20 + random.below(15) : 1 + random.below(9), faults: faults, seed: seed)
    rig.options.parallel = [1, 4, 32][random.below(3)]
    rig.options.waves = WaveSizes(["1,20,10%,100%", "100%", "3"][random.below(3)]) ?? rig.options.waves
    rig.options.maxFailures = .percentage(100)
    rig.options.vary(&random, agents: rig.fleet.names)
    let what = "seed \(seed), \(faults.name)"
    var proved: [Int: Int] = [:]
    var leg = try await rig.leg(dyingAfter: Double(random.below(90_000)) / 1_000, &random)
    var legs = 1
    while true {
      try check(rig, leg, proved, what)
      for result in try leg.journal.results(ofRun: leg.run) where result.outcome == .repaired {
        proved[result.position] = rig.fleet.toolRuns(of: result.name)
      }
      guard case .journal = leg.end.stop else { break }
      legs += 1
      let dies = legs < 4 && random.below(2) == 0
      leg = try await rig.leg(of: leg.run, dyingAfter: dies ? Double(random.below(60_000)) / 1_000 : nil, &random)
    }
    try await checkEnd(rig, leg, what)
  }

  /// What must hold after each leg, dead or not.
  private func check(_ rig: EngineRig, _ leg: EngineRig.Leg, _ proved: [Int: Int], _ what: String) throws {
    for (position, name) in rig.fleet.names.enumerated() {
      let events = try leg.journal.events(ofRun: leg.run, position: position)
      let intents = events.filter { $0.isIntent && $0.name == .execute }.count
      let runs = rig.fleet.toolRuns(of: name)
      #expect(runs <= intents, "\(what): \(name) was run \(runs) times, with \(intents) intents on disk")
      let staged = Set(events.filter { $0.isIntent && $0.name == .stage }.compactMap { $0.detail })
      for folder in rig.fleet.leftovers(of: name) where folder != EndpointLock.folderName {
        #expect(
          staged.contains(#"C:\Windows\"# + folder), "\(what): \(name) has \(folder), of which the disk knows nothing")
      }
      if let before = proved[position] { #expect(runs == before, "\(what): \(name) was touched after its proof") }
    }
  }

  /// What must hold once a leg came to its end.
  private func checkEnd(_ rig: EngineRig, _ leg: EngineRig.Leg, _ what: String) async throws {
    let results = try leg.journal.results(ofRun: leg.run)
    #expect(results.map(\.name) == rig.fleet.names, "\(what): one outcome each")
    #expect(leg.end.tally.done == rig.fleet.names.count, "\(what): the counts add up: \(leg.end.tally)")
    var counts: [Outcome: Int] = [:]
    for result in results { counts[result.outcome, default: 0] += 1 }
    #expect(counts == leg.end.tally.counts.filter { $0.value > 0 }, "\(what): the journal says the same")
    #expect(leg.end.stop != nil || counts[.unknown] == nil && counts[.notAttempted] == nil, "\(what): \(counts)")
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    for result in results where result.outcome != .unreachable && result.protected != false {
      guard
        let host = try? await rig.fleet.connector.connect(to: Endpoint(name: result.name), within: .seconds(120))
      else { continue }
      let services = try await EndpointLook.services(host, AgentService.required)
      await host.close()
      let wasInstalled = ![.noAgent].contains(rig.fleet.fault(of: result.name))
      let runs = AgentService.required.allSatisfy { services[$0]?.state == .running }
      #expect(runs || !wasInstalled, "\(what): \(result.name) is left unprotected unsaid: \(result)")
      if leg.end.stop == nil, result.outcome == .repaired {
        #expect(
          rig.fleet.leftovers(of: result.name).isEmpty,
          "\(what): \(result.name) \(rig.fleet.leftovers(of: result.name))")
      }
    }
  }
}
