import Foundation
import Lab
import Testing

@testable import Commands

/// Lists of agents in a file of one's own, as editors write them: who is named in one is never repaired.
@Suite struct HandsOffTests {
  private static let forms: [[UInt8]] = {
    func text(_ end: String, _ lines: [String] = ["# hands off", "WS-001", "# databases", "WS-002"]) -> String {
      lines.joined(separator: end) + end
    }
    func utf16(_ text: String, _ isBigEndian: Bool) -> [UInt8] {
      text.utf16.flatMap { isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
    let plain = [
      text("\n"), text("\r\n"), text("\r"), "# hands off\r\nWS-001\r\n# databases\nWS-002", text("\u{A0}\r\n"),
      text(" \t\r\n"), "\u{FEFF}" + text("\r\n"), text("\r\n\u{FEFF}"), text("\u{200B}\n"),
      "WS-001 # mine\r\nWS-002\t# his\r\n", "WS-001\u{A0}# mine\r\n\r\n\"WS-002\"\r\n\u{1A}",
      "=\"WS-001\"\r\nWS-002.\r\n", "ws-001.contoso.local\r\nws-002$\r\n",
    ]
    return plain.map { Array($0.utf8) } + [
      [0xFF, 0xFE] + utf16(text("\r\n"), false), [0xFE, 0xFF] + utf16(text("\r\n"), true), utf16(text("\r\n"), false),
    ]
  }()

  private func file(_ rig: CommandRig, _ bytes: [UInt8]) throws -> String {
    _ = try rig.folders.readyState()
    let path = rig.folder + "/state/hands-off.txt"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// A pipe holds its list once: the plan's agents are the run's, the canary's, and those that are left out.
  @Test func aPipeIsReadOnceForTheWholeCommand() async throws {
    let rig = try await CommandRig(agents: 6)
    func pipe(_ text: String) throws -> (FileHandle, String) {
      let pipe = Pipe.ofOwn()
      try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try pipe.fileHandleForWriting.close()
      return (pipe.fileHandleForReading, "@file:/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    }
    let (first, wanted) = try pipe("WS-002\nWS-004\nWS-005\n")
    let (second, hands) = try pipe("WS-004\n")
    let run = try await rig.run("transfer '\(wanted)!\(hands)' --canary '\(wanted)&WS-005' --confirm 2")
    #expect(run.code == .success && run.rows.map { $0[1] } == ["WS-005", "WS-002"], "\(run.said) \(run.output)")
    let (third, checked) = try pipe("WS-001\n")
    #expect(try await rig.run("check agent '\(checked)'").rows.map { $0[0] } == ["WS-001"])
    for handle in [first, second, third] { try handle.close() }
  }

  @Test func theyAreLeftOutWhateverEndsTheLines() async throws {
    let rig = try await CommandRig(agents: 5)
    for bytes in HandsOffTests.forms {
      let path = try file(rig, bytes)
      let result = try await rig.run("transfer '@mismatched!@file:\(path)' --dry-run --format json")
      let objects = try result.objects()
      #expect(objects.compactMap { $0["agent"] as? String } == ["WS-003", "WS-004", "WS-005"], "\(result.said)")
      #expect(result.said.contains("took out 2 agents"), "\(result.said)")
    }
  }

  @Test func aStandingListMayNameOthers() async throws {
    let rig = try await CommandRig(agents: 5)
    let path = try file(rig, Array("WS-001\r\nSQL-1\r\nSQL-2\r\n".utf8))
    let result = try await rig.run("transfer '@mismatched!@file:\(path)' --confirm 4")
    #expect(result.code == .success, "\(result.said)")
    #expect(result.said.contains("took out 1 agent; not among the 5 listed: SQL-1, SQL-2"), "\(result.said)")
    let repaired = try await rig.run("list agents @repaired").rows.map { $0[0] }
    #expect(repaired == ["WS-002", "WS-003", "WS-004", "WS-005"])
    let slip = try await rig.run("list agents 'all!WS-0O2'")
    #expect(slip.code == .success && slip.rows.count == 5)
    #expect(slip.said.contains("!WS-0O2 took out no agent; not among the 5 listed: WS-0O2; did you mean WS-002?"))
    #expect(try await rig.run("list agents 'all!WS-002'").notes.count == 1, "nothing to say of what is as it should be")
  }

  @Test func aListThatNamesNobodyIsRefused() async throws {
    let rig = try await CommandRig(agents: 3)
    for text in ["", "# nobody\r\n", "\u{FEFF}\r\n"] {
      let path = try file(rig, Array(text.utf8))
      for line in ["transfer 'all!@file:\(path)' --confirm 3", "list agents 'all!@file:\(path)'"] {
        let result = try await rig.run(line)
        #expect(result.code == .unusableInput && result.output.isEmpty, "\(result.said)")
        #expect(result.said.contains("hands-off.txt: holds no name"), "\(result.said)")
      }
    }
    #expect(rig.fleet.logons.account(rig.fleet.secrets.user).attempts == 0)
    let ansi = try file(rig, Array("WS-001\r\nB".utf8) + [0xDC] + Array("RO-1\r\n".utf8))
    let result = try await rig.run("list agents 'all!@file:\(ansi)'")
    #expect(result.code == .unusableInput && result.said.contains("hands-off.txt:2: not UTF-8 text"), "\(result.said)")
  }
}
