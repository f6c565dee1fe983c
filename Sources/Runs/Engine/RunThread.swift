import Foundation
import Synchronization

/// One thread that carries all tasks of a run, in the order in which they become ready.
///
/// On the shared pool every wake-up of a task may wake a thread, and thousands of endpoints have millions of them; here
/// it is an append to an array. It also lets a run on the lab's clock take the same course each time. Nothing on it may
/// block: transports have threads of their own, the journal its queue, results are shown elsewhere.
final class RunThread: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var isAsleep = false
    var isOver = false
  }

  private let state = Mutex(State())
  private let alarm = DispatchSemaphore(value: 0)

  /// The thread lives until `end`, and then until nothing is left to do.
  init() {
    let thread = Thread { [self] in carry() }
    thread.name = "run"
    // What a repair needs is on the heap; its frames are small.
    thread.stackSize = 1 << 20
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let (wakes, isOver) = state.withLock { state in
      if state.isOver, state.isAsleep { return (false, true) }
      state.jobs.append(job)
      defer { state.isAsleep = false }
      return (state.isAsleep, false)
    }
    if wakes { alarm.signal() }
    // A task that outlives its run is carried all the same.
    if isOver { DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) } }
  }

  func end() {
    let wakes = state.withLock { state in
      state.isOver = true
      return state.isAsleep
    }
    if wakes { alarm.signal() }
  }

  private func carry() {
    let own = asUnownedTaskExecutor()
    var jobs: [UnownedJob] = []
    while true {
      jobs.removeAll(keepingCapacity: true)
      let isOver = state.withLock { state in
        swap(&jobs, &state.jobs)
        state.isAsleep = jobs.isEmpty
        return state.isOver && jobs.isEmpty
      }
      if isOver { return }
      if jobs.isEmpty { alarm.wait() }
      for job in jobs { job.runSynchronously(on: own) }
    }
  }
}
