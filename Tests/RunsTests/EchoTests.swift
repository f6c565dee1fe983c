import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// A tool that prints the command line it was given, as some do when they fail.
private final class EchoingHost: ForwardingHost {
  let base: any Remote.Host
  init(_ base: any Remote.Host) { self.base = base }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    var result = try await base.run(command)
    guard command.program.contains("IpXfer") else { return result }
    result.output += Array(("usage: " + command.arguments.map { $0.reveal { $0 } }.joined(separator: " ")).utf8)
    result.errors += Array(
      command.arguments.map { $0.reveal { $0 } }.joined(separator: " ").utf16.flatMap {
        [UInt8($0 & 255), UInt8($0 >> 8)]
      })
    return result
  }
}

@Suite struct EchoTests {
  @Test func aToolThatPrintsItsPasswordIsKeptWithDots() async throws {
    let rig = try EngineRig(agents: 2)
    rig.connector = WrappingConnector(base: rig.fleet.connector) { EchoingHost($0) }
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 2)
    let executed = try rig.journal.events(ofRun: outcome.run, position: 0).last { $0.step == "executed" }
    #expect(executed?.detail?.contains("-pwd ••••") == true)
    let password = rig.fleet.secrets.unloadPassword.reveal { $0 }
    for position in 0..<2 {
      for event in try rig.journal.events(ofRun: outcome.run, position: position) {
        #expect(event.detail?.contains(password) != true)
      }
    }
  }
}
