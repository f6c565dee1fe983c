import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// `--uninstall-first`: the old agent is removed, proved gone, and the new one installed and proved.
@Suite struct UninstallFirstTests {
  private let both = Reinstallation(uninstallFirst: true)

  @Test func theAgentIsRemovedAndInstalledAgain() async throws {
    let rig = try EngineRig(agents: 30, faults: FaultRecipe(.noAgent))
    let outcome = try await rig.reinstall(both)
    #expect(outcome.end.tally[.repaired] == 30, "\(outcome.results.filter { $0.outcome != .repaired })")
    for name in rig.fleet.names {
      let hadAgent = rig.fleet.fault(of: name) != .noAgent
      let counts = rig.fleet.installations(of: name)
      #expect(counts.installed == 1 && counts.removed == (hadAgent ? 1 : 0), "\(name): \(counts)")
      let removal = hadAgent ? ["[uninstall]", "uninstalled", "removed"] : []
      let expected =
        ["[look]", "looked", "[stage]", "staged", "boot"] + removal + ["[execute]", "executed", "cleaned", "ended"]
      #expect(try rig.steps(outcome.run, name) == expected, "\(name)")
      #expect(rig.fleet.leftovers(of: name).isEmpty)
    }
  }

  @Test func thePasswordStandsNowhere() async throws {
    let rig = try EngineRig(agents: 3)
    let (plan, _) = try both.plan(rig, connector: rig.fleet.connector)
    #expect(plan.commands.contains(#"PccNTMon.exe" -m ••••, then msiexec.exe /i"#), "\(plan.commands)")
    _ = try await rig.reinstall(both)
    let secret = rig.fleet.secrets.uninstallPassword.reveal { Array($0.utf8) }
    let bytes = try rig.journalBytes()
    #expect(bytes.count > 10_000)
    #expect(!bytes.contains(secret))
  }

  @Test func aWrongPasswordStopsTheRunInTheFirstWave() async throws {
    let rig = try EngineRig(agents: 40, faults: .wrongUninstallPassword)
    let outcome = try await rig.reinstall(both)
    guard case .noEffectInFirstWave("WS-001", let why) = outcome.end.stop else {
      Issue.record("\(outcome.end)")
      return
    }
    #expect(why.contains("uninstall password"))
    #expect(outcome["WS-001"]?.cause == .toolHadNoEffect && outcome["WS-001"]?.protected == true)
    #expect(outcome.end.tally[.notAttempted] == 39)
    #expect(rig.fleet.names.allSatisfy { rig.fleet.installations(of: $0) == (0, 0) })
  }

