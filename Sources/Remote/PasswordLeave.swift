import Foundation

/// What a logon asks before it sends the account's password.
package protocol PasswordLeave: Sendable {
  /// Waits until the password may be sent to the machine that is being logged on to. False: it must not be.
  ///
  /// Asked when nothing else let the account in: dialling, key exchange, keys and tickets hold up nobody, and are held up
  /// by nobody. May be asked again in the same logon; a leave that was given holds to its end.
  func mayBeSent(to machine: MachineMarks) async -> Bool
}

extension PasswordLeave {
  /// To a machine of which nothing is known but its name.
  package func mayBeSent() async -> Bool { await mayBeSent(to: MachineMarks()) }
}

/// What a connection shows of the machine at its far end, by which it is the same one under whatever name: its host key,
/// the address that was connected to. Two that share a mark are one machine.
package struct MachineMarks: Sendable, Hashable {
  package private(set) var texts: Set<String> = []

  package init() {}

  package mutating func add(hostKey sha256: String) { texts.insert("key \(sha256)") }

  /// An address or a name, whatever port follows it: what is behind one address may be one machine.
  package mutating func add(address: String) { texts.insert("at \(MachineMarks.canonical(address))") }

  /// One spelling for a host: lower case, no trailing dots, no brackets and no port at an address, IPv6 in its shortest
  /// form, an IPv4-mapped one as IPv4.
  package static func canonical(_ host: String) -> String {
    var text = host.lowercased()
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      text = String(text[text.index(after: text.startIndex)..<end])
    }
    while text.hasSuffix(".") { text.removeLast() }
    if let address = numeric(text) { return address }
    // `10.0.0.1:2222`
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, let address = numeric(String(parts[0])) { return address }
    return text
  }

  /// Nil where it is no address.
  private static func numeric(_ text: String) -> String? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return text }
    // The zone says which interface of ours leads there.
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    var six = in6_addr()
    guard let first = parts.first, inet_pton(AF_INET6, String(first), &six) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: six) { Array($0) }
    if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      return bytes[12...].map(String.init).joined(separator: ".")
    }
    var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(AF_INET6, &six, &name, socklen_t(name.count)) != nil else { return nil }
    let zone = parts.count == 2 ? "%" + parts[1] : ""
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + zone
  }
}

/// For whoever logs on to one machine alone.
package struct FreeLeave: PasswordLeave {
  package init() {}
  package func mayBeSent(to machine: MachineMarks) async -> Bool { true }
}

extension RemoteError {
  /// The logon got no leave to send the password; nothing was offered.
  package static func passwordNotSent(to endpoint: Endpoint) -> RemoteError {
    RemoteError(.logonRefused, "\(endpoint.name): the password was refused elsewhere, and is not sent here")
  }
}
