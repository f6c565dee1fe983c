import ApexOne
import Testing

@testable import Runs

@Suite struct PlanTests {
  private func plan() throws -> Plan {
    Plan(
      remedy: .transfer, server: "lab:1", serverName: "apexone.contoso.local", product: "apex-one",
      certificate: try TestCertificates.server(), files: [PlannedFile(name: "a", bytes: [1, 2])],
      command: "IpXfer -pwd ••••", options: RunOptions(),
      agents: [PlannedAgent(name: "WS-001"), PlannedAgent(name: "WS-002", refusal: Refusal(.cannotCarry, "no"))])
  }

  @Test func countIsPlannedLessRefused() throws {
    #expect(try plan().count == 1)
    #expect(try plan().refused == 1)
  }

  @Test func digestKnowsWhatWouldBeDoneAndNoTime() throws {
    let base = try plan()
    var other = base
    other.listTaken = 77
    #expect(other.digest == base.digest)
    #expect(base.digest.count == 16)
    let changes: [(inout Plan) -> Void] = [
      { $0.agents.append(PlannedAgent(name: "WS-003")) }, { $0.agents[0].address = "10.0.0.1" },
      { $0.files[0].sha256 = "0" }, { $0.server = "lab:2" }, { $0.serverName = "b" }, { $0.certificateSHA256 = "0" },
      { $0.options.force = true }, { $0.options.waves = WaveSizes("100%") ?? $0.options.waves }, { $0.agentPort = 1 },
      { $0.remedy = .reinstall }, { $0.command = "x" }, { $0.agents.swapAt(0, 1) },
    ]
    for change in changes {
      var changed = base
      change(&changed)
      #expect(changed.digest != base.digest)
    }
  }

  @Test func aBudgetOfAllIsOff() {
    #expect(Budget("100%")?.isOff == true)
    #expect(Budget("99%")?.isOff == false)
    #expect(Budget("100")?.isOff == false)
  }
}