  /// Whoever has no agent now is said, and nobody else loses one.
  @Test func anInstallationThatFailsAfterItStopsTheRun() async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(.installFails))
    let names = rig.struck(.installFails) + rig.fleet.names.filter { rig.fleet.fault(of: $0) == Fault.none }
    rig.options.maxFailures = .percentage(100)
    rig.options.maxUnprotected = .percentage(100)
    let outcome = try await rig.reinstall(both, names)
    #expect(outcome.end.stop == .failedAfterRemoval(without: [names[0]], other: []), "\(outcome.end)")
    let result = try #require(outcome[names[0]])
    #expect(result.outcome == .failed && result.cause == .installFailed && result.protected == false, "\(result)")
    #expect(outcome.end.tally[.notAttempted] == 39 && outcome.end.tally.unprotected == 1)
    #expect(outcome.end.exitCode == 1)
    #expect(outcome.end.stop?.text.contains("\(names[0]) HAS NO AGENT") == true)
  }

  /// Those of a wave that fail together are all named, and who has not been touched yet keeps its agent.
  @Test func allOfAWaveAreNamedAndTheRestIsLeftAlone() async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(.installFails))
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.options.parallel = 6
    let struck = rig.struck(.installFails)
    let others = rig.fleet.names.filter { !struck.contains($0) }
    let outcome = try await rig.reinstall(both, others.prefix(1) + struck + others.dropFirst())
    guard case .failedAfterRemoval(let without, []) = outcome.end.stop else {
      Issue.record("\(outcome.end)")
      return
    }
    #expect(!without.isEmpty && without.allSatisfy { outcome[$0]?.protected == false })
    #expect(Set(without) == Set(rig.fleet.names.filter { !rig.fleet.hasAgent($0) }), "\(without)")
    #expect(outcome.end.stop?.text.contains(without.joined(separator: ", ")) == true)
    let untouched = outcome.results.filter { $0.outcome == .notAttempted }
    #expect(!untouched.isEmpty && untouched.allSatisfy { rig.fleet.installations(of: $0.name) == (0, 0) })
  }

  /// Whatever the waves: the second agent is removed when the first new one is proved.
  @Test(arguments: ["100%", "20,100%"]) func aFirstAgentIsProvedBeforeASecondIsRemoved(waves: String) async throws {
    let rig = try EngineRig(agents: 12)
    rig.options.waves = try #require(WaveSizes(waves))
    let outcome = try await rig.reinstall(both)
    #expect(outcome.end.tally[.repaired] == 12)
    func times(_ step: String) throws -> [Double] {
      try (0..<12).flatMap { try rig.journal.events(ofRun: outcome.run, position: $0) }.filter { $0.word == step }.map(
        \.at)
    }
    let (removed, ended) = (try times("uninstall").sorted(), try times("ended").sorted())
    #expect(removed.count == 12 && removed[1] >= ended[0], "\(removed.prefix(2)) \(ended.prefix(1))")
  }

  /// One that nothing was begun on proves nothing: the next one goes first. One that was begun on and is not proved ends it.
  @Test func whoNothingWasBegunOnIsReplacedByTheNext() async throws {
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.noRights))
    let denied = try #require(rig.struck(.noRights).first)
    let outcome = try await rig.reinstall(both, [denied] + rig.fleet.names.filter { $0 != denied })
    #expect(outcome.end.stop == nil && outcome.end.tally[.repaired] == 9, "\(outcome.end)")
    let broken = try EngineRig(agents: 10, faults: FaultRecipe(.uninstallBreaksOff))
    broken.options.maxFailures = .percentage(100)
    broken.options.waves = try #require(WaveSizes("100%"))
    let first = try #require(broken.struck(.uninstallBreaksOff).first)
    let stopped = try await broken.reinstall(both, [first] + broken.fleet.names.filter { $0 != first })
    guard case .firstNotProved(first, _) = stopped.end.stop else { return #expect(Bool(false), "\(stopped.end)") }
    #expect(stopped.end.tally[.notAttempted] == 9)
  }

  /// Refused by the look, with the agent that is there.
  @Test func aPackageForOtherMachinesTouchesNothing() async throws {
    let rig = try EngineRig(agents: 40, faults: FaultRecipe(.wrongBitness))
    var what = both
    what.architecture = .x64
    let outcome = try await rig.reinstall(what)
    for result in outcome.results {
      let machine = rig.fleet.spec(of: result.name)?.architecture
      #expect((result.cause == .wrongPackage) == (machine != .x64), "\(result)")
      if machine != .x64 {
        #expect(result.outcome == .refused && result.protected == true && result.detail?.contains("is for x64") == true)
        #expect(rig.fleet.installations(of: result.name) == (0, 0) && rig.fleet.leftovers(of: result.name).isEmpty)
      }
    }
    #expect(Set(outcome.results.compactMap { rig.fleet.spec(of: $0.name)?.architecture }).count == 3)
  }

  /// One that had begun when another lost its agent keeps its own.
  @Test func whoHadBegunKeepsItsAgent() async throws {
    let rig = try EngineRig(agents: 10, faults: FaultRecipe(.installFails))
    rig.options.waves = try #require(WaveSizes("100%"))
    let first = try #require(rig.struck(.installFails).first)
    let proved = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == Fault.none })
    let late = try #require(rig.fleet.names.first { $0 != first && $0 != proved })
    // It is asked for its boot just before its agent would be removed.
    rig.connector = HookedConnector(rig.fleet) { endpoint, command in
      endpoint == late && command.masked.contains("RpcSs") ? .dawdle : .nothing
    }
    let outcome = try await rig.reinstall(both, [proved, first, late])
    #expect(outcome.end.stop == .failedAfterRemoval(without: [first], other: []), "\(outcome.end)")
    #expect(outcome[late]?.outcome == .notAttempted && outcome[late]?.cause == .runStopped, "\(outcome.results)")
    #expect(outcome[late]?.protected == true)
    #expect(rig.fleet.installations(of: late) == (0, 0) && rig.fleet.leftovers(of: late).isEmpty)
  }

  @Test func aPackageOfAnotherServerAfterItStopsTheRunToo() async throws {
    let rig = try EngineRig(agents: 10)
    rig.options.maxFailures = .percentage(100)
    var what = both
    what.serverName = "apexone-old.contoso.local"
    let outcome = try await rig.reinstall(what)
    #expect(outcome.end.stop == .failedAfterRemoval(without: [], other: ["WS-001"]), "\(outcome.end)")
    #expect(outcome.results[0].cause == .otherServer && outcome.results[0].protected == true)
  }

  @Test func aConnectionThatDropsBetweenTheTwoIsOpenedAgain() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.uninstallDropped))
    let outcome = try await rig.reinstall(both)
    #expect(outcome.end.tally[.repaired] == 20, "\(outcome.results.filter { $0.outcome != .repaired })")
    for name in rig.struck(.uninstallDropped) {
      #expect(rig.fleet.installations(of: name) == (1, 1))
      #expect(try rig.steps(outcome.run, name).contains("dropped"))
    }
  }

  @Test func anUninstallerThatBreaksOffIsSaidAndItsAgentRunsAgain() async throws {
    let rig = try EngineRig(agents: 20, faults: FaultRecipe(.uninstallBreaksOff))
    rig.options.maxFailures = .percentage(100)
    let outcome = try await rig.reinstall(both)
    for name in rig.struck(.uninstallBreaksOff) {
      let result = try #require(outcome[name])
      #expect(result.outcome == .failed && result.cause == .uninstallFailed && result.protected == true, "\(result)")
      #expect(try rig.steps(outcome.run, name).contains("started-service"))
      #expect(rig.fleet.installations(of: name) == (0, 0))
    }
    #expect(outcome.end.tally[.repaired] == 18)
  }

  @Test func anotherInstallationIsWaitedForBeforeAnythingIsRemoved() async throws {
    let busy = try EngineRig(agents: 1, faults: FaultRecipe(.installerBusy))
    let outcome = try await busy.reinstall(both)
    #expect(outcome.results[0].cause == .installerBusy && outcome.results[0].protected == true, "\(outcome.results)")
    #expect(busy.fleet.installations(of: "WS-001") == (0, 0))
    let awhile = try EngineRig(agents: 1, faults: FaultRecipe(.installerBusyForAWhile))
    let second = try await awhile.reinstall(both)
    #expect(second.end.tally[.repaired] == 1)
    #expect(awhile.fleet.installations(of: "WS-001") == (1, 1))
  }

  /// The services run as before, and the agent's files are gone: that is not as it was.
  @Test func anAgentWithoutItsCertificateIsNotAsItWas() async throws {
    let rig = try EngineRig(agents: 1, faults: .wrongUninstallPassword)
    let isRemoved = Flag()
    rig.connector = WrappingConnector(base: rig.fleet.connector) { HollowHost($0, isRemoved) }
    let outcome = try await rig.reinstall(both)
    let result = outcome.results[0]
    #expect(result.outcome == .failed && result.cause == .uninstallFailed, "\(result)")
    #expect(result.detail?.contains("reinstall without --uninstall-first") == true)
  }

  /// Whoever presses ^C is told all the same who has no agent now.
  @Test func afterAnInterruptTooItIsSaidWhoHasNoAgent() async throws {
    let rig = try EngineRig(agents: 30, faults: try #require(FaultRecipe(named: "install-fails")))
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.options.maxUnprotected = .percentage(100)
    let (clock, controls) = (rig.fleet.clock, rig.controls)
    rig.onBegin = { _ = clock.schedule(after: .seconds(3)) { controls.interrupt() } }
    let struck = rig.struck(.installFails)
    let outcome = try await rig.reinstall(both, struck + rig.fleet.names.filter { !struck.contains($0) })
    let without = outcome.results.filter { !rig.fleet.hasAgent($0.name) }.map(\.name)
    #expect(outcome.end.stop == .interrupted && outcome.end.exitCode == 130)
    let text = try #require(outcome.end.removed?.text)
    #expect(without == [struck[0]] && text.contains("NO AGENT now") && without.allSatisfy(text.contains), "\(text)")
    let run = try #require(try rig.journal.run(outcome.run))
    #expect(run.state == .interrupted && run.why?.contains("NO AGENT now") == true, "\(run)")
  }

  /// A second ^C cuts what has done nothing yet, never between the two.
  @Test func twoInterruptsCutNobodyInBetween() async throws {
    let rig = try EngineRig(agents: 30)
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.options.parallel = 8
    rig.onResult = { _, controls in while controls.interrupts < 2 { controls.interrupt() } }
    let outcome = try await rig.reinstall(both)
    #expect(outcome.end.exitCode == 130)
    for result in outcome.results {
      let counts = rig.fleet.installations(of: result.name)
      #expect(counts.removed == counts.installed, "\(result)")
      #expect(rig.fleet.hasAgent(result.name))
    }
  }
}

/// The agent's certificate is gone once its uninstaller was run.
private final class HollowHost: ForwardingHost {
  let base: any Remote.Host
  private let isRemoved: Flag
  init(_ base: any Remote.Host, _ isRemoved: Flag) { (self.base, self.isRemoved) = (base, isRemoved) }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let result = try await base.run(command)
    if command.program.hasSuffix("PccNTMon.exe") { isRemoved.raise() }
    return result
  }
  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    if isRemoved.isRaised, file.name == "OfcNTCer.dat" { throw RemoteError(.notFound, "\(file): not found") }
    return try await base.get(file, limit: limit)
  }
}
