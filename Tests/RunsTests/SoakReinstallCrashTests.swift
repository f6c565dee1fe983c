import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// A process that dies at any moment of an uninstallation and the installation after it, and the next one that carries
/// on: no agent is removed twice, none stays away unsaid. A failure names its seed, which replays it.
@Suite struct SoakReinstallCrashTests {
  private static let recipes = [
    FaultRecipe.none, .none, .init(.uninstallDropped), .init(.installerBusyForAWhile), .init(.uninstallWantsReboot),
    .init(.uninstallReboots), .init(.installReboots), .init(.noAgent), .init(.slow), .init(.installFails),
    .init(.uninstallBreaksOff), .init(.reboot),
  ]

  @Test func whateverDiesIsCarriedOn() async throws {
    try await Histories.run(Histories.count(soak: 400, test: 25), history)
  }

  private func history(_ seed: UInt64) async throws {
    var random = Seeded(seed ^ 0x5EED)
    let faults = Self.recipes[random.below(Self.recipes.count)]
    let rig = try EngineRig(agents: 2 + random.below(8), faults: faults, seed: seed)
    rig.options.waves = WaveSizes(["1,100%", "100%"][random.below(2)]) ?? rig.options.waves
    rig.options.maxFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    rig.reinstallation = Reinstallation(uninstallFirst: true)
    let what = "seed \(seed), \(faults.name)"
    var leg = try await rig.leg(dyingAfter: Double(random.below(120_000)) / 1_000, &random)
    for _ in 0..<12 {
      try check(rig, leg, what)
      try await checkSaid(rig, leg, what)
      let results = try leg.journal.results(ofRun: leg.run)
      guard results.contains(where: { [.unknown, .notAttempted, .rebootRequired].contains($0.outcome) }) else { break }
      try await rig.wait(random.below(2) == 0 ? 10 : 2_500)
      let dies = random.below(3) == 0
      let moment = dies ? Double(random.below(100_000)) / 1_000 : nil
      leg = try await rig.leg(of: leg.run, dyingAfter: moment, &random)
    }
    try checkEnd(rig, leg, what)
  }

  /// What must hold after each leg, dead or not.
  private func check(_ rig: EngineRig, _ leg: EngineRig.Leg, _ what: String) throws {
    for (position, name) in rig.fleet.names.enumerated() {
      let counts = rig.fleet.installations(of: name)
      #expect(counts.removed <= 1, "\(what): \(name) was uninstalled \(counts.removed) times")
      let events = try leg.journal.events(ofRun: leg.run, position: position).filter(\.isIntent).map(\.word)
      #expect(counts.removed <= events.filter { $0 == "uninstall" }.count, "\(what): \(name): \(counts), \(events)")
      #expect(counts.installed <= events.filter { $0 == "execute" }.count, "\(what): \(name): \(counts), \(events)")
      if let removed = events.lastIndex(of: "uninstall"), let installed = events.firstIndex(of: "execute") {
        #expect(removed < installed, "\(what): \(name): \(events)")
      }
    }
  }

  /// No endpoint is without an agent, and nobody says so: it ended unprotected, or is left open for `resume`.
  private func checkSaid(_ rig: EngineRig, _ leg: EngineRig.Leg, _ what: String) async throws {
    for result in try leg.journal.results(ofRun: leg.run) {
      guard rig.fleet.fault(of: result.name) != .noAgent, !rig.fleet.hasAgent(result.name) else { continue }
      let isOpen = [.unknown, .rebootRequired].contains(result.outcome)
      #expect(isOpen || result.protected == false, "\(what): \(result.name) has no agent, unsaid: \(result)")
      #expect(result.protected != true, "\(what): \(result)")
    }
  }

  private func checkEnd(_ rig: EngineRig, _ leg: EngineRig.Leg, _ what: String) throws {
    for result in try leg.journal.results(ofRun: leg.run) {
      switch (rig.fleet.fault(of: result.name), result.outcome) {
      case (.installFails, .failed), (.uninstallBreaksOff, .failed): break
      // A failing installation stops each leg: what comes after it may be left.
      case (_, .notAttempted) where rig.fleet.faults == FaultRecipe(.installFails): break
      default: #expect(result.outcome == .repaired, "\(what): \(result)")
      }
      if result.outcome == .repaired {
        #expect(rig.fleet.leftovers(of: result.name).isEmpty, "\(what): \(result.name)")
        #expect(rig.fleet.hasAgent(result.name), "\(what): \(result.name)")
      }
    }
  }
}
