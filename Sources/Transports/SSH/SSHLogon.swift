import CLibssh
import Foundation
import Remote

/// Logs on: ticket, agent, key files; then, where none of these is taken, the password, once.
///
/// A refused password is never offered again by another method: that would be a second failed logon of the account.
struct SSHLogon: Sendable {
  let session: SSHSession
  let configuration: SSHConfiguration

  private enum Step { case done, further, refused }

  /// Gives what the server took; nil where only the password is left to be offered, and the server takes passwords.
  func withoutPassword() throws(RemoteError) -> RemoteError.Credential? {
    session.wire.phase = .loggingOn
    // Its answer lists the methods; without one there is nothing to go by.
    if try judge(answered { ssh_userauth_none(session.handle, nil) }, .none) == .done {
      return RemoteError.Credential.none
    }
    var tried = RemoteError.Credential.none
    if configuration.gssapi, offers(SSH_AUTH_METHOD_GSSAPI_MIC) {
      tried = .ticket
      if try judge(answered { ssh_userauth_gssapi(session.handle) }, tried) == .done { return .ticket }
    }
    if session.route.usesAgent, offers(SSH_AUTH_METHOD_PUBLICKEY), getenv("SSH_AUTH_SOCK") != nil {
      tried = .agent
      if try judge(answered { ssh_userauth_agent(session.handle, nil) }, tried) == .done { return .agent }
    }
    for path in session.route.identityFiles where offers(SSH_AUTH_METHOD_PUBLICKEY) {
      let key = try PrivateKey(path, passphrase: configuration.passphrase, label: session.label)
      tried = .key
      if try judge(answered { ssh_userauth_publickey(session.handle, nil, key.handle) }, tried) == .done { return .key }
    }
    if configuration.password != nil, offers(SSH_AUTH_METHOD_PASSWORD) || offers(SSH_AUTH_METHOD_INTERACTIVE) {
      return nil
    }
    throw refusal(tried)
  }

  /// Offers the password, after `withoutPassword`.
  func byPassword() throws(RemoteError) -> RemoteError.Credential {
    guard let password = configuration.password else { throw refusal(.none) }
    // What ended before it was sent says nothing of it.
    guard session.isConnected, session.wire.cause == nil, !session.wire.hasEnded else {
      throw session.fail(RemoteError(.dropped, "\(session.label): the connection ended while logging on"))
    }
    guard try offer(password) else { throw refusal(.password) }
    return .password
  }

  private func offers(_ method: UInt32) -> Bool {
    UInt32(bitPattern: ssh_userauth_list(session.handle, nil)) & method != 0
  }

  private func offers(_ method: Int32) -> Bool { offers(UInt32(bitPattern: method)) }

  /// What the server answers to one step of a logon, or that it went away.
  private func answered(_ step: () -> Int32) -> Int32 {
    session.answered(again: Int32(SSH_AUTH_AGAIN.rawValue), step)
  }

  private func judge(_ code: Int32, _ tried: RemoteError.Credential) throws(RemoteError) -> Step {
    switch code {
    case SSH_AUTH_SUCCESS.rawValue: return .done
    case SSH_AUTH_PARTIAL.rawValue: return .further
    case SSH_AUTH_DENIED.rawValue: return .refused
    default: throw broken(tried)
    }
  }

  /// There was no answer. A server that has counted one refusal too many hangs up in place of one.
  private func broken(_ tried: RemoteError.Credential) -> RemoteError {
    let text = session.errorText
    let credential = tried == .password ? tried : nil
    guard !session.isConnected || session.wire.cause != nil else {
      return RemoteError(
        .protocolFault, "\(session.label): logging on failed: \(text)", credential: credential)
    }
    if session.wire.cause == nil, text.lowercased().contains("too many authentication failures") {
      let way = tried == .password ? "" : "; name the one key it knows: set identity-file"
      return session.fail(
        RemoteError(
          .logonRefused,
          "\(session.label): \(what(tried)), and the server hung up: more tries than its MaxAuthTries allows\(way)",
          credential: tried))
    }
    let doubt = tried == .password ? " after the password was sent; it may have been refused" : " while logging on"
    var error = session.fail(RemoteError(.dropped, "\(session.label): the connection ended\(doubt)"))
    // Whoever cut the connection may not have known that the password was on its way.
    error.credential = credential ?? error.credential
    return error
  }

  /// False when it was refused.
  private func offer(_ password: Secret) throws(RemoteError) -> Bool {
    let step: Step
    if offers(SSH_AUTH_METHOD_PASSWORD) {
      session.wire.phase = .passwordSent
      step = try password.reveal { text throws(RemoteError) in
        try judge(answered { ssh_userauth_password(session.handle, nil, text) }, .password)
      }
    } else {
      step = try answer(with: password)
    }
    guard step != .further else {
      throw RemoteError(
        .logonRefused, "\(session.label): the server took the password and asks for more: \(methods)",
        credential: RemoteError.Credential.none)
    }
    return step == .done
  }

  /// Keyboard-interactive, where the server has nothing else: one hidden question gets the password, once.
  private func answer(with password: Secret) throws(RemoteError) -> Step {
    var isUsed = false
    var code = answered { ssh_userauth_kbdint(session.handle, nil, nil) }
    while code == SSH_AUTH_INFO.rawValue {
      let count = ssh_userauth_kbdint_getnprompts(session.handle)
      for index in 0..<max(0, count) {
        var echo: CChar = 0
        _ = ssh_userauth_kbdint_getprompt(session.handle, UInt32(index), &echo)
        guard echo == 0, !isUsed else {
          throw RemoteError(
            .logonRefused, "\(session.label): the server asks for more than a password",
            credential: isUsed ? .password : RemoteError.Credential.none)
        }
        isUsed = true
        session.wire.phase = .passwordSent
        password.reveal { _ = ssh_userauth_kbdint_setanswer(session.handle, UInt32(index), $0) }
      }
      code = answered { ssh_userauth_kbdint(session.handle, nil, nil) }
    }
    return try judge(code, isUsed ? .password : .none)
  }

  private var methods: String {
    let names: [(Int32, String)] = [
      (Int32(SSH_AUTH_METHOD_PUBLICKEY), "keys"), (Int32(SSH_AUTH_METHOD_PASSWORD), "passwords"),
      (Int32(SSH_AUTH_METHOD_INTERACTIVE), "keyboard-interactive"), (Int32(SSH_AUTH_METHOD_GSSAPI_MIC), "tickets"),
    ]
    let offered = names.filter { offers($0.0) }.map(\.1)
    return offered.isEmpty ? "nothing we know" : offered.joined(separator: ", ")
  }

  private func refusal(_ tried: RemoteError.Credential) -> RemoteError {
    RemoteError(.logonRefused, "\(session.label): \(what(tried)); the server takes \(methods)", credential: tried)
  }

  /// That it was refused, in words.
  private func what(_ tried: RemoteError.Credential) -> String {
    let user = session.route.user
    return switch tried {
    case .password: "the password of \(user) was refused"
    case .key: "the key of \(user) was refused"
    case .agent: "the agent's keys were refused for \(user)"
    case .ticket: "the ticket was refused for \(user)"
    case .none: "there is nothing to log on \(user) with"
    }
  }
}
