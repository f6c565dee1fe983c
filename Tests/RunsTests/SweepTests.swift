import Lab
import Remote
import Synchronization
import Testing

@testable import Runs

/// Work on many things, so many at once.
@Suite struct SweepTests {
  private final class Load: Sendable {
    private let state = Mutex((now: 0, most: 0, begun: [Int]()))
    var most: Int { state.withLock { $0.most } }
    var begun: [Int] { state.withLock { $0.begun } }

    func begin(_ place: Int) {
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
        state.begun.append(place)
      }
    }
    func end() { state.withLock { $0.now -= 1 } }
  }

  @Test(arguments: [1, 3, 7]) func onlySoManyAreUnderWayAndAllAreDone(limit: Int) async throws {
    let (clock, load) = (try LabFleet(agents: 1, seed: 1).clock, Load())
    await SlotPool.sweep(Array(100..<140), atOnce: limit, on: clock) { place, element in
      #expect(element == place + 100)
      load.begin(place)
      await clock.pass(.seconds(1 + place % 3))
      load.end()
    }
    #expect(load.most == limit && load.begun.sorted() == Array(0..<40))
    #expect(limit > 1 || load.begun == Array(0..<40), "in their order")
    // 79 seconds of work in all, and no slot stood empty.
    #expect(clock.now >= .seconds(79 / limit) && clock.now <= .seconds(79 / limit + 6), "\(clock.now)")
  }

  @Test func noMoreBeginWhereItIsOver() async throws {
    let (clock, load) = (try LabFleet(agents: 1, seed: 1).clock, Load())
    await SlotPool.sweep(Array(0..<100), atOnce: 2, on: clock, while: { load.begun.count < 10 }) { place, _ in
      load.begin(place)
      await clock.pass(.seconds(1))
      load.end()
    }
    #expect((10...11).contains(load.begun.count), "\(load.begun)")
  }

  @Test func aCancelledOneEndsThoseUnderWayAndBeginsNoMore() async throws {
    let load = Load()
    let task = Task {
      await SlotPool.sweep(Array(0..<100), atOnce: 4, on: WallClock()) { place, _ in
        load.begin(place)
        try? await Task.sleep(for: .seconds(3_600))
        load.end()
      }
    }
    while load.begun.count < 4 { await Task.yield() }
    task.cancel()
    await task.value
    #expect(load.begun.count == 4)
  }
}
