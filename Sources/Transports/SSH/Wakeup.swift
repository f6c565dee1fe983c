import Foundation
import Synchronization

/// Wakes a thread that polls: a socket pair, held only while a connection is being served.
final class Wakeup: Sendable {
  private let ends = Mutex<(read: Int32, write: Int32)>((-1, -1))

  deinit { close() }

  /// Opens it where it isn't; the end to poll, -1 when there are no descriptors left.
  func open() -> Int32 {
    ends.withLock { ends in
      guard ends.read < 0 else { return ends.read }
      var pair: [Int32] = [-1, -1]
      guard socketpair(AF_UNIX, streamSocket | socketFlags, 0, &pair) == 0 else { return -1 }
      for descriptor in pair { keepPrivate(descriptor) }
      ends = (pair[0], pair[1])
      return ends.read
    }
  }

  func signal() {
    ends.withLock { ends in
      guard ends.write >= 0 else { return }
      var byte: UInt8 = 1
      _ = write(ends.write, &byte, 1)
    }
  }

  func close() {
    ends.withLock { ends in
      for descriptor in [ends.read, ends.write] where descriptor >= 0 { closeDescriptor(descriptor) }
      ends = (-1, -1)
    }
  }

  static func drain(_ descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}

private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
