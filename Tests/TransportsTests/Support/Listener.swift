import Foundation
import LocalSystem
import Synchronization

@testable import Transports

/// A TCP listener on the loopback, on a port the system chooses. Closed when its owner goes.
final class Listener: Sendable {
  let descriptor: Int32
  let port: UInt16

  init() throws {
    descriptor = socket(AF_INET, streamSocket | closeOnExec, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let code: Int32 = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
        guard bind(descriptor, address, size) == 0, listen(descriptor, 64) == 0 else { return -1 }
        return getsockname(descriptor, address, &size)
      }
    }
    guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }

  /// A port that nobody listens at, at least a moment ago.
  static func freePort() throws -> UInt16 { try Listener().port }

  /// Waits for one connection, however long: in a full run a test may connect minutes after it made its server, and
  /// the backlog would take a connection that nobody serves any more. -1 if the descriptor is no listener.
  func accept() -> Int32 {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, -1) < 0 { guard errno == EINTR else { return -1 } }
    return ChildProcess.lock.withLock { _ in
      let accepted = systemAccept(descriptor)
      _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
      return accepted
    }
  }
}

private func systemAccept(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
