import CLibssh
import Foundation
import Remote
import Synchronization

/// Why two sides that exchange keys have nothing in common.
///
/// libssh says it in the session's error and then, while it ends the connection, puts "Socket error" there. In its log
/// both lists stay; it hands its log out by thread.
enum Negotiation {
  /// One list in which no word of theirs is one of ours.
  struct Mismatch: Sendable, Equatable {
    /// As OpenSSH's settings call it.
    var option: String
    /// In words.
    var what: String
    var theirs: [String]
    var ours: [String]

    /// Reads libssh's words: `no match for method kex algos: server [a,b], client [c]`, perhaps cut.
    init?(_ text: String) {
      guard let found = text.firstMatch(of: #/no match for method (.+?): server \[([^\]]*)(?:\], client \[([^\]]*))?/#)
      else {
        return nil
      }
      switch found.1 {
      case let method where method.hasPrefix("kex"): (option, what) = ("KexAlgorithms", "way to exchange keys")
      case let method where method.contains("host key"): (option, what) = ("HostKeyAlgorithms", "kind of host key")
      case let method where method.hasPrefix("encryption"): (option, what) = ("Ciphers", "cipher")
      case let method where method.hasPrefix("mac"): (option, what) = ("MACs", "MAC")
      default: (option, what) = ("Compression", String(found.1))
      }
      (theirs, ours) = (Mismatch.names(found.2), Mismatch.names(found.3 ?? ""))
    }

    /// Without what only says that the side takes more of the protocol.
    private static func names(_ list: Substring) -> [String] {
      list.split(separator: ",").map(String.init).filter { !$0.hasPrefix("kex-strict-") && !$0.hasPrefix("ext-info-") }
    }

    func error(_ label: String) -> RemoteError {
      func shown(_ names: [String]) -> String {
        names.isEmpty ? "nothing" : ForeignText.visible(names.joined(separator: ", ").cut(to: 320))
      }
      return RemoteError(
        .noCommonAlgorithm,
        "\(label): no \(what) in common: its sshd takes \(shown(theirs)); this program takes \(shown(ours)); "
          + "allow one of these by \(option) in its sshd_config, and restart its sshd")
    }
  }

  private static let said = Mutex<[ObjectIdentifier: Mismatch]>([:])

  /// Does one key exchange on this thread; what was found to be without a match, where something was.
  static func listening<T>(_ exchange: () -> T) -> (T, Mismatch?) {
    let me = ObjectIdentifier(Thread.current)
    _ = ssh_set_log_callback { _, _, text, _ in
      guard let text, let mismatch = Mismatch(String(cString: text)) else { return }
      Negotiation.said.withLock { $0[ObjectIdentifier(Thread.current)] = mismatch }
    }
    _ = ssh_set_log_level(Int32(SSH_LOG_WARN))
    defer { _ = ssh_set_log_level(Int32(SSH_LOG_NOLOG)) }
    let result = exchange()
    return (result, said.withLock { $0.removeValue(forKey: me) })
  }
}
