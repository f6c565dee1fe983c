import CSystem
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Work on our own machine's files that may never end by itself: a pipe whose far side doesn't come, a terminal where
/// nobody types, a folder of a file server that is gone.
///
/// Whatever opens, reads or writes a file that a person named does it here, so that all of it ends at ^C.
package enum LocalWait {
  /// Does `work` on a thread of its own while the caller waits. Where the caller's task is cancelled first, `work` is
  /// left to itself, told so by what it was given, and `interrupted` is thrown.
  package static func work<T: Sendable>(
    _ interrupted: @autoclosure () -> CommandError, _ work: @escaping @Sendable (Leave) -> Result<T, CommandError>
  ) throws(CommandError) -> T {
    let job = Job(work)
    let context = Unmanaged.passRetained(job).toOpaque()
    let code = cs_try_thread(
      "local file", 1 << 20,
      { context in
        guard let context else { return }
        Unmanaged<AnyJob>.fromOpaque(context).takeRetainedValue().run()
      }, context)
    // Without threads left there is nobody else to do it.
    if code != 0 { Unmanaged<AnyJob>.fromOpaque(context).takeRetainedValue().run() }
    while job.done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      guard Task.isCancelled else { continue }
      job.leave.give()
      throw interrupted()
    }
    return try job.take().get()
  }

  /// Waits until `descriptor` is ready for `events`, or its far side has gone; false where nobody waits any more.
  package static func isReady(_ descriptor: Int32, _ events: Int32, unless isOver: () -> Bool) -> Bool {
    var patience: Int32 = 10
    while true {
      var ready = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&ready, 1, patience)
      if count > 0 || count < 0 && errno != EINTR { return true }
      if isOver() { return false }
      patience = min(200, patience * 2)
    }
  }

  /// How writing to a descriptor of ours went.
  package enum Written: Sendable, Equatable {
    case whole
    /// Nobody reads any more: the other end is closed, or, after an interrupt, nobody took anything for half a second.
    case readerGone
    case failed(Int32)
  }

  /// Writes everything, at the pace of whoever reads it: where that is nobody, it ends soon after `isOver` says so.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, unless isOver: () -> Bool
  ) -> Written {
    var status = stat()
    // A plain file never keeps a writer waiting; anything else takes at least so much at once when it is ready.
    let isPlain = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      if !isPlain, !isReady(descriptor, POLLOUT, unless: isOver), !isReadyAtLast(descriptor) { return .readerGone }
      let count = writeSome(descriptor, start, isPlain ? rest.count : min(rest.count, Int(PIPE_BUF)))
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        continue
      }
      switch errno {
      case EINTR, EAGAIN: continue
      case EPIPE, EIO: return .readerGone
      case let error: return .failed(error)
      }
    }
    return .whole
  }

  /// A reader that is only slow gets what was written for it.
  private static func isReadyAtLast(_ descriptor: Int32) -> Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&ready, 1, 500) > 0
  }

  /// Whether the one who waits for a piece of work has gone.
  package final class Leave: Sendable {
    private let flag = Atomic<Bool>(false)
    package init() {}
    package var isGiven: Bool { flag.load(ordering: .acquiring) }
    package func give() { flag.store(true, ordering: .releasing) }
  }

  private class AnyJob: @unchecked Sendable {
    func run() {}
  }

  private final class Job<T: Sendable>: AnyJob, @unchecked Sendable {
    let leave = Leave()
    let done = DispatchSemaphore(value: 0)
    private let work: @Sendable (Leave) -> Result<T, CommandError>
    private let result = Mutex<Result<T, CommandError>?>(nil)

    init(_ work: @escaping @Sendable (Leave) -> Result<T, CommandError>) { self.work = work }

    override func run() {
      let value = work(leave)
      result.withLock { $0 = value }
      done.signal()
    }

    func take() -> Result<T, CommandError> {
      result.withLock { $0 } ?? .failure(CommandError(.fault, "a file's work ended without a result"))
    }
  }
}

private func writeSome(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, start, count)
}
