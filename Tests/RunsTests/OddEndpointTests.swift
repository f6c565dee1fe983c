import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// What one endpoint of the lab does otherwise. Every closure is told whether a tool was started there.
private final class Oddity: Sendable {
  typealias Answer = @Sendable (RemoteCommand, CommandResult, _ hasExecuted: Bool) -> CommandResult
  private let executed = Mutex(false)
  let answer: Answer
  /// Before programs that look are run.
  let before: @Sendable (_ hasExecuted: Bool) -> Void
  /// Looks hang once a tool was started.
  let hangsOn: (any Timekeeper)?
  /// Thrown when a folder is to be removed.
  let removing: @Sendable (WindowsPath) -> RemoteError?
  /// It takes the connection along.
  let removalCuts: Bool

  init(
    answer: @escaping Answer = { _, result, _ in result }, before: @escaping @Sendable (Bool) -> Void = { _ in },
    hangsOn: (any Timekeeper)? = nil,
    removing: @escaping @Sendable (WindowsPath) -> RemoteError? = { _ in nil }, removalCuts: Bool = false
  ) {
    self.answer = answer
    self.before = before
    self.hangsOn = hangsOn
    self.removing = removing
    self.removalCuts = removalCuts
  }

  var hasExecuted: Bool { executed.withLock { $0 } }
  func execute() { executed.withLock { $0 = true } }
}

private final class OddHost: ForwardingHost {
  let base: any Remote.Host
  private let oddity: Oddity
  init(_ base: any Remote.Host, _ oddity: Oddity) {
    self.base = base
    self.oddity = oddity
  }

  private let isCut = Mutex(false)
  func abort() {
    isCut.withLock { $0 = true }
    base.abort()
  }

  func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    oddity.before(oddity.hasExecuted)
    // Hangs until the connection is cut.
    if let clock = oddity.hangsOn, oddity.hasExecuted {
      while !isCut.withLock({ $0 }) { try? await clock.sleep(for: .seconds(1)) }
    }
    let results = try await base.run(inTurn: commands)
    return zip(commands, results).map { oddity.answer($0, $1, oddity.hasExecuted) }
  }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    if command.program.contains("IpXfer") { oddity.execute() }
    return try await base.run(command)
  }
  func remove(_ files: [String], with folder: WindowsPath) async throws(RemoteError) {
    if let error = oddity.removing(folder) {
      if oddity.removalCuts { abort() }
      throw error
    }
    try await base.remove(files, with: folder)
  }
}

/// Endpoints that answer otherwise than any Windows should: nothing is believed that was not read.
@Suite struct OddEndpointTests {
  private func rig(_ faults: FaultRecipe = .none) throws -> EngineRig { try EngineRig(agents: 1, faults: faults) }

  private func result(_ rig: EngineRig, _ oddity: Oddity) async throws -> AgentResult {
    rig.connector = WrappingConnector(base: rig.fleet.connector) { OddHost($0, oddity) }
    return try #require(try await rig.transfer().results.first)
  }

  private func asks(_ command: RemoteCommand, _ service: String) -> Bool {
    command.program == "sc.exe" && command.arguments.last?.masked == service
  }

  @Test(arguments: ["tmlisten", "ntrtscan"], ["", "[SC] EnumQueryServicesStatus:OpenService FAILED 1722:\r\n"])
  func aServiceThatCanNotBeReadAfterTheToolIsNotTakenForRunning(service: String, text: String) async throws {
    let oddity = Oddity(answer: { [self] command, result, hasExecuted in
      hasExecuted && asks(command, service) ? CommandResult(exitCode: nil, output: Array(text.utf8)) : result
    })
    let result = try await result(try rig(), oddity)
    #expect(result.outcome == .unproved, "\(result)")
    #expect(result.protected == nil)
  }

