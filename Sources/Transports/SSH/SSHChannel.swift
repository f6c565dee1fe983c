import CLibssh
import Foundation
import Remote

/// One channel of a session: a program that runs, or the SFTP subsystem.
///
/// All that comes is taken by callbacks: reading one stream would not wake for the other, and the exit code is whole
/// only there. `free` must be called before the session is freed.
final class SSHChannel {
  private(set) var output: [UInt8] = []
  /// Bytes of `output` that were taken already; they go when nothing is left behind them.
  private var taken = 0
  private(set) var errors: [UInt8] = []
  private(set) var isCut = false
  private(set) var exitCode: UInt32?
  private(set) var signal: String?
  private(set) var isClosed = false
  private(set) var hasEnded = false

  private let handle: ssh_channel
  private let callbacks: UnsafeMutablePointer<ssh_channel_callbacks_struct>
  /// Bytes of a stream that are kept; nil for a stream that is read while it comes.
  private let cap: Int?
  private let meter: FloodMeter
  /// Bytes that came, kept or not.
  private var count = 0
  private var isFreed = false

  /// Opens one. A server that allows few counts those that are closed here until it has closed them itself, so a refusal is
  /// asked for again for a moment.
  static func open(_ session: SSHSession, cap: Int?) throws(RemoteError) -> SSHChannel {
    for wait in [Duration.milliseconds(100), .milliseconds(300), .milliseconds(600)] {
      do throws(RemoteError) { return try SSHChannel(session, cap: cap) } catch {
        guard error.kind == .channelRefused else { throw error }
      }
      let until = ContinuousClock.now + wait
      while ContinuousClock.now < until { try session.turn(milliseconds: 50) }
    }
    return try SSHChannel(session, cap: cap)
  }

