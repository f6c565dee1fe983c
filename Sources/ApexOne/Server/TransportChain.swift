/// How endpoints are reached: kinds of transport, tried in order, each with a template for the host's name.
/// `ssh://{agent}.contoso.local:22,winrm+smb`
package struct TransportChain: Sendable, Hashable {
  package let links: [TransportLink]

  package init(_ text: String) throws(AddressError) {
    var links: [TransportLink] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let link = try TransportLink(String(part).trimmingBlanks())
      guard !links.contains(link) else {
        throw AddressError(.template, "the transport names \(link.text) twice")
      }
      links.append(link)
    }
    self.links = links
  }

  /// As it can be read again.
  package var text: String { links.map(\.text).joined(separator: ",") }
}

/// One way of reaching endpoints: `ssh://{agent}.contoso.local:22`.
package struct TransportLink: Sendable, Hashable {
  package static let kinds = ["ssh", "winrm", "smb", "file", "lab"]

  /// One of `kinds`, or several that make one between them: `winrm+smb`.
  package let kind: String
  /// What stands before and after `{agent}`; both empty without a template.
  package let prefix: String
  package let suffix: String
  package let port: Int?

  /// Where one agent is reached.
  package struct Target: Sendable, Hashable {
    package let kind: String
    package let host: String
    package let port: Int?
  }

  package init(_ text: String) throws(AddressError) {
    guard !text.isEmpty else { throw AddressError(.empty, "a transport is missing; write for example: ssh, or lab") }
    let cut = text.firstRange(of: "://")
    kind = try TransportLink.kind(text[..<(cut?.lowerBound ?? text.endIndex)])
    guard let cut else {
      (prefix, suffix, port) = ("", "", nil)
      return
    }
    let template = text[cut.upperBound...]
    if template.contains("@") {
      throw AddressError(.user, "a transport's template holds no account; use: set user NAME")
    }
    let parts = template.split(separator: "{agent}", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw AddressError(.template, "a transport's template holds {agent} once: ssh://{agent}.contoso.local:22")
    }
    prefix = String(parts[0])
    var tail = parts[1]
    if let colon = tail.firstIndex(of: ":") {
      port = try HostAndPort.number(tail[tail.index(after: colon)...])
      tail = tail[..<colon]
    } else {
      port = nil
    }
    suffix = ServerName.bare(String(tail))
    if let problem = ServerName.problem(with: prefix + "a" + suffix) {
      throw AddressError(.template, "the template \(template.debugDescription) makes no host name: it \(problem)")
    }
  }

  private static func kind(_ text: Substring) throws(AddressError) -> String {
    let parts = text.lowercased().split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    for part in parts where !kinds.contains(part) {
      throw AddressError(
        .unknownScheme, "there is no transport \(part.debugDescription); there are ssh and lab")
    }
    return parts.joined(separator: "+")
  }

  package var text: String {
    prefix.isEmpty && suffix.isEmpty && port == nil
      ? kind : "\(kind)://\(prefix){agent}\(suffix)" + (port.map { ":\($0)" } ?? "")
  }

  /// Where `agent` is reached. A name from outside must not lead elsewhere: it is one label, or a full name under the
  /// template's suffix; any host name where the template has none.
  package func target(for agent: AgentName) throws(AddressError) -> Target {
    let name = agent.text
    let isFull = name.contains(".")
    if let problem = ServerName.problem(with: name) {
      throw AddressError(.agentName, "\(name.debugDescription) \(problem)")
    }
    if ServerName.isIPv4(name) {
      throw AddressError(.agentName, "\(name) is an address, not a name; agents are reached by their names")
    }
    guard isFull, !(prefix.isEmpty && suffix.isEmpty) else { return try target(host: prefix + name + suffix, name) }
    let isUnder = suffix.hasPrefix(".") && name.lowercased().hasSuffix(suffix.lowercased())
    guard prefix.isEmpty, isUnder, name.utf8.count > suffix.utf8.count else {
      throw AddressError(.agentName, "\(name) is a full name that is not under \(prefix){agent}\(suffix)")
    }
    return try target(host: name, name)
  }

  /// Where an agent is reached whose address was given by hand or taken from the list.
  package func target(address: String) throws(AddressError) -> Target { try target(host: address, address) }

  private func target(host: String, _ name: String) throws(AddressError) -> Target {
    if let problem = ServerName.problem(with: host) {
      throw AddressError(.agentName, "the address \(host.debugDescription) of \(name.debugDescription) \(problem)")
    }
    return Target(kind: kind, host: host, port: port)
  }
}
