import Foundation
import Lab
import Remote

@testable import Runs

/// Random histories of runs: as many as there is time for, a few at a time.
enum Histories {
  /// `scripts/soak` runs many more than `scripts/test`.
  static func count(soak: Int, test: Int) -> Int {
    ProcessInfo.processInfo.environment["APEXSH_SOAK"] == nil ? test : soak
  }

  /// `APEXSH_SEED` replays one history alone.
  static func run(_ count: Int, _ history: @escaping @Sendable (UInt64) async throws -> Void) async throws {
    if let seed = ProcessInfo.processInfo.environment["APEXSH_SEED"].flatMap(UInt64.init) {
      return try await history(seed)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for seed in 1...count {
        if seed > 4 { try await group.next() }
        group.addTask { try await history(UInt64(seed)) }
      }
      try await group.waitForAll()
    }
  }
}

extension RunControls {
  /// Pauses, throttles and lets go on at random moments of the lab's time.
  func disturb(_ random: inout Seeded, on clock: any Timekeeper) {
    for _ in 0..<random.below(4) {
      let moment = Duration.milliseconds(random.below(240_000))
      switch random.below(3) {
      case 0:
        let parallel = [1, 3, 64][random.below(3)]
        _ = clock.schedule(after: moment) { self.throttle(parallel) }
      case 1:
        let length = Duration.milliseconds(1 + random.below(7_200_000))
        _ = clock.schedule(after: moment) { self.pause(true) }
        _ = clock.schedule(after: moment + length) { self.pause(false) }
      default:
        _ = clock.schedule(after: moment) { self.proceed() }
      }
    }
  }
}

extension RunOptions {
  /// Who goes first, what lies between waves, and for how long is tried again.
  mutating func vary(_ random: inout Seeded, agents: [String]) {
    if random.below(4) == 0 { wavePauseSeconds = Double(1 + random.below(90_000)) }
    if random.below(3) == 0 { keepTryingSeconds = Double(1 + random.below(200_000)) }
    if random.below(4) == 0 { canaries = (0...random.below(3)).map { _ in agents[random.below(agents.count)] } }
  }
}
