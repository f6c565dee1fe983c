package import ApexOne

/// What the contract promises and this version doesn't have. Nothing offers it; whoever tries is told that it is not
/// there yet, and what there is.
package enum NotThereYet {
  /// Commands by the words that begin them.
  package static let commands = [
    "address": "agents are reached by their names through the transport's template",
    "certificate": "see: show certificate", "status": "see: list agents, report",
    "collect": "see: report", "package": "give a package by: reinstall SELECTION --package FILE",
    "plan": "write a plan by --plan-out FILE and carry it out by: apply FILE",
  ]
  package static let settings = [
    "allowed-networks": "agents are reached by their names through the transport's template",
    "sites": "a server is one context: context save NAME",
    "tools": "IpXfer is taken from the server's folder",
  ]
  package static let options = [
    "--html": "give --format table, json or csv", "--via": "apply carries a plan out itself",
    "--by-address": "agents are reached by their names through the transport's template",
    "--for": "import a known_hosts file for all, or: trust learn SELECTION",
    "--confirm-up-to": "give the count or the digest: --confirm COUNT|DIGEST",
  ]
  /// Schemes of servers and of transports.
  package static let schemes = ["winrm", "smb"]

  static func scheme(_ word: String) -> CommandError? {
    error("the transport \(word)", schemes.contains(word) ? "there are ssh and lab, and file for a server" : nil)
  }
  static func command(_ word: String) -> CommandError? { error(word, commands[word]) }
  package static func setting(_ word: String) -> CommandError? { error("the setting \(word)", settings[word]) }

  /// Why none of `words` can be meant where one is an option of later; nil where none is.
  static func option(_ words: [String]) -> CommandError? {
    for word in words.prefix(while: { $0 != "--" }) {
      let name = String(word.prefix { $0 != "=" })
      if let error = error(name, options[name]) { return error }
    }
    return nil
  }

  /// A server's address; throws for one of a scheme that is not there yet, whatever else is wrong with it.
  static func address(_ text: String) throws(AddressError) -> ServerAddress {
    func check() throws(AddressError) {
      let scheme = String(text.drop { $0 == " " }.prefix { $0 != ":" }).lowercased()
      try self.check([scheme], use: "reach the server by ssh:// or file://, or bring its list: --from FILE")
    }
    do {
      let address = try ServerAddress(text)
      try check()
      return address
    } catch {
      // That a password stands in it must be said first.
      if error.kind != .password { try check() }
      throw error
    }
  }

  static func check(_ chain: TransportChain) throws(AddressError) {
    for link in chain.links {
      try check(link.kind.split(separator: "+").map(String.init), use: "reach endpoints by ssh")
      if link.kind.contains("file") {
        throw AddressError(.unknownScheme, "file reaches a server's folder and no endpoints; reach them by ssh")
      }
    }
  }

  private static func check(_ kinds: [String], use: String) throws(AddressError) {
    guard let kind = kinds.first(where: schemes.contains) else { return }
    throw AddressError(.unknownScheme, "\(kind) is not there yet; \(use)")
  }

  private static func error(_ what: String, _ instead: String?) -> CommandError? {
    instead.map { CommandError(.misuse, "\(what) is not there yet; \($0)") }
  }
}
