import Lab
import Remote
import Synchronization
import Testing

/// The virtual clock: time moves only when everybody waits, in the right order, and never loses anybody.
@Suite struct VirtualClockTests {
  let clock = VirtualClock()

  /// Starts tasks that live on the clock, all counted before the first one runs.
  private func run(_ count: Int, _ body: @escaping @Sendable (Int) async -> Void) async {
    for _ in 0..<count { clock.begin() }
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<count {
        group.addTask {
          await body(number)
          clock.end()
        }
      }
    }
  }

  @Test func aSleepTakesItsTime() async throws {
    try await clock.living {
      try await clock.sleep(for: .seconds(90))
      #expect(clock.now == .seconds(90))
      try await clock.sleep(for: .zero)
      #expect(clock.now == .seconds(90))
    }
    #expect(clock.date == VirtualClock.usualStart + 90)
    #expect(clock.active == 0)
  }

  @Test func sleepersWakeByDeadlineAndThenByRegistration() async throws {
    let order = Mutex<[String]>([])
    clock.begin()
    for (name, seconds) in [("c", 3), ("a", 1), ("b1", 2), ("b2", 2), ("b3", 2)] {
      _ = clock.schedule(after: .seconds(seconds)) {
        order.withLock { $0.append("\(name)@\(clock.now)") }
      }
    }
    #expect(order.withLock { $0 } == [])
    clock.end()
    #expect(
      order.withLock { $0 }
        == ["a", "b1", "b2", "b3", "c"].map { name in
          "\(name)@\(Duration.seconds(name == "a" ? 1 : name == "c" ? 3 : 2))"
        })
  }

  @Test func thousandsOfTasksSeeTheTimeTheyAskedFor() async {
    let wrong = Mutex(0)
    await run(5_000) { number in
      var expected = Duration.zero
      for step in 1...10 {
        let pause = Duration.milliseconds(1 + (number * 7 + step * 13) % 97)
        expected += pause
        try? await clock.sleep(for: pause)
        if clock.now != expected { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(clock.active == 0)
    #expect(clock.waiting == 0)
  }

  @Test func timeStandsStillWhileAnybodyIsActive() async throws {
    clock.begin()
    clock.begin()
    let sleeper = Task {
      try await clock.sleep(for: .seconds(5))
      clock.end()
    }
    while clock.waiting == 0 { await Task.yield() }
    for _ in 0..<100 { await Task.yield() }
    #expect(clock.now == .zero)
    clock.end()
    try await sleeper.value
    #expect(clock.now == .seconds(5))
  }

  @Test func aCancelledSleeperWakesAtOnce() async throws {
    clock.begin()
    clock.begin()
    let sleeper = Task {
      defer { clock.end() }
      try await clock.sleep(for: .seconds(1_000))
    }
    while clock.waiting == 0 { await Task.yield() }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.now == .zero)
    #expect(clock.waiting == 0)
    clock.end()
    #expect(clock.now == .zero)
    #expect(clock.active == 0)
  }

  @Test func aTaskCancelledBeforeItSleepsDoesNotLieDown() async {
    clock.begin()
    let sleeper = Task {
      defer { clock.end() }
      while !Task.isCancelled { await Task.yield() }
      try await clock.sleep(for: .seconds(1_000))
    }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.now == .zero)
    #expect(clock.active == 0)
  }

  @Test func manyCancellationsRaceWithManyWakings() async {
    await run(2_000) { number in
      clock.begin()
      let sleeper = Task {
        defer { clock.end() }
        try await clock.sleep(for: .milliseconds(number % 5 + 1))
      }
      try? await clock.sleep(for: .milliseconds(3))
      sleeper.cancel()
      _ = await clock.idle { await sleeper.result }
    }
    #expect(clock.active == 0)
    #expect(clock.waiting == 0)
  }

  /// What a write takes is time like any other: others go on meanwhile.
  @Test func aWriteTakesTheTimeThatItWasGiven() async {
    let clock = VirtualClock(writeTime: .milliseconds(500))
    let order = Mutex<[String]>([])
    await clock.living {
      _ = clock.schedule(after: .milliseconds(300)) { order.withLock { $0.append("other") } }
      await clock.write()
      order.withLock { $0.append("written") }
    }
    #expect(order.withLock { $0 } == ["other", "written"])
    #expect(clock.now == .milliseconds(500))
    await VirtualClock().living { await VirtualClock().write() }
    #expect(clock.active == 0)
  }

  @Test func aCancelledActionNeverRuns() async {
    let ran = Mutex<[Int]>([])
    clock.begin()
    let tokens = (0..<4_000).map { number in
      clock.schedule(after: .seconds(number)) { ran.withLock { $0.append(number) } }
    }
    for (number, token) in tokens.enumerated() where number % 100 != 0 { token.cancel() }
    #expect(clock.waiting == 40)
    clock.end()
    #expect(ran.withLock { $0 } == Array(stride(from: 0, to: 4_000, by: 100)))
    #expect(clock.now == .seconds(3_900))
    for token in tokens { token.cancel() }
  }

  @Test func anActionMayScheduleAndWake() async throws {
    let found = Mutex<Duration?>(nil)
    clock.begin()
    _ = clock.schedule(after: .seconds(1)) {
      _ = clock.schedule(after: .seconds(2)) { found.withLock { $0 = clock.now } }
    }
    try await clock.sleep(for: .seconds(10))
    #expect(found.withLock { $0 } == .seconds(3))
    clock.end()
  }
}
