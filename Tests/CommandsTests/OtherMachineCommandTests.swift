import ApexOne
import Foundation
import Lab
import Remote
import Runs
import Testing

@testable import Commands

/// `--other-machine`, by every door through which a plan is carried out.
@Suite struct OtherMachineCommandTests {
  @Test func whatWasAllowedIsAllowedToWhatCarriesItOn() async throws {
    let rig = try await CommandRig(agents: 10, faults: FaultRecipe(.otherMachine))
    let name = try #require(rig.fleet.names.first { rig.fleet.fault(of: $0) == .otherMachine })
    let refused = try await rig.run("transfer \(name) --confirm 1 --format json")
    #expect(refused.output.contains(#""cause":"other-machine""#), "\(refused.output)")
    #expect(try await rig.run("list agents \(name)").rows[0][4] == "mismatched", "nothing of it is the agent's")
    #expect(try await rig.run("check agent \(name)").rows[0][2] == "other-machine")
    #expect(try await rig.run("transfer \(name) --dry-run --probe").output.contains("other-machine"))

    let machine = "pc-" + name.drop { !$0.isNumber }
    let path = rig.folder + "/a.plan"
    let planned = "transfer \(name) --other-machine \(machine) --dry-run --probe --plan-out '\(path)'"
    #expect(try await !rig.run(planned).output.contains("other-machine:"))
    // A run of that plan whose process died before it began.
    let journal = try rig.journal()
    let run = try journal.beginRun(try PlanFile.read(path), confirmed: "1", parent: nil, at: rig.fleet.clock.date)
    journal.disown(run)
    let resumed = try await rig.run("resume \(run)")
    #expect(resumed.code == .success, "\(resumed.said)")
    #expect(try await rig.run("verify \(run)").code == .success)
    // Who only looks was not told.
    #expect(try await rig.run("check agent \(name)").rows[0][2] == "other-machine")
    #expect(try await rig.run("transfer \(name) --other-machine 'PC 9' --dry-run").code == .misuse)
  }

  /// Where nothing says whose machine it is, every look says that.
  @Test func aMachineThatSaysNoNameIsNotedByEveryLook() async throws {
    let rig = try await CommandRig(agents: 3, endpoint: { NamelessHost(base: $0) })
    for line in ["check agent WS-001", "show agent WS-001 --live", "transfer WS-001 --dry-run --probe"] {
      let result = try await rig.run(line)
      #expect((result.output + result.said).contains("calls itself could not be read"), "\(line): \(result)")
    }
    let named = try await CommandRig(agents: 3)
    let result = try await named.run("transfer WS-001 --dry-run --probe")
    #expect(!result.said.contains("calls itself"), "\(result.said)")
  }
}
