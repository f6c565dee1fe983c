import Foundation
import Synchronization

/// Stands before a port of the loopback, hands on what comes from there until so many bytes have passed, and then falls
/// silent with all connections open: a far side that has stopped answering.
final class StallingRelay: Sendable {
  private struct State {
    var left: Int
    var passed = 0
    var isEnded = false
    var sockets: [Int32] = []
  }

  let port: UInt16
  private let listener: Int32
  private let target: UInt16
  private let state: Mutex<State>

  /// `limit`: bytes from the far side that pass, over all connections.
  init(to target: UInt16, limit: Int = .max) throws {
    self.target = target
    state = Mutex(State(left: limit))
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = StallingRelay.address(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let code: Int32 = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
        guard bind(listener, address, size) == 0, listen(listener, 64) == 0 else { return -1 }
        return getsockname(listener, address, &size)
      }
    }
    guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in serve() }
  }

  var passed: Int { state.withLock { $0.passed } }
  /// Somebody has connected, and gets nothing more.
  var isSilent: Bool { state.withLock { $0.left <= 0 && !$0.sockets.isEmpty } }

  func end() {
    let sockets = state.withLock { state in
      state.isEnded = true
      defer { state.sockets = [] }
      return state.sockets + [listener]
    }
    for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
  }

  private func serve() {
    while true {
      let near = accept(listener, nil, nil)
      guard near >= 0 else { return }
      let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var address = StallingRelay.address(target)
      let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      let isEnded = state.withLock { state in
        state.sockets += [near, far]
        return state.isEnded
      }
      if isEnded || code != 0 { return }
      Thread.detachNewThread { [self] in pump(from: near, to: far, isCounted: false) }
      Thread.detachNewThread { [self] in pump(from: far, to: near, isCounted: true) }
    }
  }

  private func pump(from source: Int32, to sink: Int32, isCounted: Bool) {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = recv(source, &buffer, buffer.count, 0)
      guard count > 0 else {
        shutdown(sink, Int32(SHUT_WR))
        return
      }
      let allowed = isCounted ? take(count) : count
      var sent = 0
      while sent < allowed {
        let written = buffer[sent..<allowed].withUnsafeBytes {
          send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard written > 0 else { return }
        sent += written
      }
      // Silent, not closed: whatever still comes is swallowed.
      if allowed < count {
        while recv(source, &buffer, buffer.count, 0) > 0 {}
        return
      }
    }
  }

  private func take(_ count: Int) -> Int {
    state.withLock { state in
      let allowed = min(count, max(0, state.left))
      if state.left != .max { state.left -= count }
      state.passed += allowed
      return allowed
    }
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }
}
