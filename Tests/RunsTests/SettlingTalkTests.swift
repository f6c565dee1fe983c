import ApexOne
import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// What is said to an endpoint, in order.
private final class Talk: Sendable {
  enum Word: Equatable, Sendable {
    case connected
    /// The services that were asked for, and whether all of them run.
    case services([String], isUp: Bool)
    case certificate
    case executed
  }
  private let said = Mutex<[Word]>([])
  var words: [Word] { said.withLock { $0 } }
  func add(_ word: Word) { said.withLock { $0.append(word) } }
}

private final class HeardHost: ForwardingHost {
  let base: any Remote.Host
  private let talk: Talk
  init(_ base: any Remote.Host, _ talk: Talk) {
    self.base = base
    self.talk = talk
  }

  func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    let results = try await base.run(inTurn: commands)
    let asked = commands.filter { $0.program == "sc.exe" }.compactMap(\.arguments.last?.masked)
    talk.add(.services(asked, isUp: results.suffix(asked.count).allSatisfy { ServiceOutput($0).isRunning }))
    return results
  }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    let result = try await base.run(command)
    if command.program.contains("IpXfer") { talk.add(.executed) }
    return result
  }
  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8] {
    if file.name == "OfcNTCer.dat" { talk.add(.certificate) }
    return try await base.get(file, limit: limit)
  }
}

/// What a settling endpoint is asked, and what it is not.
@Suite struct SettlingTalkTests {
  private func talk(_ faults: FaultRecipe = .none) async throws -> (words: [Talk.Word], result: AgentResult) {
    let (rig, talk) = (try EngineRig(agents: 1, faults: faults), Talk())
    rig.connector = WrappingConnector(base: rig.fleet.connector) {
      talk.add(.connected)
      return HeardHost($0, talk)
    }
    let result = try #require(try await rig.transfer().results.first)
    let start = try #require(talk.words.firstIndex(of: .executed))
    return (Array(talk.words[(start + 1)...]), result)
  }

  @Test func theCertificateIsReadOnceTheServicesRun() async throws {
    let (words, result) = try await talk()
    #expect(result.outcome == .repaired)
    // Nothing is asked on the tool's own connection: services are on their way then.
    #expect(words.first == .connected)
    for (place, word) in words.enumerated() {
      guard case .services(let names, let isUp) = word else { continue }
      #expect((place + 1 < words.count && words[place + 1] == .certificate) == isUp, "\(words)")
      #expect(Set(names).isSuperset(of: AgentService.required))
    }
    #expect(words.count { $0 == .certificate } == 2)
  }

  @Test func whatStaysDownIsJudgedByTheCertificateToo() async throws {
    let (words, result) = try await talk(try #require(FaultRecipe(named: "services-stay-down")))
    #expect(result.outcome == .failed && result.cause == .servicesStopped && result.protected == false)
    #expect(words.last { $0 != .connected } == .certificate, "\(words.suffix(6))")
  }
}
