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

  /// Dials and waits for the server's version. A server that turns us away before it has said it (`MaxStartups`) is
  /// asked twice more, after a pause, as far as there is time: nothing was sent to it.
  private func reach() throws(RemoteError) {
    for pause in [Duration.seconds(1), .seconds(2)] {
      do throws(RemoteError) {
        try dial()
        return try greet()
      } catch {
        let wait = pause * Double.random(in: 0.5...1.5)
        guard error.kind == .dropped, wire.cause == nil, deadline - .now > wait * 2 else { throw error }
        wire.release()
        try rest(wait)
      }
    }
    try dial()
    try greet()
  }

  private func rest(_ wait: Duration) throws(RemoteError) {
    let end = ContinuousClock.now + wait
    while ContinuousClock.now < end {
      if let cause = wire.cause { throw cause }
      usleep(20_000)
    }
  }

  /// Waits for the server's version and leaves it to libssh. Lines that come before it are taken off, as RFC 4253 (4.2)
  /// allows a server to say some; they are quoted where no version follows.
  func greet() throws(RemoteError) {
    wire.phase = .greeting
    var preface = Preface()
    while true {
      var entry = pollfd(fd: wire.descriptor, events: Int16(POLLIN), revents: 0)
      while poll(&entry, 1, 1_000) <= 0 {
        if let cause = wire.cause { throw cause }
      }
      if let cause = wire.cause { throw cause }
      var bytes = [UInt8](repeating: 0, count: 4_096)
      let count = recv(entry.fd, &bytes, bytes.count, Int32(MSG_PEEK))
      if let cause = wire.cause { throw cause }
      if count < 0, errno == EAGAIN || errno == EINTR { continue }
      guard count > 0 else { throw turnedAway(preface) }
      let taken = preface.take(bytes.prefix(count))
      if taken > 0 { _ = recv(entry.fd, &bytes, taken, 0) }
      wire.heard = preface.said
      if preface.isOver { return }
      guard preface.isBearable else { throw stranger }
      if taken == 0 {
        // The beginning of a version, perhaps the end of all: what was only looked at wakes no more.
        let ended = Int16(POLLHUP) | Int16(POLLERR) | Preface.hangUp
        entry = pollfd(fd: wire.descriptor, events: Preface.hangUp, revents: 0)
        if poll(&entry, 1, 20) > 0, entry.revents & ended != 0 { throw turnedAway(preface) }
        usleep(20_000)
      }
    }
  }

  private func turnedAway(_ preface: Preface) -> RemoteError {
    if route.proxyCommand != nil {
      return RemoteError(.unreachable, "\(label): the ProxyCommand ended without a connection\(words)")
    }
    let said = preface.said.isEmpty ? "before saying anything" : "after saying \(ForeignText.quoted(preface.said))"
    return RemoteError(.dropped, "\(label): \(place) closed the connection \(said)")
  }

  private var words: String { wire.heard.isEmpty ? "" : ": it said \(ForeignText.quoted(wire.heard))" }

  private var stranger: RemoteError {
    RemoteError(.protocolFault, "\(label): what listens at \(place) is not an SSH server\(words)")
  }

  /// A session whose key exchange is done; nobody is logged on yet.
  func session(preferring types: [String]) throws(RemoteError) -> SSHSession {
    try reach()
    let session = try SSHSession(route: route, wire: wire)
    try session.exchangeKeys(preferring: types, limit: limit)
    return session
  }

  /// By which the machine at the far end is told from others.
  func marks(_ key: HostKey) -> MachineMarks {
    var marks = MachineMarks()
    marks.add(hostKey: key.sha256)
    // What a proxy connects to is known to it alone.
    marks.add(address: route.proxyCommand == nil ? wire.peer ?? route.host : route.host)
    return marks
  }

  private var place: String { "\(route.host) port \(route.port)" }

  /// What it means that it is cancelled now. A password that was sent may be refused all the same.
  var cancellation: RemoteError {
    guard wire.phase == .passwordSent else { return RemoteError(.dropped, "\(label): connecting was cancelled") }
    return RemoteError(
      .dropped, "\(label): cancelled after the password was sent; it may have been refused", credential: .password)
  }

  /// What it means that the time is over now.
  var lateness: RemoteError {
    if wire.phase == .greeting, !wire.heard.isEmpty { return stranger }
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

/// What a server says before its version: lines that do not begin with `SSH-`.
struct Preface {
  /// Bytes and lines that are taken before the version; OpenSSH's client takes as many lines.
  private static let (longest, mostLines) = (64 << 10, 1_024)
  private static let version = Array("SSH-".utf8)
  #if canImport(Glibc)
    /// `POLLRDHUP`, which is not imported.
    static let hangUp = Int16(0x2000)
  #else
    static let hangUp = Int16(0)
  #endif

  /// Its beginning, 200 bytes at most.
  private(set) var said: [UInt8] = []
  /// The version is next.
  private(set) var isOver = false
  private var count = 0
  private var lines = 0
  private var isInLine = false

  var isBearable: Bool { count <= Preface.longest && lines <= Preface.mostLines }

  /// How many of the bytes that have come stand before the version. None where they may be its beginning.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> Int {
    var rest = bytes
    while !rest.isEmpty {
      if !isInLine {
        if rest.starts(with: Preface.version) {
          isOver = true
          break
        }
        if rest.count < Preface.version.count, Preface.version.starts(with: rest) { break }
      }
      let end = rest.firstIndex(of: 0x0A)
      let line = rest[..<(end.map { $0 + 1 } ?? rest.endIndex)]
      isInLine = end == nil
      if end != nil { lines += 1 }
      said += line.prefix(200 - said.count)
      count += line.count
      rest = rest[line.endIndex...]
    }
    return bytes.count - rest.count
  }
}
