import CLibssh
import Foundation
import Remote

/// Logs on: ticket, agent, key files, password last and once.
///
/// A refused password is never offered again by another method: that would be a second failed logon of the account.
struct SSHLogon {
  let session: SSHSession
  let configuration: SSHConfiguration

  private enum Step { case done, further, refused }

  /// Gives what the server took.
  func logOn() throws(RemoteError) -> RemoteError.Credential {
    session.wire.phase = .loggingOn
    if ssh_userauth_none(session.handle, nil) == SSH_AUTH_SUCCESS.rawValue { return .none }
    var tried = RemoteError.Credential.none
    if configuration.gssapi, offers(SSH_AUTH_METHOD_GSSAPI_MIC) {
      if try judge(ssh_userauth_gssapi(session.handle)) == .done { return .ticket }
      tried = .ticket
    }
    if session.route.usesAgent, offers(SSH_AUTH_METHOD_PUBLICKEY), getenv("SSH_AUTH_SOCK") != nil {
      if try judge(ssh_userauth_agent(session.handle, nil)) == .done { return .agent }
      tried = .agent
    }
    for path in session.route.identityFiles where offers(SSH_AUTH_METHOD_PUBLICKEY) {
      let key = try PrivateKey(path, passphrase: configuration.passphrase, label: session.label)
      if try judge(ssh_userauth_publickey(session.handle, nil, key.handle)) == .done { return .key }
      tried = .key
    }
    if let password = configuration.password, offers(SSH_AUTH_METHOD_PASSWORD) || offers(SSH_AUTH_METHOD_INTERACTIVE) {
      if try offer(password) { return .password }
      tried = .password
    }
    throw refusal(tried)
  }

  private func offers(_ method: UInt32) -> Bool {
    UInt32(bitPattern: ssh_userauth_list(session.handle, nil)) & method != 0
  }

  private func offers(_ method: Int32) -> Bool { offers(UInt32(bitPattern: method)) }

  private func judge(_ code: Int32) throws(RemoteError) -> Step {
    switch code {
    case SSH_AUTH_SUCCESS.rawValue: return .done
    case SSH_AUTH_PARTIAL.rawValue: return .further
    case SSH_AUTH_DENIED.rawValue: return .refused
    default:
      if !session.isConnected || session.wire.cause != nil {
        throw session.fail(RemoteError(.dropped, "\(session.label): the connection ended while logging on"))
      }
      throw RemoteError(.protocolFault, "\(session.label): logging on failed: \(session.errorText)")
    }
  }

  /// False when it was refused.
  private func offer(_ password: Secret) throws(RemoteError) -> Bool {
    let step: Step
    if offers(SSH_AUTH_METHOD_PASSWORD) {
      step = try password.reveal { text throws(RemoteError) in
        try judge(ssh_userauth_password(session.handle, nil, text))
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
    var code = ssh_userauth_kbdint(session.handle, nil, nil)
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
        password.reveal { _ = ssh_userauth_kbdint_setanswer(session.handle, UInt32(index), $0) }
      }
      code = ssh_userauth_kbdint(session.handle, nil, nil)
    }
    return try judge(code)
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
    let user = session.route.user
    let text =
      switch tried {
      case .password: "the password of \(user) was refused"
      case .key: "the key of \(user) was refused"
      case .agent: "the agent's keys were refused for \(user)"
      case .ticket: "the ticket was refused for \(user)"
      case .none: "there is nothing to log on \(user) with"
      }
    return RemoteError(.logonRefused, "\(session.label): \(text); the server takes \(methods)", credential: tried)
  }
}
