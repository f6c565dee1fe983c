import CLibssh
import Foundation
import Remote
import Synchronization
import Testing

@testable import Transports

/// An SSH server on libssh's server side, for what a real one can't be made to do: whole exit codes, passwords without
/// a system account, ends in mid-run.
///
/// A program is a word: `exit N`, `signal`, `vanish` (no status at all), `drop` (the connection ends), `silent` (no end),
/// `shut` (the channel is closed in the place of an answer), `flood WHAT` (see `Flood`), `echo`.
final class ScriptedSSHServer: Sendable {
  /// What is sent without end, from one of these points on.
  struct Flood: Sendable, CustomTestStringConvertible {
    enum Point: String, Sendable { case logon, opening, program, files }
    enum What: String, Sendable, CaseIterable {
      case requests, ignored, emptyIgnored = "empty-ignored", debug, output, errors, bytes, errorBytes = "error-bytes"
      var needsChannel: Bool { [.output, .errors, .bytes, .errorBytes].contains(self) }
    }
    var point: Point
    var what: What
    var testDescription: String { "\(what.rawValue) at \(point.rawValue)" }
  }

  struct Seen: Sendable {
    var passwords: [String] = []
    var interactive = 0
    var lines: [String] = []
    var channels = 0
    /// Bytes of floods.
    var flooded = 0
  }

  let listener: Listener
  let methods: Int32
  private let folder: TestFolder
  private let shell: String?
  private let hangsUpAtLogon: Bool
  private let channels: Int
  private let floodsLogon: (@Sendable (ssh_message, ssh_session) -> Void)?
  private let silentAt: UInt32?
  private let floods: Flood?
  private let seen = Mutex(Seen())
  private let current = Mutex<Int32>(-1)

  var record: Seen { seen.withLock { $0 } }

  /// Accepts `connections` connections, one after the other, and the password `P@ssw0rd`. `shell`: what is said when
  /// asked for the shell. `channels`: more are refused. `silentAt`: requests of that kind get no answer.
  /// `floods`: in the place of an answer. `floodsLogon`: done in the place of an answer to the first request to log on.
  init(
    methods: Int32 = Int32(SSH_AUTH_METHOD_PASSWORD), connections: Int = 1, shell: String? = nil,
    hangsUpAtLogon: Bool = false, channels: Int = .max, silentAt: ssh_requests_e? = nil, floods: Flood? = nil,
    floodsLogon: (@Sendable (ssh_message, ssh_session) -> Void)? = nil
  ) throws {
    self.floodsLogon = floodsLogon
    self.floods = floods
    self.channels = channels
    self.silentAt = silentAt?.rawValue
    self.hangsUpAtLogon = hangsUpAtLogon
    self.shell = shell
    listener = try Listener()
    folder = try TestFolder()
    self.methods = methods
    let key = try folder.makeKey("host")
    WorkerPool.shared.submit { [self] in
      for _ in 0..<connections {
        let descriptor = listener.accept()
        guard descriptor >= 0 else { return }
        serve(descriptor, key: key)
      }
    }
  }

  /// Ends the connection that it serves.
  func hangUp() { current.withLock { _ = shutdown($0, Int32(SHUT_RDWR)) } }

