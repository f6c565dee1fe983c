import ApexOne
import Foundation
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

  /// A run's plan as journals and plan files of 0.1.0 and the versions since hold it: it is still read, and written
  /// without anything that they did not have, so that its digest stays.
  @Test func olderPlansStayWhatTheyWere() throws {
    let old = Data(Self.older.utf8)
    let plan = try JSONDecoder().decode(Plan.self, from: old)
    #expect(plan.serverName == "apexone.contoso.local" && plan.options.parallel == 32)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let again = try JSONSerialization.jsonObject(with: try encoder.encode(plan)) as? NSDictionary
    #expect(again == (try JSONSerialization.jsonObject(with: old) as? NSDictionary))
  }

  private static let older = #"""
    {
      "agentPort": 37462,
      "agents": [],
      "certificateSHA256": "7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82",
      "certificateSerial": "4AAF8AABCC5E9F802A219E5E9535E59E",
      "command": "IpXfer[_x64].exe -s apexone.contoso.local",
      "files": [
        {
          "name": "IpXfer.exe",
          "sha256": "2e4964d87245733ad2db6600a18e7109918dd3a912a377db7a3f266daabee1f6",
          "size": 2048
        }
      ],
      "httpPort": 8080,
      "httpsPort": 4343,
      "listTaken": 1772438405.2,
      "options": {
        "changePort": false,
        "connectSeconds": 15,
        "copySeconds": 300,
        "executeSeconds": 600,
        "force": false,
        "maxFailures": {
          "percentage": {
            "_0": 5
          }
        },
        "maxUnprotected": {
          "count": {
            "_0": 1
          }
        },
        "move": false,
        "parallel": 32,
        "retries": 2,
        "settleSeconds": 300,
        "waves": {
          "steps": [
            {
              "count": {
                "_0": 1
              }
            },
            {
              "count": {
                "_0": 20
              }
            },
            {
              "percentage": {
                "_0": 10
              }
            },
            {
              "percentage": {
                "_0": 100
              }
            }
          ]
        }
      },
      "product": "apex-one",
      "recipe": {
        "arguments": [],
        "certificateDiffers": false,
        "noUnloadPassword": false
      },
      "remedy": "transfer",
      "server": "lab:20000/none/1",
      "serverAliases": [],
      "serverName": "apexone.contoso.local"
    }
    """#

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
