import Foundation
import Testing

@testable import Commands

/// A process of its own, or a prompt that has just begun, knows the newest list that the journal holds.
@Suite struct LookupLoadingTests {
  @Test func theNewestListIsKnownBeforeTheServerIsAsked() async throws {
    let rig = try await CommandRig(agents: 30)
    _ = try await rig.run("list-mismatched")
    await rig.state.setLookups(EmptySnapshot())
    let empty = await rig.state.completionSnapshot.agents(prefix: "WS-0", preferring: nil, limit: 5)
    #expect(empty.total == 0)
    await rig.invocation().loadLookups()
    let found = await rig.state.completionSnapshot.agents(prefix: "ws-01", preferring: "mismatched", limit: 5)
    #expect(found.total == 10)
    #expect(found.candidates.first?.text == "WS-010")
    #expect(await rig.state.promptNote == "30 mismatched")
  }

  @Test func agentsOfAListThatWasReadWithoutAServer() async throws {
    let rig = try await CommandRig(agents: 3, isConnected: false)
    _ = try rig.folders.readyState()
    let path = rig.folder + "/state/list.csv"
    try Data("Computer Name,Domain\r\nLAP-7,Sales\r\nLAP-8,Plant\r\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try await rig.run("list-mismatched --from '\(path)'").code == .success)
    func names() async -> [String] {
      await rig.state.completionSnapshot.agents(prefix: "", preferring: "mismatched", limit: 5).candidates.map(\.text)
    }
    #expect(await names() == ["LAP-7", "LAP-8"], "at once")
    #expect(await rig.state.completionSnapshot.domains == ["Plant", "Sales"])
    await rig.state.setLookups(EmptySnapshot())
    await rig.invocation().loadLookups()
    #expect(await names() == ["LAP-7", "LAP-8"], "in a session that begins")
    // Another server's agents are not those of the list.
    _ = try await rig.run("set server lab:")
    #expect(await names().isEmpty)
    #expect(await rig.state.promptNote == nil)
    _ = try await rig.run("list-mismatched")
    #expect(await names() == ["WS-001", "WS-002", "WS-003"])
    _ = try await rig.run("unset server")
    #expect(await names() == ["LAP-7", "LAP-8"])
  }
}
