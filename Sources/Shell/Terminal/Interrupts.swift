import CEditline
import CSystem
import Foundation
import Synchronization

/// ^C, SIGTERM or SIGHUP while a command runs in the foreground.
package struct Interrupt: Sendable, Equatable {
  package enum Kind: Sendable { case interrupt, terminate, hangUp }
  package var kind: Kind
  /// How often ^C came since the watch began, this one included; of the other two, counted together, likewise.
  package var count: Int

  /// The process ends as by this signal, at once, the terminal as the user left it.
  package func endProcess() -> Never {
    switch kind {
    case .interrupt: ce_end_by_signal(SIGINT)
    case .terminate: ce_end_by_signal(SIGTERM)
    case .hangUp: ce_end_by_signal(SIGHUP)
    }
  }
}

/// While it exists and until `end()`, SIGINT, SIGTERM and SIGHUP don't end the process but arrive in `events`; after it
/// they do again what they did before. Watches may be nested: the innermost gets them.
package final class Interrupts: Sendable {
  package let events: AsyncStream<Interrupt>
  private let watch: Int

  package init() {
    let (events, continuation) = AsyncStream.makeStream(of: Interrupt.self)
    self.events = events
    watch = InterruptPipe.shared.begin({ continuation.yield($0) }, ending: { continuation.finish() })
  }

  /// Each of them calls `handler` on the thread that waits for signals, one after another; `events` stays empty.
  package init(_ handler: @escaping @Sendable (Interrupt) -> Void) {
    let (events, continuation) = AsyncStream.makeStream(of: Interrupt.self)
    self.events = events
    continuation.finish()
    watch = InterruptPipe.shared.begin(handler, ending: {})
  }

  deinit { end() }

  /// Ends the watch, and `events`. May be called more than once.
  package func end() { InterruptPipe.shared.end(watch) }

  /// Runs `body`; each of them meanwhile calls `handler`, one after another.
  package static func during<T: Sendable>(
    handler: @escaping @Sendable (Interrupt) async -> Void, _ body: () async throws -> T
  ) async rethrows -> T {
    let watch = Interrupts()
    let events = watch.events
    let handling = Task { for await event in events { await handler(event) } }
    defer {
      watch.end()
      handling.cancel()
    }
    return try await body()
  }
}

/// The pipe that the signal handler writes numbers to, and the thread that reads it. One for the process, never closed:
/// a handler that is still running must not find a descriptor that has become somebody else's.
private final class InterruptPipe: Sendable {
  static let shared = InterruptPipe()

  private struct Watch {
    var number: Int
    var deliver: @Sendable (Interrupt) -> Void
    var ending: @Sendable () -> Void
    var interrupts = 0
    var terminations = 0
  }

  private let watches = Mutex<(last: Int, active: [Watch])>((0, []))
  private let descriptor: Int32
  private let source: Int32

  private init() {
    var descriptors: [Int32] = [-1, -1]
    // Without descriptors left the signals do what they always do.
    guard ce_pipe(&descriptors) == 0 else {
      (source, descriptor) = (-1, -1)
      return
    }
    (source, descriptor) = (descriptors[0], descriptors[1])
    // A bare thread, since the first prompt waits for it; `shared` outlives it.
    let me = Unmanaged.passUnretained(self).toOpaque()
    _ = cs_try_thread(
      "interrupts", 1 << 20,
      { context in
        guard let context else { return }
        let pipe = Unmanaged<InterruptPipe>.fromOpaque(context).takeUnretainedValue()
        while true { pipe.deliver(from: pipe.source) }
      }, me)
  }

  func begin(_ deliver: @escaping @Sendable (Interrupt) -> Void, ending: @escaping @Sendable () -> Void) -> Int {
    watches.withLock { watches in
      if watches.active.isEmpty, descriptor >= 0 { ce_watch_interrupts(descriptor) }
      watches.last += 1
      watches.active.append(Watch(number: watches.last, deliver: deliver, ending: ending))
      return watches.last
    }
  }

  func end(_ number: Int) {
    watches.withLock { watches in
      guard let index = watches.active.firstIndex(where: { $0.number == number }) else { return }
      watches.active.remove(at: index).ending()
      if watches.active.isEmpty, descriptor >= 0 { ce_watch_interrupts(-1) }
    }
  }

  private func deliver(from source: Int32) {
    var ready = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
    poll(&ready, 1, -1)
    var numbers = [UInt8](repeating: 0, count: 16)
    let count = read(source, &numbers, numbers.count)
    for number in numbers.prefix(max(0, count)) { deliver(Int32(number)) }
  }

  private func deliver(_ number: Int32) {
    let call = watches.withLock { watches -> (@Sendable () -> Void)? in
      guard let innermost = watches.active.indices.last else { return nil }
      let deliver = watches.active[innermost].deliver
      let interrupt: Interrupt
      if number == SIGINT {
        watches.active[innermost].interrupts += 1
        interrupt = Interrupt(kind: .interrupt, count: watches.active[innermost].interrupts)
      } else {
        watches.active[innermost].terminations += 1
        let kind: Interrupt.Kind = number == SIGHUP ? .hangUp : .terminate
        interrupt = Interrupt(kind: kind, count: watches.active[innermost].terminations)
      }
      return { deliver(interrupt) }
    }
    // Outside the lock: what it does may begin or end a watch.
    call?()
  }
}
