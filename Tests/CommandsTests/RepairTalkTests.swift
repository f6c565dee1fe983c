import Foundation
import Lab
import Runs
import Synchronization
import Testing

@testable import Commands

/// What a person at a terminal sees of a plan and a run; and a ^C before it has begun.
@Suite struct RepairTalkTests {
  /// Nobody listens to ^C while the plan is made: it cancels the command, which must not begin a run then.
  @Test(arguments: ["transfer all --confirm 5", "transfer all --dry-run"])
  func anInterruptWhilePlanningBeginsNothing(line: String) async throws {
    let isArmed = Mutex(false)
    let rig = try await CommandRig(agents: 5) { host in
      if isArmed.withLock({ $0 }) { withUnsafeCurrentTask { $0?.cancel() } }
      return host
    }
    #expect(try await rig.run("list-mismatched").code == .success)
    isArmed.withLock { $0 = true }
    let result = try await Task { try await rig.run(line) }.value
    #expect(result.code == .interrupted && result.output.isEmpty, "\(result)")
    isArmed.withLock { $0 = false }
    #expect(try rig.journal().runs(limit: 5).isEmpty)
    #expect(try await rig.run("transfer all --confirm 5").code == .success)
  }

  @Test func aPlanSaysItsCommandOnce() async throws {
    let rig = try await CommandRig(agents: 5)
    let table = try await rig.run("transfer all --dry-run", format: .table)
    #expect(table.output.contains("WS-003") && !table.output.contains("IpXfer") && !table.output.contains("COMMAND"))
    #expect(table.notes.filter { $0.contains("IpXfer[_x64].exe -s ") && $0.contains("-pwd ••••") }.count == 1)
    let rows = try await rig.run("transfer all --dry-run").rows
    #expect(rows.count == 5 && rows.allSatisfy { $0[3].contains("IpXfer[_x64].exe") })
  }

  /// As `check agent` ends then.
  @Test func aProbeWhosePasswordIsRefusedStopsAndEndsAsCheckAgentDoes() async throws {
    let rig = try await CommandRig(agents: 30, faults: .logonRefused)
    let probe = try await rig.run("transfer all --dry-run --probe")
    #expect(probe.code == .refused && probe.rows.count == 30, "\(probe)")
    #expect(probe.said.contains("so that the account is not locked") && probe.said.contains("nothing was changed"))
    #expect(probe.rows.allSatisfy { $0[2].contains("logon-refused") }, "none of them would be repaired")
    #expect(probe.rows.count { $0[2].contains("not looked at") } == 29, "\(probe.rows)")
    #expect(try await CommandRig(agents: 3, faults: .logonRefused).run("check agent all").code == probe.code)
  }

  @Test func whatWasNotAttemptedIsCountedAndNotListed() async throws {
    let rig = try await CommandRig(agents: 30, faults: .logonRefused)
    let table = try await rig.run("transfer all --confirm 30", format: .table)
    #expect(table.output.contains("denied") && !table.output.contains("not-attempted"), "\(table)")
    #expect(table.said.contains("29 not-attempted of 30 planned"))
    let rows = try await rig.run("show run").rows
    #expect(rows.filter { $0.contains("not-attempted") }.count == 29, "programs get every agent")
    let shown = try await rig.run("show run", format: .table)
    #expect(shown.notes.last == "run 1: 1 denied, 29 not-attempted of 30 planned", "\(shown.notes)")
  }

  @Test func namesWithBlanksBetweenAreSaidToWantCommas() async throws {
    let rig = try await CommandRig(agents: 3)
    let error = await #expect(throws: CommandError.self) {
      guard case .command(let type, let consumed) = CommandRegistry(RepairCommands.all).match(["transfer"]) else {
        return
      }
      #expect(consumed == 1)
      _ = try CommandParsing.parse(type, ["WS-001", "WS-002"])
    }
    #expect(
      error?.message.contains("unexpected argument 'WS-002'; names are joined by ,") == true,
      "\(String(describing: error))")
    #expect(try await rig.run("transfer WS-001,WS-002 --dry-run").rows.count == 2)
  }

  @Test func aListsNoteNamesTheToolAndNotItsPath() async throws {
    let rig = try await CommandRig(agents: 3)
    let said = try await rig.run("list-mismatched").said
    #expect(said.contains("from CertificateManager.exe)") && !said.contains("apexsh-"), "\(said)")
  }
}
