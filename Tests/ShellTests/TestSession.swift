@_exported import CommandTestSupport
import Commands
import Foundation
import Shell
@_exported import TestSupport

/// An inventory of forty agents, every other one mismatched.
struct SampleSnapshot: CompletionSnapshot {
  let domains = ["Sales", "Sales West"]
  let runs = [LookupCandidate("12", "transfer"), LookupCandidate("7", "reinstall")]
  let cases: [LookupCandidate] = []
  let contexts: [String] = []

  func agents(prefix: String, preferring set: String?, limit: Int) -> (candidates: [LookupCandidate], total: Int) {
    var fitting: [LookupCandidate] = []
    for number in 1...40 where set != "mismatched" || number % 2 == 0 {
      let name = "WS-0" + (number < 10 ? "0" : "") + String(number)
      if name.hasPrefix(prefix.uppercased()) { fitting.append(LookupCandidate(name, "mismatched")) }
    }
    return (Array(fitting.prefix(limit)), fitting.count)
  }
}

/// A session in a temporary folder, with what it showed.
struct TestSession {
  let console: TestConsole
  let session: Session
  let folder: String

  init(
    traits: ConsoleTraits = ConsoleTraits(), variables: [String: String] = [:], keepsGoing: Bool = false,
    console: TestConsole? = nil
  ) async {
    self.console = console ?? TestConsole(traits: traits)
    folder = TemporaryFolder.newPath("shell")
    let state = ShellState()
    await state.setLookups(SampleSnapshot())
    session = Session(
      registry: CommandRegistry(
        ContextCommands.all, SessionCommands.all, [EndWith.self, Count.self, Mend.self, Linger.self]),
      state: state, services: Services(), folders: Folders(state: folder + "/state", config: folder + "/config"),
      console: self.console, variables: variables, isOneShot: false, keepsGoing: keepsGoing)
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func run(_ text: String) async -> ExitCode { await Interpreter(session).run(TextLines(text)) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }
}
