import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// An endpoint that doesn't let a program begin, or has no SFTP.
private final class RefusingHost: ForwardingHost {
  let base: any Remote.Host
  let refusal: RemoteError
  let isAtFiles: Bool
  init(_ base: any Remote.Host, _ refusal: RemoteError, isAtFiles: Bool = false) {
    self.base = base
    self.refusal = refusal
    self.isAtFiles = isAtFiles
  }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    if !isAtFiles, command.program.lowercased().contains("ipxfer") { throw refusal }
    return try await base.run(command)
  }
  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    if isAtFiles { throw refusal }
    return try await base.get(file, limit: limit)
  }
}

/// The tool's channel is closed, and no exit code was sent.
private final class VanishingHost: ForwardingHost {
  let base: any Remote.Host
  init(_ base: any Remote.Host) { self.base = base }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    if command.program.lowercased().contains("ipxfer") { return CommandResult(exitCode: nil) }
    return try await base.run(command)
  }
}

@Suite struct NothingRanTests {
  private func rig(_ refusal: RemoteError, isAtFiles: Bool = false) throws -> EngineRig {
    let rig = try EngineRig(agents: 3)
    rig.options.maxFailures = .percentage(100)
    rig.connector = WrappingConnector(base: rig.fleet.connector) {
      RefusingHost($0, refusal, isAtFiles: isAtFiles)
    }
    return rig
  }

  @Test(arguments: [
    (RemoteError(.channelRefused, "WS: the server refuses another channel"), Cause.channelRefused),
    (RemoteError(.dropped, "WS: the connection ended"), .dropped),
  ])
  func aProgramThatNeverBeganIsAFailureOfWhichNothingIsLeft(_ refusal: RemoteError, _ cause: Cause) async throws {
    let rig = try rig(refusal.beforeStart())
    let outcome = try await rig.transfer()
    #expect(outcome.results.count == 3)
    for result in outcome.results {
      #expect(result.outcome == .failed && result.cause == cause, "\(result)")
      #expect(result.detail?.hasPrefix("nothing was done: ") == true)
      #expect(result.protected == true)
      let steps = try rig.journal.events(ofRun: outcome.run, position: result.position).map(\.word)
      #expect(steps.contains("not-started") && steps.suffix(2) == ["cleaned", "ended"], "\(steps)")
    }
  }

  @Test func aProgramThatMayHaveBegunIsProvedAsBefore() async throws {
    let rig = try rig(RemoteError(.dropped, "WS: the connection ended"))
    let outcome = try await rig.transfer()
    #expect(outcome.results.allSatisfy { $0.detail?.hasPrefix("nothing was done") != true })
  }

  @Test func fileTransferThatSaysNothingIsRefusedAndSpendsNothing() async throws {
    let rig = try rig(RemoteError(.timedOut, "WS: its SFTP said nothing for 60 s").beforeStart(), isAtFiles: true)
    rig.options.maxFailures = .count(1)
    rig.options.retries = 0
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == nil && outcome.results.count == 3)
    for result in outcome.results {
      #expect(result.outcome == .refused && result.cause == .noSFTP, "\(result)")
    }
  }

  /// The channel is closed, and nobody says how the tool ended: it may be at work.
  @Test func anEndWithoutAnExitCodeIsNotTakenForNoEffect() async throws {
    let rig = try EngineRig(agents: 3)
    rig.options.maxFailures = .percentage(100)
    rig.options.waves = try #require(WaveSizes("100%"))
    rig.connector = WrappingConnector(base: rig.fleet.connector) { VanishingHost($0) }
    let outcome = try await rig.transfer()
    #expect(outcome.results.count == 3)
    for result in outcome.results {
      #expect(result.outcome == .unproved && result.cause == .dropped && result.protected == true, "\(result)")
      #expect(result.detail?.contains("without an exit code") == true)
      #expect(result.detail?.contains("nothing was done") == false)
    }
  }

  @Test func noAlgorithmInCommonIsRefusedAtOnce() {
    let error = RemoteError(.noCommonAlgorithm, "WS: no cipher in common")
    let ending = RepairResult(connecting: error)
    #expect(ending.outcome == .refused && ending.cause == .noCommonAlgorithm)
    #expect(!error.isTransient)
  }

  @Test func textInThePlaceOfSFTPSpendsNothing() async throws {
    let rig = try rig(RemoteError(.noSFTP, "WS: it says \"Welcome\""), isAtFiles: true)
    rig.options.maxFailures = .count(1)
    let outcome = try await rig.transfer()
    #expect(outcome.end.stop == nil)
    for result in outcome.results {
      #expect(result.outcome == .refused && result.cause == .noSFTP, "\(result)")
      #expect(result.detail?.contains("Welcome") == true)
    }
  }

  @Test func anEndpointsWordsAreCutInAResult() {
    let result = AgentResult(
      position: 0, name: "WS-001", outcome: .failed, detail: String(repeating: "x", count: 9_999))
    #expect((result.detail?.utf8.count ?? 0) <= AgentResult.longestDetail + 3)
  }

  /// A server that doesn't answer when it is asked for its certificate between two waves.
  @Test func anInterruptEndsWhatTheRunAsksOfTheServer() async throws {
    let rig = try EngineRig(agents: 3)
    rig.options.waves = try #require(WaveSizes("1,100%"))
    let controls = rig.controls
    let asked = Mutex(0)
    rig.currentCertificate = {
      asked.withLock { $0 += 1 }
      Task.detached { controls.interrupt() }
      try await Task.sleep(for: .seconds(36_000))
      throw CancellationError()
    }
    let outcome = try await rig.transfer()
    #expect(asked.withLock { $0 } == 1)
    #expect(outcome.results.count { $0.outcome == .repaired } == 1)
    #expect(outcome.results.count { $0.outcome == .notAttempted } == 2)
  }
}
