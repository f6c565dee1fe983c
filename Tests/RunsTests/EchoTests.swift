import ApexOne
import Foundation
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

/// A tool that writes its password down as programs do.
private final class WritingHost: ForwardingHost {
  let base: any Remote.Host
  let write: @Sendable (String) -> String
  init(_ base: any Remote.Host, _ write: @escaping @Sendable (String) -> String) {
    self.base = base
    self.write = write
  }
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult {
    var result = try await base.run(command)
    guard command.program.contains("IpXfer") else { return result }
    for case .secret(let secret) in command.arguments { result.output += Array(secret.reveal(write).utf8) }
    return result
  }
}

@Suite struct EchoTests {
  @Test(arguments: [
    "upper", "percent", "entity", "hex", "base64", "split", "quotes", "late", "crypt", "account",
  ])
  func noFormOfItIsKept(form: String) async throws {
    let rig = try EngineRig(agents: 1)
    let secret = rig.fleet.secrets.unloadPassword.reveal { $0 }
    let middle = secret.index(secret.startIndex, offsetBy: secret.count / 2)
    let (front, back) = (secret[..<middle], secret[middle...])
    rig.connector = WrappingConnector(base: rig.fleet.connector) { host in
      WritingHost(host) { secret in
        switch form {
        case "upper": "PWD " + secret.uppercased()
        case "percent": secret.utf8.map { "%" + String($0, radix: 16) }.joined()
        case "entity": secret.utf8.map { "&#\($0);" }.joined()
        case "hex": secret.utf8.map { String($0, radix: 16) }.joined(separator: " ")
        case "base64": "x " + Data(("admin:" + secret).utf8).base64EncodedString()
        case "split": front + "\r\n" + back
        case "quotes": front + "\"\"" + back
        // A cut in the middle of it leaves half.
        case "late": String(repeating: secret + " ", count: 9_000)
        case "crypt": "Unload_Pwd=!crypt!52AB"
        default: "logged on with " + Self.account
        }
      }
    }
    rig.secrets = [Secret(Self.account)]
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 1)
    let executed = try #require(
      try rig.journal.events(ofRun: outcome.run, position: 0).last { $0.name == .executed }?.detail)
    #expect(executed.contains("••••") || executed.contains("not kept"), "\(executed)")
    let plain = executed.lowercased()
    for part in [String(front), String(back), Self.account, "52ab"] {
      #expect(!plain.contains(part.lowercased()), "\(executed)")
    }
    #expect(!executed.contains("%50") && !executed.contains("&#") && executed.count < 500, "\(executed)")
  }

  private static let account = "Acc0unt-P@ssw0rd"

  @Test func aToolThatPrintsItsPasswordIsKeptWithDots() async throws {
    let rig = try EngineRig(agents: 2)
    rig.connector = WrappingConnector(base: rig.fleet.connector) { EchoingHost($0) }
    let outcome = try await rig.transfer()
    #expect(outcome.end.tally[.repaired] == 2)
    let executed = try rig.journal.events(ofRun: outcome.run, position: 0).last { $0.name == .executed }
    #expect(executed?.detail?.contains("-pwd ••••") == true)
    let password = rig.fleet.secrets.unloadPassword.reveal { $0 }
    for position in 0..<2 {
      for event in try rig.journal.events(ofRun: outcome.run, position: position) {
        #expect(event.detail?.contains(password) != true)
      }
    }
  }
}
