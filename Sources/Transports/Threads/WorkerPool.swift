import Dispatch
import Foundation
import Synchronization

/// Threads of our own for libraries that block (libssh), so that Swift's cooperative pool never does.
///
/// Made when needed, up to `limit`; 512 KiB of stack each. They never end: libssh's and OpenSSL's clean-up at `exit`
/// crashes when threads that used them are ending at that moment.
package final class WorkerPool: Sendable {
  /// The pool of the whole process. More connections may be open than it has threads: an idle one holds none.
  package static let shared = WorkerPool(limit: 256)

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
    let thread = Thread { [self] in
      while true { next()() }
    }
    thread.stackSize = 512 << 10
    thread.name = "transport"
    thread.start()
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
