package import Remote

/// Where a secret comes from. This is what a saved context holds.
package enum SecretSource: Sendable, Hashable {
  case entered
  case environment(String)
  case file(String)
  /// Run by `/bin/sh -c`.
  case command(String)
  /// Came with the lab.
  case given(String)

  package var description: String {
    switch self {
    case .entered: "entered"
    case .environment(let name): "from the variable \(name)"
    case .file(let path): "from the file \(path)"
    case .command: "from a command"
    case .given(let origin): origin
    }
  }
}

/// The session's secrets: sources, and the texts once they were needed. A secret from a file, a variable or a command is
/// read when it is first asked for, and kept for the session.
package actor SecretVault {
  private struct Entry {
    var source: SecretSource
    var origin: SettingSource
    var secret: Secret?
  }

  private var entries: [SecretKey: Entry] = [:]

  package init() {}

  /// Where each secret comes from, in key order.
  package var sources: [(key: SecretKey, source: SecretSource, origin: SettingSource)] {
    SecretKey.allCases.compactMap { key in entries[key].map { (key, $0.source, $0.origin) } }
  }

  /// Takes a source. `secret` where it is known already.
  package func set(_ key: SecretKey, _ source: SecretSource, from origin: SettingSource, secret: Secret? = nil) {
    entries[key] = Entry(source: source, origin: origin, secret: secret)
  }

  package func unset(_ key: SecretKey) { entries[key] = nil }

  package func keepCommandLineOnly() { entries = entries.filter { $0.value.origin == .commandLine } }

  /// Drops the text of a password that was refused: it must be entered anew. The source goes too where it was typed;
  /// a file or command may give another one next time.
  package func forget(_ key: SecretKey) {
    if entries[key]?.source == .entered { entries[key] = nil } else { entries[key]?.secret = nil }
  }

  /// The secret, or nil where none was set. A source that gives none is an error (77).
  package func secret(_ key: SecretKey) async throws -> Secret? {
    guard let entry = entries[key] else { return nil }
    if let secret = entry.secret { return secret }
    let secret = try await SecretReader.read(entry.source, for: key)
    if entries[key]?.source == entry.source { entries[key]?.secret = secret }
    return secret
  }

  /// The secret, which must be there: without it the command is refused (77).
  package func required(_ key: SecretKey) async throws -> Secret {
    if let secret = try await secret(key) { return secret }
    let name = key.rawValue
    throw CommandError(.refused, "no \(name); give it by: set \(name), or at the start by --\(name)-from-file FILE")
  }
}
