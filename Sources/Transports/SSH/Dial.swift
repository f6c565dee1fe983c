import Foundation
import Remote

/// A TCP connection of our own making, so that refused, no route, no such name and no answer stay distinct.
///
/// libssh's own dialling tells them apart only by text.
struct Dial {
  let host: String
  let port: UInt16
  /// What errors begin with: the endpoint's name.
  let label: String
  let wire: Wire
  let deadline: ContinuousClock.Instant

  private var place: String { "\(host) port \(port)" }

  /// Connects and gives the descriptor to the wire. The descriptor stays non-blocking.
  func connect() throws(RemoteError) {
    wire.phase = .resolving
    let addresses = try SocketAddress.resolve(host, port: port, label: label)
    wire.phase = .dialling
    var failure = RemoteError(.unreachable, "\(label): \(host) has no address")
    for address in addresses {
      do throws(RemoteError) {
        try wire.adopt(connect(to: address))
        return
      } catch {
        failure = error
        if wire.cause != nil || error.kind == .timedOut { break }
      }
    }
    throw failure
  }

  private func connect(to address: SocketAddress) throws(RemoteError) -> Int32 {
    let descriptor = address.makeSocket()
    guard descriptor >= 0 else {
      throw RemoteError(.local, "\(label): no socket could be made: \(systemText(errno))")
    }
    do throws(RemoteError) {
      if address.connect(descriptor) == 0 { return descriptor }
      guard errno == EINPROGRESS else { throw fault(errno) }
      try awaitWritable(descriptor)
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Waits in slices, so that a cut is seen although the wire doesn't have the descriptor yet.
  private func awaitWritable(_ descriptor: Int32) throws(RemoteError) {
    while true {
      if let cause = wire.cause { throw cause }
      let left = deadline - .now
      guard left > .zero else { throw RemoteError(.timedOut, "\(label): no answer from \(place)") }
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let ready = poll(&entry, 1, Int32(min(100, max(1, left / .milliseconds(1)))))
      if ready < 0, errno != EINTR { throw fault(errno) }
      guard ready > 0 else { continue }
      var code: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
      if code != 0 { throw fault(code) }
      return
    }
  }

  func fault(_ code: Int32) -> RemoteError {
    switch code {
    case ECONNREFUSED: RemoteError(.unreachable, "\(label): connection refused by \(place)")
    case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN: RemoteError(.unreachable, "\(label): no route to \(host)")
    // It is there, and takes no more at present: as one that hangs up before its version.
    case ECONNRESET, ECONNABORTED, EPIPE: RemoteError(.dropped, "\(label): \(place) reset the connection")
    case ETIMEDOUT: RemoteError(.timedOut, "\(label): no answer from \(place)")
    case EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL:
      RemoteError(.local, "\(label): no connection could be made from here: \(systemText(code))")
    default: RemoteError(.unreachable, "\(label): can't connect to \(place): \(systemText(code))")
    }
  }
}

/// The system's words for an error number, lower case.
func systemText(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