  private func serve(_ descriptor: Int32, key: String) {
    current.withLock { $0 = descriptor }
    guard let bind = ssh_bind_new(), let session = ssh_new() else { return }
    defer {
      ssh_disconnect(session)
      ssh_free(session)
      ssh_bind_free(bind)
    }
    var off: Int32 = 0
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &off)
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY, key)
    guard ssh_bind_accept_fd(bind, session, descriptor) == SSH_OK else { return }
    ssh_set_auth_methods(session, methods)
    guard ssh_handle_key_exchange(session) == SSH_OK else { return }
    var channel: ssh_channel?
    while let message = ssh_message_get(session) {
      let goesOn = answer(message, session, descriptor, &channel)
      ssh_message_free(message)
      if !goesOn { return }
    }
  }

  /// False when the connection is to end.
  private func answer(
    _ message: ssh_message, _ session: ssh_session, _ descriptor: Int32, _ channel: inout ssh_channel?
  ) -> Bool {
    let (type, subtype) = (ssh_message_type(message), UInt32(bitPattern: ssh_message_subtype(message)))
    if let silentAt, type == Int32(bitPattern: silentAt) { return true }
    if let floods, floods.point == point(type, subtype) {
      if floods.point == .opening || floods.point == .logon {
        flood(floods.what, session, nil)
      } else if let channel {
        ssh_message_channel_request_reply_success(message)
        flood(floods.what, session, channel)
      }
      return false
    }
    if type == SSH_REQUEST_AUTH.rawValue, hangsUpAtLogon {
      shutdown(descriptor, Int32(SHUT_RDWR))
      return false
    } else if type == SSH_REQUEST_AUTH.rawValue, let floodsLogon {
      floodsLogon(message, session)
      return false
    } else if type == SSH_REQUEST_AUTH.rawValue {
      logOn(message, subtype, descriptor)
    } else if type == SSH_REQUEST_CHANNEL_OPEN.rawValue, seen.withLock({ $0.channels }) < channels {
      seen.withLock { $0.channels += 1 }
      channel = ssh_message_channel_request_open_reply_accept(message)
    } else if type == SSH_REQUEST_CHANNEL.rawValue, subtype == SSH_CHANNEL_REQUEST_EXEC.rawValue, let channel {
      let line = ssh_message_channel_request_command(message).map { String(cString: $0) } ?? ""
      seen.withLock { $0.lines.append(line) }
      if line == "shut" {
        ssh_channel_close(channel)
        return true
      }
      ssh_message_channel_request_reply_success(message)
      return run(line, channel, descriptor)
    } else {
      ssh_message_reply_default(message)
    }
    return true
  }

  private func point(_ type: Int32, _ subtype: UInt32) -> Flood.Point? {
    switch UInt32(bitPattern: type) {
    case SSH_REQUEST_AUTH.rawValue: .logon
    case SSH_REQUEST_CHANNEL_OPEN.rawValue: .opening
    case SSH_REQUEST_CHANNEL.rawValue where subtype == SSH_CHANNEL_REQUEST_EXEC.rawValue: .program
    case SSH_REQUEST_CHANNEL.rawValue where subtype == SSH_CHANNEL_REQUEST_SUBSYSTEM.rawValue: .files
    default: nil
    }
  }

  private func logOn(_ message: ssh_message, _ method: UInt32, _ descriptor: Int32) {
    switch Int32(bitPattern: method) {
    case Int32(SSH_AUTH_METHOD_NONE) where methods & Int32(SSH_AUTH_METHOD_NONE) != 0:
      ssh_message_auth_reply_success(message, 0)
    case Int32(SSH_AUTH_METHOD_PASSWORD) where methods & Int32(SSH_AUTH_METHOD_PASSWORD) != 0:
      let password = String(cString: ssh_message_auth_password(message))
      seen.withLock { $0.passwords.append(password) }
      switch password {
      case "hang up": shutdown(descriptor, Int32(SHUT_RDWR))
      case "say nothing": break
      default: judge(password, message)
      }
    case Int32(SSH_AUTH_METHOD_INTERACTIVE) where methods & Int32(SSH_AUTH_METHOD_INTERACTIVE) != 0:
      seen.withLock { $0.interactive += 1 }
      refuse(message)
    default:
      refuse(message)
    }
  }

  private func judge(_ password: String, _ message: ssh_message) {
    if password == "P@ssw0rd" { ssh_message_auth_reply_success(message, 0) } else { refuse(message) }
  }

  private func refuse(_ message: ssh_message) {
    ssh_message_auth_set_methods(message, methods)
    ssh_message_reply_default(message)
  }

  private func run(_ line: String, _ channel: ssh_channel, _ descriptor: Int32) -> Bool {
    let words = line.split(separator: " ")
    switch words.first {
    case "exit": ssh_channel_request_send_exit_status(channel, Int32(bitPattern: UInt32(words[1]) ?? 0))
    case "signal": ssh_channel_request_send_exit_signal(channel, "TERM", 0, "", "")
    case "drop":
      shutdown(descriptor, Int32(SHUT_RDWR))
      return false
    case "vanish": break
    case "silent": return true
    case "flood":
      if let what = Flood.What(rawValue: String(words.last ?? "")) {
        flood(what, ssh_channel_get_session(channel), channel)
      }
      return false
    default:
      // A shell that has an answer with marks takes the question and programs in one line.
      let mark = line.range(of: "apexsh-end-[0-9a-f]+-", options: .regularExpression).map { String(line[$0]) }
      let isAsked = line == ShellProbe.line || line.hasPrefix(ShellProbe.line) && shell?.contains("MARK-") == true
      let text = isAsked ? shell?.replacing("MARK-", with: mark ?? "") ?? line : line
      ssh_channel_write(channel, text, UInt32(text.utf8.count))
      ssh_channel_request_send_exit_status(channel, 0)
    }
    ssh_channel_send_eof(channel)
    ssh_channel_close(channel)
    return true
  }

  /// Until the other side has had enough, and 400 MB at most.
  private func flood(_ what: Flood.What, _ session: ssh_session?, _ channel: ssh_channel?) {
    let bytes = [UInt8](repeating: 42, count: what == .bytes || what == .errorBytes ? 1 : 32_000)
    let text = String(repeating: "x", count: 4_000)
    while ssh_is_connected(session) == 1, record.flooded < 400 << 20 {
      let code =
        switch what {
        case .requests: ssh_send_keepalive(session)
        case .ignored: ssh_send_ignore(session, text)
        case .emptyIgnored: ssh_send_ignore(session, "")
        case .debug: ssh_send_debug(session, text, 0)
        case .errors, .errorBytes: ssh_channel_write_stderr(channel, bytes, UInt32(bytes.count))
        case .output, .bytes: ssh_channel_write(channel, bytes, UInt32(bytes.count))
        }
      if code < 0 || !what.needsChannel && ssh_blocking_flush(session, 60_000) != SSH_OK { return }
      let size = what.needsChannel ? bytes.count : what == .ignored || what == .debug ? text.utf8.count : 32
      seen.withLock { $0.flooded += size }
    }
  }
}