  private init(_ session: SSHSession, cap: Int?) throws(RemoteError) {
    guard let handle = ssh_channel_new(session.handle) else {
      throw session.fail(RemoteError(.dropped, "\(session.label): no channel: \(session.errorText)"))
    }
    self.handle = handle
    self.cap = cap
    meter = session.meter
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: ssh_channel_callbacks_struct())
    setCallbacks()
    let code: Int32
    do throws(RemoteError) { code = try session.finish { ssh_channel_open_session(handle) } } catch {
      free()
      throw error
    }
    guard code == SSH_OK else {
      let text = session.errorText
      free()
      guard session.isConnected, session.wire.cause == nil else { throw session.fail() }
      throw RemoteError(
        .channelRefused,
        "\(session.label): the server refuses another channel (\(text)); its MaxSessions (sshd_config) must be 2 or more"
      )
    }
  }

  private func setCallbacks() {
    callbacks.pointee.size = MemoryLayout<ssh_channel_callbacks_struct>.size
    callbacks.pointee.userdata = Unmanaged.passUnretained(self).toOpaque()
    callbacks.pointee.channel_data_function = { _, _, bytes, count, isError, user in
      SSHChannel.of(user)?.take(bytes, Int(count), isError: isError != 0)
      return Int32(bitPattern: count)
    }
    callbacks.pointee.channel_exit_status_function = { _, _, code, user in
      SSHChannel.of(user)?.exitCode = UInt32(bitPattern: code)
    }
    callbacks.pointee.channel_exit_signal_function = { _, _, name, _, _, _, user in
      SSHChannel.of(user)?.signal = name.map { String(cString: $0).cut(to: 100) } ?? "unknown"
    }
    callbacks.pointee.channel_eof_function = { _, _, user in SSHChannel.of(user)?.hasEnded = true }
    callbacks.pointee.channel_close_function = { _, _, user in SSHChannel.of(user)?.isClosed = true }
    ssh_set_channel_callbacks(handle, callbacks)
  }

  private static func of(_ user: UnsafeMutableRawPointer?) -> SSHChannel? {
    user.map { Unmanaged<SSHChannel>.fromOpaque($0).takeUnretainedValue() }
  }

  private func take(_ bytes: UnsafeMutableRawPointer?, _ count: Int, isError: Bool) {
    let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
    // A file transfer has one stream: what comes in the other is nothing that was asked for.
    if cap == nil, isError { return }
    meter.deliver(count)
    self.count += max(count, FloodMeter.least)
    guard cap == nil else {
      if self.count > RemoteLimits.flood { meter.exceed("a program there wrote over \(RemoteLimits.flood >> 20) MB") }
      return keep(bytes, isError: isError)
    }
    // No more comes in it than what was asked for.
    guard waiting + count <= RemoteLimits.waiting else {
      return meter.exceed("it sent over \(RemoteLimits.waiting >> 10) KB of file transfer that nobody asked for")
    }
    keep(bytes, isError: false)
  }

  private func keep(_ bytes: UnsafeRawBufferPointer, isError: Bool) {
    if isError {
      append(bytes, to: &errors)
    } else {
      append(bytes, to: &output)
    }
  }

  private func append(_ bytes: UnsafeRawBufferPointer, to stream: inout [UInt8]) {
    let room = cap.map { max(0, $0 - stream.count) } ?? bytes.count
    stream.append(contentsOf: bytes.prefix(room))
    if room < bytes.count { isCut = true }
  }

  func execute(_ line: Secret, session: SSHSession) throws(RemoteError) {
    let code = try line.reveal { line throws(RemoteError) in
      try session.finish {
        let code = ssh_channel_request_exec(handle, line)
        // libssh waits on for the answer of a channel that is closed.
        return code == SSH_AGAIN && isClosed ? SSH_ERROR : code
      }
    }
    guard code == SSH_OK else {
      // A refusal is a word; whoever closes without one may have started it.
      if isClosed || hasEnded || exitCode != nil, session.isConnected, session.wire.cause == nil {
        throw RemoteError(.dropped, "\(session.label): the far side closed the channel without an answer")
      }
      throw refused("run programs", .unsupported, session)
    }
    ssh_channel_send_eof(handle)
  }

  func openSubsystem(_ name: String, session: SSHSession) throws(RemoteError) {
    let code = try session.finish {
      let code = ssh_channel_request_subsystem(handle, name)
      return code == SSH_AGAIN && isClosed ? SSH_ERROR : code
    }
    guard code == SSH_OK else {
      throw refused("start \(name)", .noSFTP, session)
    }
  }

  private func refused(_ what: String, _ kind: RemoteError.Kind, _ session: SSHSession) -> RemoteError {
    guard session.isConnected, session.wire.cause == nil else { return session.fail() }
    return RemoteError(kind, "\(session.label): the server refuses to \(what): \(session.errorText)").beforeStart()
  }

  /// Sends all bytes; may wait for the far side's window, until the wire is cut.
  func send(_ bytes: [UInt8], session: SSHSession) throws(RemoteError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { ssh_channel_write(handle, $0.baseAddress, UInt32($0.count)) }
      if count == 0, !isClosed, !hasEnded {
        // The far side's window is full.
        try session.turn(milliseconds: 1_000)
        session.sweep()
        continue
      }
      guard count > 0, session.wire.cause == nil else {
        // A channel that was closed there says nothing of the connection.
        if isClosed || hasEnded, session.isConnected, session.wire.cause == nil {
          throw RemoteError(.dropped, "\(session.label): the far side closed the channel")
        }
        throw session.fail()
      }
      sent += Int(count)
    }
  }

  /// How many bytes have come and were not taken.
  var waiting: Int { output.count - taken }

  /// The first `count` bytes of what has come, or what there is; they stay.
  func first(_ count: Int) -> ArraySlice<UInt8> { output[taken..<min(output.count, taken + count)] }

  /// Takes the first `count` bytes out of what has come, or what there is.
  func take(_ count: Int) -> [UInt8] {
    let head = Array(output[taken..<min(output.count, taken + count)])
    taken += head.count
    if taken == output.count {
      output.removeAll(keepingCapacity: true)
      taken = 0
    } else if taken > 1 << 20 {
      output.removeFirst(taken)
      taken = 0
    }
    return head
  }

  /// The program has ended and all its output is here.
  var isDone: Bool { isClosed || (hasEnded && (exitCode != nil || signal != nil)) }

  var result: CommandResult {
    CommandResult(exitCode: exitCode, signal: signal, output: output, errors: errors, isCut: isCut)
  }

  /// Twice would be fatal to libssh.
  func free() {
    guard !isFreed else { return }
    isFreed = true
    ssh_remove_channel_callbacks(handle, callbacks)
    ssh_channel_free(handle)
    callbacks.deallocate()
  }

  deinit { free() }
}
