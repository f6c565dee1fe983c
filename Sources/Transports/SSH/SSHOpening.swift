import Foundation
import Remote

/// The way to an exchanged key: dial, wait for the server's first line, hand over to libssh.
struct SSHOpening: Sendable {
  let route: SSHRoute
  let wire: Wire
  let limit: Duration
  private let deadline: ContinuousClock.Instant

  init(route: SSHRoute, wire: Wire, limit: Duration) {
    self.route = route
    self.wire = wire
    self.limit = limit
    deadline = .now + limit
  }

  private var label: String { route.label }

  func dial() throws(RemoteError) {
    if let cause = wire.cause { throw cause }
    guard let command = route.proxyCommand else {
      let dial = Dial(host: route.host, port: route.port, label: label, wire: wire, deadline: deadline)
      return try dial.connect()
    }
    wire.phase = .dialling
    let (process, descriptor) = try ProxyProcess.start(command, label: label)
    try wire.adopt(descriptor, proxy: process)
  }

  /// Waits for the first bytes and looks at them without taking them: libssh would call silence, an end and a stranger
  /// all by one name.
  func greet() throws(RemoteError) {
    wire.phase = .greeting
    var entry = pollfd(fd: wire.descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 1_000) <= 0 {
      if let cause = wire.cause { throw cause }
    }
    if let cause = wire.cause { throw cause }
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = recv(entry.fd, &bytes, bytes.count, Int32(MSG_PEEK))
    if let cause = wire.cause { throw cause }
    guard count > 0 else {
      if route.proxyCommand != nil {
        throw RemoteError(.unreachable, "\(label): the ProxyCommand ended without a connection")
      }
      throw RemoteError(.dropped, "\(label): \(place) closed the connection before saying anything")
    }
    guard Array("SSH-".utf8).starts(with: bytes.prefix(count)) else {
      throw RemoteError(.protocolFault, "\(label): what listens at \(place) is not an SSH server")
    }
  }

  /// A session whose key exchange is done; nobody is logged on yet.
  func session(preferring types: [String]) throws(RemoteError) -> SSHSession {
    try dial()
    try greet()
    let session = try SSHSession(route: route, wire: wire)
    try session.exchangeKeys(preferring: types, limit: limit)
    return session
  }

  private var place: String { "\(route.host) port \(route.port)" }

  /// What it means that the time is over now.
  var lateness: RemoteError {
    let seconds = limit.components.seconds
    let time = seconds > 0 ? "\(seconds) s" : "\(limit / .milliseconds(1)) ms"
    let text =
      switch wire.phase {
      case .queued: "not begun within \(time): too many connections at once"
      case .resolving: "\(route.host) could not be looked up within \(time)"
      case .dialling: "no answer from \(place) within \(time)"
      case .greeting: "\(place) takes connections but says nothing (\(time))"
      case .exchanging: "\(place) did not finish the key exchange within \(time)"
      case .passwordSent: "\(place) said nothing to the password within \(time); it may have been refused"
      case .loggingOn, .open: "\(place) did not finish the logon within \(time)"
      }
    return RemoteError(
      .timedOut, "\(label): \(text)", credential: wire.phase == .passwordSent ? .password : nil)
  }
}
