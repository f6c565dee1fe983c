import CLibssh
import Foundation
import Remote

/// One libssh session: connected, later logged on, with its channels.
///
/// Unchecked because libssh's handles are pointers: a session may be used by one thread at a time, whichever.
/// `SSHConnection` sees to that: only the thread that serves the connection touches it.
final class SSHSession: @unchecked Sendable {
  let route: SSHRoute
  let wire: Wire
  let handle: ssh_session
  /// Why nothing more can be done with it.
  private(set) var failure: RemoteError?
  private var event: ssh_event?
  private var isFreed = false
  var sftp: SFTPClient?
  /// Programs that run on channels of this session.
  var programs: [RunningProgram] = []
  /// A descriptor that becomes readable when there is new work.
  var wake: Int32 = -1
  /// Called while a file operation waits, so that new programs are started and ended ones answered.
  var betweenTurns: () -> Void = {}
  let meter = FloodMeter()

  var label: String { route.label }

  init(route: SSHRoute, wire: Wire) throws(RemoteError) {
    guard let handle = ssh_new() else { throw RemoteError(.local, "\(route.label): libssh gives no session") }
    self.route = route
    self.wire = wire
    self.handle = handle
  }

  deinit { free() }

  /// Exchanges keys over the wire. `types`: host key types to prefer.
  func exchangeKeys(preferring types: [String], limit: Duration) throws(RemoteError) {
    wire.phase = .exchanging
    var descriptor = wire.duplicate()
    guard descriptor >= 0 else {
      throw wire.cause ?? RemoteError(.local, "\(label): no descriptor left: \(systemText(errno))")
    }
    var (off, on, port) = (Int32(0), Int32(1), UInt32(route.port))
    // The watchdog cuts in time; libssh's own limit only has to be later.
    var seconds = Int(limit.components.seconds) + 30
    ssh_options_set(handle, SSH_OPTIONS_PROCESS_CONFIG, &off)
    ssh_options_set(handle, SSH_OPTIONS_HOST, route.host)
    ssh_options_set(handle, SSH_OPTIONS_PORT, &port)
    ssh_options_set(handle, SSH_OPTIONS_USER, route.user)
    ssh_options_set(handle, SSH_OPTIONS_TIMEOUT, &seconds)
    ssh_options_set(handle, SSH_OPTIONS_NODELAY, &on)
    ssh_options_set(handle, SSH_OPTIONS_KNOWNHOSTS, "/dev/null")
    ssh_options_set(handle, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null")
    ssh_options_set(handle, SSH_OPTIONS_HOSTKEYS, HostKeyTypes.list(preferring: types))
    // A few compressed bytes could be made to fill our memory.
    ssh_options_set(handle, SSH_OPTIONS_COMPRESSION, "none")
    meter.watch(handle)
    ssh_options_set(handle, SSH_OPTIONS_FD, &descriptor)
    let (code, mismatch) = Negotiation.listening { answered(again: SSH_AGAIN) { ssh_connect(handle) } }
    // What comes next overwrites it.
    let text = errorText
    // From 0.10 on libssh leaves a descriptor that came as an option open when it disconnects, yet closes it after an
    // error. Unless it forgets where the descriptor came from, each connection leaks one, and the far side never sees
    // an end. The answer to this call is an error by design.
    var none = Int32(-1)
    ssh_options_set(handle, SSH_OPTIONS_FD, &none)
    guard code == SSH_OK else {
      throw wire.cause ?? mismatch?.error(label)
        ?? RemoteError(
          .protocolFault,
          "\(label): the SSH key exchange failed: \(text)\(text.hasPrefix("Socket error") ? "; its sshd's log says why" : "")"
        )
    }
  }

  func hostKey() throws(RemoteError) -> HostKey {
    var key: ssh_key?
    guard ssh_get_server_publickey(handle, &key) == SSH_OK, let key else {
      throw RemoteError(.protocolFault, "\(label): the server shows no host key")
    }
    defer { ssh_key_free(key) }
    guard let hostKey = HostKey(key) else {
      throw RemoteError(.protocolFault, "\(label): the server's host key can't be read")
    }
    return hostKey
  }

  /// libssh's words, which may quote the server, as part of a sentence.
  var errorText: String {
    let text = String(cString: ssh_get_error(UnsafeMutableRawPointer(handle)))
    return text.isEmpty ? "no reason given" : ForeignText.visible(text)
  }

  /// Repeats one step of a logon or of what comes before it until there is an answer, and gives that; or an error where
  /// the server went away or sent too much: a blocking call would go on taking in what comes, and would wait for a
  /// server that has hung up until its own time is over. `again`: the step's code for no answer yet.
  func answered(again: Int32, _ step: () -> Int32) -> Int32 {
    ssh_set_blocking(handle, 0)
    defer { ssh_set_blocking(handle, 1) }
    while true {
      let code = step()
      checkFlood()
      guard code == again else { return code }
      guard isConnected, wire.cause == nil else { return SSH_ERROR }
      var entry = pollfd(fd: wire.descriptor, events: Int16(POLLIN), revents: 0)
      if ssh_get_poll_flags(handle) & SSH_WRITE_PENDING != 0 { entry.events |= Int16(POLLOUT) }
      poll(&entry, 1, 1_000)
    }
  }

  var isConnected: Bool {
    checkFlood()
    return failure == nil && ssh_is_connected(handle) == 1
  }

  /// Cuts a far side that sends what nobody asked for.
  private func checkFlood() {
    guard let excess = meter.excess(isOpen: wire.phase == .open), wire.cause == nil else { return }
    wire.cut(RemoteError(.protocolFault, "\(label): \(excess); the connection was cut"))
  }

  /// From now on no call to libssh waits: `finish` and `turn` do.
  func stopBlocking() { ssh_set_blocking(handle, 0) }

  /// Repeats a call to libssh until it has its answer. Ended programs are answered meanwhile.
  func finish(_ step: () -> Int32) throws(RemoteError) -> Int32 {
    while true {
      let code = step()
      guard code == SSH_AGAIN else { return code }
      try turn(milliseconds: 1_000)
      sweep()
    }
  }

  /// Lets libssh work: waits for bytes from the far side or from `wake`, at most `milliseconds`.
  func turn(milliseconds: Int32) throws(RemoteError) {
    if let failure { throw failure }
    var entries = [pollfd(fd: wire.descriptor, events: Int16(POLLIN), revents: 0)]
    if ssh_get_poll_flags(handle) & SSH_WRITE_PENDING != 0 { entries[0].events |= Int16(POLLOUT) }
    if wake >= 0 { entries.append(pollfd(fd: wake, events: Int16(POLLIN), revents: 0)) }
    poll(&entries, nfds_t(entries.count), milliseconds)
    if wake >= 0, entries[1].revents != 0 { Wakeup.drain(wake) }
    try work()
  }

  /// Takes in what has come, without waiting.
  private func work() throws(RemoteError) {
    if event == nil {
      event = ssh_event_new()
      ssh_event_add_session(event, handle)
    }
    let code = ssh_event_dopoll(event, 0)
    guard code != SSH_ERROR, isConnected, wire.cause == nil else { throw fail() }
  }

  /// The connection is gone: says why, from now on.
  @discardableResult
  func fail(_ error: RemoteError? = nil) -> RemoteError {
    if let failure { return failure }
    let error = wire.cause ?? error ?? RemoteError(.dropped, "\(label): the connection ended in the middle")
    failure = error
    return error
  }

  /// Everything that belongs to the session must have been freed before.
  func free() {
    guard !isFreed else { return }
    isFreed = true
    if failure == nil { failure = RemoteError(.dropped, "\(label): the connection is closed") }
    for program in programs { program.end(with: failure) }
    programs = []
    sftp?.channel.free()
    sftp = nil
    if let event {
      ssh_event_remove_session(event, handle)
      ssh_event_free(event)
    }
    stopBlocking()
    ssh_disconnect(handle)
    ssh_free(handle)
    wire.release()
  }
}

/// Host key types in the order in which we ask for them.
enum HostKeyTypes {
  private static let all = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
    "rsa-sha2-256",
  ]

  static func list(preferring types: [String]) -> String {
    let wanted = types.flatMap { $0 == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [$0] }
    let first = all.filter(wanted.contains)
    return (first + all.filter { !first.contains($0) }).joined(separator: ",")
  }
}