  /// Else nobody would bring it up again after the tool.
  @Test(arguments: [1, 100]) func aServiceThatTheFirstLookCanNotReadIsAskedForAgain(times: Int) async throws {
    let rig = try rig()
    let asked = Mutex(0)
    let oddity = Oddity(answer: { [self] command, result, _ in
      guard asks(command, "ntrtscan") else { return result }
      let count = asked.withLock { asked in
        asked += 1
        return asked
      }
      return count <= times ? CommandResult(exitCode: nil) : result
    })
    let result = try await result(rig, oddity)
    #expect(result.outcome == (times == 1 ? .repaired : .failed), "\(result)")
    #expect(rig.fleet.toolRuns(of: "WS-001") == (times == 1 ? 1 : 0))
    if times > 1 { #expect(result.detail?.contains("what sc.exe says of the service ntrtscan can't be read") == true) }
  }

  @Test(arguments: ["'reg.exe' is not recognized as an internal or external command\r\n", "", "ERROR: disabled\r\n"])
  func aRegistryThatCanNotBeReadIsNoMissingAgent(text: String) async throws {
    let rig = try rig()
    let oddity = Oddity(answer: { command, result, _ in
      command.program == "reg.exe" ? CommandResult(exitCode: nil, output: Array(text.utf8)) : result
    })
    let result = try await result(rig, oddity)
    #expect(result.outcome == .denied && result.cause == .accessDenied, "\(result)")
    #expect(result.detail?.contains("the registry can't be read there") == true)
    #expect(rig.fleet.toolRuns(of: "WS-001") == 0 && rig.fleet.leftovers(of: "WS-001").isEmpty)
  }

  @Test func anEndlessAnswerIsNoMissingAgent() async throws {
    let oddity = Oddity(answer: { command, result, _ in
      guard command.arguments.contains(where: { $0.masked.hasSuffix("CurrentVersion") }), command.arguments.count == 3
      else { return result }
      return CommandResult(exitCode: nil, output: Array("x".utf8), isCut: true)
    })
    #expect(try await result(try rig(), oddity).outcome == .denied)
  }

  /// The tool hangs, and so does every look at what it left: the run ends all the same, and in time.
  @Test(.timeLimit(.minutes(2))) func aLookThatHangsBesideTheToolEndsWithItsTime() async throws {
    let rig = try rig(try #require(FaultRecipe(named: "hanging-tool")))
    rig.options.executeSeconds = 30
    rig.options.settleSeconds = 60
    rig.options.copySeconds = 20
    let result = try await result(rig, Oddity(hangsOn: rig.fleet.clock))
    #expect([.unproved, .failed].contains(result.outcome), "\(result)")
    #expect(result.seconds < 1_000, "\(result)")
  }

  @Test func theLockGoesThoughTheFolderStays() async throws {
    let rig = try rig()
    rig.options.retries = 1
    let oddity = Oddity(removing: { folder in
      folder.name.hasPrefix(Staging.prefix) ? RemoteError(.accessDenied, "WS-001: the folder is not empty") : nil
    })
    let result = try await result(rig, oddity)
    #expect(result.outcome == .repaired)
    let left = rig.fleet.leftovers(of: "WS-001")
    #expect(left.count == 1 && left[0].hasPrefix(Staging.prefix), "\(left)")
    #expect(result.detail?.contains("left behind: C:\\Windows\\\(left[0]) (") == true, "\(result)")
    #expect(result.detail?.contains(EndpointLock.folderName) == false)
  }

  /// Removing the folder takes the connection along, each time: the lock is tried on one of its own.
  @Test func theLockGoesThoughTheFolderTakesTheConnectionAlong() async throws {
    let rig = try rig()
    rig.options.retries = 1
    let oddity = Oddity(
      removing: { $0.name.hasPrefix(Staging.prefix) ? RemoteError(.dropped, "WS-001: gone") : nil }, removalCuts: true)
    let result = try await result(rig, oddity)
    #expect(result.outcome == .repaired)
    #expect(rig.fleet.leftovers(of: "WS-001").allSatisfy { $0.hasPrefix(Staging.prefix) }, "\(result)")
    #expect(result.detail?.contains(EndpointLock.folderName) == false)
  }

  @Test func whatStaysOfTheLockIsNamed() async throws {
    let rig = try rig()
    rig.options.retries = 0
    let oddity = Oddity(removing: { folder in
      folder.name == EndpointLock.folderName ? RemoteError(.accessDenied, "WS-001: no") : nil
    })
    let result = try await result(rig, oddity)
    #expect(result.detail?.contains(#"left behind: C:\Windows\apexsh.lock (WS-001: no)"#) == true, "\(result)")
    #expect(rig.fleet.leftovers(of: "WS-001") == [EndpointLock.folderName])
  }

  @Test func aSecondInterruptBeforeTheToolLeavesTheAgentForResume() async throws {
    let rig = try rig()
    let controls = rig.controls
    let oddity = Oddity(before: { hasExecuted in
      if !hasExecuted, controls.interrupts == 0 { for _ in 0..<2 { controls.interrupt() } }
    })
    let result = try await result(rig, oddity)
    #expect(result.outcome == .notAttempted && result.cause == .interrupted, "\(result)")
  }

  @Test func anEndpointIsNamedFromTheToolsStartUntilItsServicesRun() async throws {
    let rig = try rig()
    let controls = rig.controls
    let seen = Mutex<[[String]]>([])
    let oddity = Oddity(
      before: { if $0 { seen.withLock { $0.append(controls.unseen) } } },
      removing: { _ in
        seen.withLock { $0.append(controls.unseen) }
        return nil
      })
    #expect(try await result(rig, oddity).outcome == .repaired)
    let names = seen.withLock { $0 }
    #expect(names.first == ["WS-001"] && names.last == [], "\(names)")
  }
}
