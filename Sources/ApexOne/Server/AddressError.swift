/// Why a text is no address or transport. The sentence says what was expected instead.
package struct AddressError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable {
    case unknownScheme, password, user, host, port, path, template, agentName, empty
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.description = sentence
  }
}

/// Host and port as addresses write them.
enum HostAndPort {
  /// `host`, `host:22`, `[::1]`, `[::1]:22`, `[fe80::1%eth0]`; the host in its standard spelling.
  static func parse(_ text: Substring) throws(AddressError) -> (host: String, port: Int?) {
    var host = text
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else {
        throw AddressError(.host, "the address begins with a bracket that is not closed; write [2001:db8::1]")
      }
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else {
        throw AddressError(.port, "after the address in brackets comes \(rest.debugDescription), not a port")
      }
      if !rest.isEmpty { port = rest.dropFirst() }
      guard let address = literal(host) else {
        throw AddressError(.host, "\(host.debugDescription) in brackets is no IPv6 address")
      }
      return (address, try port.map { text throws(AddressError) in try number(text) })
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
      if port?.contains(":") == true {
        throw AddressError(.host, "the host holds several colons; write an IPv6 address in brackets")
      }
    }
    let name = ServerName.bare(String(host))
    if let problem = ServerName.problem(with: name) {
      throw AddressError(.host, "the host name \(String(host).debugDescription) \(problem)")
    }
    return (name, try port.map { text throws(AddressError) in try number(text) })
  }

  /// An IPv6 address and its zone, which URIs write behind `%25`.
  private static func literal(_ text: Substring) -> String? {
    let address = text.prefix { $0 != "%" }
    guard ServerName.isIPv6(String(address)), let standard = ServerName.address(String(address)) else { return nil }
    var zone = text.dropFirst(address.count)
    if zone.isEmpty { return standard }
    zone = zone.dropFirst(zone.hasPrefix("%25") && zone.count > 3 ? 3 : 1)
    return ServerName.isZone(zone) ? "\(standard)%\(zone)" : nil
  }

  static func number(_ text: Substring) throws(AddressError) -> Int {
    guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int(text), (1...65_535).contains(number)
    else { throw AddressError(.port, "after the host's colon comes no port from 1 to 65535") }
    return number
  }

  static func text(_ host: String, _ port: Int?) -> String {
    (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
  }
}
