import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ends this process when its connection has ended, as Windows ends the programs of a closed session. An SSH server on
/// Linux leaves them running: so look whether the parent is still there and somebody still reads what we print.
/// (Standard input says nothing: many clients close it at once.)
final class ConnectionWatch: Sendable {
  private let isOver = Mutex(false)

  /// `end` is called once, on a thread of its own.
  init(output: Int32, end: @escaping @Sendable () -> Void = { _exit(255) }) {
    let parent = getppid()
    let thread = Thread { [self] in
      while !isOver.withLock({ $0 }) {
        if getppid() != parent || ConnectionWatch.isDead(output) { return end() }
        usleep(20_000)
      }
    }
    thread.stackSize = 256 << 10
    thread.start()
  }

  func stop() { isOver.withLock { $0 = true } }

  private static func isDead(_ descriptor: Int32) -> Bool {
    var look = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&look, 1, 0) > 0 && Int32(look.revents) & (Int32(POLLERR) | Int32(POLLHUP)) != 0
  }
}
