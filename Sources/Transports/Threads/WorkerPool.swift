import CSystem
import Dispatch
import Foundation
import Synchronization

/// Threads of our own for libraries that block (libssh), so that Swift's cooperative pool never does.
///
/// Made when needed, up to `limit`; 512 KiB of stack each. They never end: libssh's and OpenSSL's clean-up at `exit`
/// crashes when threads that used them are ending at that moment.
package final class WorkerPool: Sendable {
  /// The pool of the whole process. More connections may be open than it has threads: an idle one holds none.
  /// Where few threads can be had, some are left to all else: it can't do without.
  package static let shared = WorkerPool(limit: Int(cs_room_for_threads(24, 256)))

  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var head = 0
    var threads = 0
    var idle = 0
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let limit: Int

  package init(limit: Int) {
    self.limit = limit
    // A far side that is gone must be an error, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Does `job` on one of the threads; in order, as soon as one is free.
  package func submit(_ job: @escaping @Sendable () -> Void) {
    let needsThread = state.withLock { state in
      state.jobs.append(job)
      let waiting = state.jobs.count - state.head
      guard waiting > state.idle, state.threads < limit else { return false }
      state.threads += 1
      return true
    }
    if needsThread { startThread() }
    wake.signal()
  }

  private func startThread() {
    if tryThread() { return }
    // There can be no further one: jobs wait for those that there are. One there has to be.
    let isOnly = state.withLock { state in
      guard state.threads > 1 else { return true }
      state.threads -= 1
      return false
    }
    guard isOnly else { return }
    let thread = Thread { [self] in work() }
    thread.stackSize = WorkerPool.stack
    thread.start()
  }

  private static let stack = 512 << 10

  private final class Body {
    let pool: WorkerPool
    init(_ pool: WorkerPool) { self.pool = pool }
  }

  /// False where there can be no further thread.
  private func tryThread() -> Bool {
    let body = Unmanaged.passRetained(Body(self))
    let code = cs_try_thread(
      "transport", WorkerPool.stack, { Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().pool.work() },
      body.toOpaque())
    if code != 0 { body.release() }
    return code == 0
  }

  private func work() {
    while true { next()() }
  }

  private func next() -> @Sendable () -> Void {
    state.withLock { $0.idle += 1 }
    while true {
      wake.wait()
      let job: (@Sendable () -> Void)? = state.withLock { state in
        guard state.head < state.jobs.count else { return nil }
        let job = state.jobs[state.head]
        state.jobs[state.head] = {}
        state.head += 1
        if state.head == state.jobs.count {
          state.jobs.removeAll(keepingCapacity: true)
          state.head = 0
        }
        state.idle -= 1
        return job
      }
      if let job { return job }
    }
  }
}
