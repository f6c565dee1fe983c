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
}
