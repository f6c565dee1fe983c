import Foundation
import Remote
import Synchronization

/// The descriptor of one connection, so that any thread can cut it at any time.
///
/// libssh closes its own descriptor when it likes, and the number may then be somebody else's. So it gets a duplicate,
/// and what is shut down here is ours until `release`.
final class Wire: Sendable {
  /// How far a connection has come, for the words of a time-out.
  enum Phase: Sendable {
    case queued, resolving, dialling, greeting, exchanging, loggingOn
    /// The password was sent, and nothing has come back yet.
    case passwordSent
    case open
  }

  private struct State {
    var descriptor: Int32 = -1
    var cause: RemoteError?
    var phase = Phase.queued
    var proxy: ProxyProcess?
    var heard: [UInt8] = []
  }

  private let state = Mutex(State())

  deinit { release() }

  /// Why it was cut, nil while it wasn't.
  var cause: RemoteError? { state.withLock { $0.cause } }
  var descriptor: Int32 { state.withLock { $0.descriptor } }
  var phase: Phase {
    get { state.withLock { $0.phase } }
    set { state.withLock { $0.phase = newValue } }
  }

  /// The address at the far end of the socket; nil where it has none.
  var peer: String? {
    state.withLock { state -> String? in
      let descriptor = state.descriptor
      var address = sockaddr_storage()
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      return withUnsafeMutablePointer(to: &address) { pointer -> String? in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> String? in
          guard getpeername(descriptor, pointer, &size) == 0 else { return nil }
          var text = [CChar](repeating: 0, count: 256)
          guard getnameinfo(pointer, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
          }
          return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
      }
    }
  }

  /// The beginning of what the server said before its version.
  var heard: [UInt8] {
    get { state.withLock { $0.heard } }
    set { state.withLock { $0.heard = newValue } }
  }

  /// Takes the descriptor over. Throws, and closes it, when the wire was cut before.
  func adopt(_ descriptor: Int32, proxy: ProxyProcess? = nil) throws(RemoteError) {
    let cause = state.withLock { state -> RemoteError? in
      if state.cause == nil {
        state.descriptor = descriptor
        state.proxy = proxy
      }
      return state.cause
    }
    if let cause {
      close(descriptor)
      proxy?.end()
      throw cause
    }
  }

  /// A duplicate for libssh, which will close it; -1 when there is none.
  func duplicate() -> Int32 {
    state.withLock { $0.descriptor < 0 ? -1 : fcntl($0.descriptor, F_DUPFD_CLOEXEC, 0) }
  }

  /// The far side has hung up, and everything that it sent before was read.
  var hasEnded: Bool {
    var byte = UInt8(0)
    return state.withLock { $0.descriptor >= 0 && recv($0.descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0 }
  }

  /// Ends every wait on the connection at once. The first cause counts.
  func cut(_ cause: RemoteError) {
    state.withLock { state in
      if state.cause == nil { state.cause = cause }
      if state.descriptor >= 0 { shutdown(state.descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Closes our descriptor; the last thing that happens to a connection.
  func release() {
    let proxy = state.withLock { state -> ProxyProcess? in
      if state.descriptor >= 0 { close(state.descriptor) }
      state.descriptor = -1
      defer { state.proxy = nil }
      return state.proxy
    }
    proxy?.end()
  }
}
