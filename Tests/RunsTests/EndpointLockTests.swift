import ApexOne
import Lab
import Remote
import Testing

@testable import Runs

/// One endpoint, one apexsh.
@Suite struct EndpointLockTests {
  private func host(_ rig: EngineRig) async throws -> any Remote.Host {
    try await rig.fleet.connector.connect(to: Endpoint(name: "WS-001"), within: .seconds(60))
  }

  private func lock(
    _ run: Int, _ installation: String, for position: Int = 0,
    isUnderWay: @escaping @Sendable (Int) -> Bool = { _ in false }
  ) -> EndpointLock {
    EndpointLock(
      systemRoot: WindowsPath(#"C:\Windows"#), run: run, position: position, installation: installation,
      isUnderWay: isUnderWay)
  }

  @Test func aStrangersLockIsHonouredForHalfAnHour() async throws {
    for (age, outcome) in [(60.0, Outcome.refused), (31 * 60.0, .repaired)] {
      let rig = try EngineRig(agents: 1)
      rig.fleet.clock.begin()
      let host = try await self.host(rig)
      var stranger = lock(7, "0123456789abcdef")
      #expect(try await stranger.take(host, at: rig.fleet.clock.date - age) == nil)
      await host.close()
      rig.fleet.clock.end()
      let result = try #require(try await rig.transfer().results.first)
      #expect(result.outcome == outcome)
      if outcome == .refused { #expect(result.cause == .busy) }
    }
  }

  @Test func ourOwnLockIsTakenOver() async throws {
    let rig = try EngineRig(agents: 1)
    rig.fleet.clock.begin()
    let host = try await self.host(rig)
    var own = lock(7, rig.journal.installation)
    #expect(try await own.take(host, at: rig.fleet.clock.date) == nil)
    await host.close()
    rig.fleet.clock.end()
    #expect(try await rig.transfer().end.tally[.repaired] == 1)
  }

  /// Two runs of one installation can name one endpoint differently, and so can one run.
  @Test func ourOwnLockIsHonouredWhileItsRunIsUnderWay() async throws {
    let rig = try EngineRig(agents: 1)
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    let (host, date, own) = (try await self.host(rig), rig.fleet.clock.date, rig.journal.installation)
    var first = lock(7, own)
    #expect(try await first.take(host, at: date) == nil)
    var other = lock(8, own) { $0 == 7 }
    #expect(try await other.take(host, at: date)?.contains("run 7, which is under way") == true)
    var sameRun = lock(7, own, for: 3) { _ in true }
    #expect(try await sameRun.take(host, at: date)?.contains("another agent's name") == true)
    #expect(try await first.take(host, at: date) == nil)
    // Refreshed every five minutes while it is worked on: an old one was left.
    #expect(try await other.take(host, at: date + 31 * 60) == nil)
    #expect(try await first.take(host, at: date) == nil)
    var later = lock(8, own)
    #expect(try await later.take(host, at: date) == nil)
    await host.close()
  }

  /// A connection that broke between the folder and its file must not keep us out for half an hour.
  @Test func aLockThatWeBrokeOffIsOurs() async throws {
    let rig = try EngineRig(agents: 1)
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    let host = try await self.host(rig)
    var lock = self.lock(1, rig.journal.installation)
    try await host.makeFolder(WindowsPath(#"C:\Windows\apexsh.lock"#))
    #expect(try await lock.take(host, at: rig.fleet.clock.date) != nil)
    #expect(try await lock.take(host, at: rig.fleet.clock.date, mayBeOurs: true) == nil)
    await host.close()
  }

  /// So does a word of ours that was cut off while it was written.
  @Test(arguments: [
    ("", true), ("apexsh run=1 agent=0 instal", true), ("apexsh run=1 agent=0 installation=OWN at=17", true),
    ("apexsh run=7 agent=0 instal", false), ("apexsh run=1 agent=5 instal", false),
    ("apexsh run=1 agent=0 installation=0123456789abcdef at=17", false), ("something", false),
  ])
  func aLockThatWeHalfWroteIsOurs(text: String, isOurs: Bool) async throws {
    let rig = try EngineRig(agents: 1)
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    let host = try await self.host(rig)
    var lock = self.lock(1, rig.journal.installation)
    try await host.makeFolder(WindowsPath(#"C:\Windows\apexsh.lock"#))
    let text = text.replacing("OWN", with: rig.journal.installation)
    try await host.put(Array(text.utf8), to: WindowsPath(#"C:\Windows\apexsh.lock\owner.txt"#))
    // Our installation's name is enough by itself.
    let isNamed = text.contains(rig.journal.installation)
    #expect((try await lock.take(host, at: rig.fleet.clock.date) == nil) == isNamed)
    #expect((try await lock.take(host, at: rig.fleet.clock.date, mayBeOurs: true) == nil) == isOurs)
    await host.close()
  }

  @Test func ourLockIsDatedAnewBeforeAnybodyTakesItForGivenUp() async throws {
    let rig = try EngineRig(agents: 1)
    rig.fleet.clock.begin()
    defer { rig.fleet.clock.end() }
    let host = try await self.host(rig)
    let file = WindowsPath(#"C:\Windows\apexsh.lock\owner.txt"#)
    var lock = self.lock(1, rig.journal.installation)
    #expect(try await lock.take(host, at: 1_000) == nil)
    var dates: [String] = []
    for date in [1_000.0, 1_060, 1_301, 1_302, 1_700] {
      try await lock.refresh(host, at: date)
      let text = String(decoding: try await host.get(file, limit: 200), as: UTF8.self)
      dates.append(String(text.split(separator: "at=")[1].prefix { $0.isNumber }))
    }
    #expect(dates == ["1000", "1000", "1301", "1301", "1700"])
    await host.close()
  }

  /// The connection broke over the folder, for good: somebody must know that it may be there.
  @Test func aLockThatMayBeThereIsSaid() async throws {
    let rig = try EngineRig(agents: 1)
    rig.options.retries = 0
    rig.connector = WrappingConnector(base: rig.fleet.connector) { BreakingHost($0) }
    let outcome = try await rig.transfer()
    #expect(outcome.results[0].outcome == .failed, "\(outcome.results)")
    #expect(outcome.results[0].detail?.contains(#"left behind: perhaps C:\Windows\apexsh.lock"#) == true)
    #expect(try rig.steps(outcome.run, at: 0).contains("left-behind"))
  }
}

/// Makes folders, and its connection breaks before it can say so.
private final class BreakingHost: ForwardingHost {
  let base: any Remote.Host
  init(_ base: any Remote.Host) { self.base = base }
  func makeFolder(_ folder: WindowsPath) async throws(RemoteError) {
    try await base.makeFolder(folder)
    base.abort()
    throw RemoteError(.dropped, "WS-001: gone")
  }
}
