package import Remote
import Synchronization

/// Where a secret comes from. This is what a saved context holds.
package indirect enum SecretSource: Sendable, Hashable {
  case entered
  case environment(String)
  case file(String)
  /// Run by `/bin/sh -c`.
  case command(String)
  /// Came with the lab.
  case given(String)
  /// One of the three from outside, whose blanks at its ends belong to the secret.
  case withBlanks(SecretSource)

  package var description: String {
    switch self {
    case .entered: "entered"
    case .environment(let name): "from the variable \(name)"
    case .file(let path): "from the file \(path)"
    case .command: "from a command"
    case .given(let origin): origin
    case .withBlanks(let source): source.description + ", blanks kept"
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
  /// What was refused: not to be used again until it is given anew.
  private nonisolated let refused = Mutex<[SecretKey: Set<Secret>]>([:])

  package init() {}

  /// The secrets whose texts are known by now; none is read for it.
  package var held: [Secret] { entries.values.compactMap(\.secret) }

  /// Where each secret comes from, in key order.
  package var sources: [(key: SecretKey, source: SecretSource, origin: SettingSource)] {
    SecretKey.allCases.compactMap { key in known(key).map { (key, $0.source, $0.origin) } }
  }

  /// Takes a source. `secret` where it is known already.
  package func set(_ key: SecretKey, _ source: SecretSource, from origin: SettingSource, secret: Secret? = nil) {
    entries[key] = Entry(source: source, origin: origin, secret: secret)
    // A context that is used again gives nothing anew.
    if case .context = origin { return }
    refused.withLock { $0[key] = nil }
  }

  package func unset(_ key: SecretKey) {
    entries[key] = nil
    refused.withLock { $0[key] = nil }
  }

  package func keepCommandLineOnly() { entries = entries.filter { $0.value.origin == .commandLine } }

  /// A password was refused: that text isn't used again until it is given anew. One that was typed is as if it had
  /// never been; a file or command may give another one next time.
  package nonisolated func refuse(_ key: SecretKey, _ secret: Secret) {
    refused.withLock { _ = $0[key, default: []].insert(secret) }
  }

  package nonisolated func isRefused(_ key: SecretKey, _ secret: Secret?) -> Bool {
    secret.map { secret in refused.withLock { $0[key]?.contains(secret) == true } } ?? false
  }

  private func known(_ key: SecretKey) -> Entry? {
    guard var entry = entries[key], isRefused(key, entry.secret) else { return entries[key] }
    entry.secret = nil
    entries[key] = entry.source == .entered ? nil : entry
    return entries[key]
  }

  /// The secret, or nil where none was set. A source that gives none, or only what was refused, is an error (77).
  package func secret(_ key: SecretKey) async throws -> Secret? {
    guard let entry = known(key) else { return nil }
    if let secret = entry.secret { return secret }
    let secret = try await SecretReader.read(entry.source, for: key)
    if isRefused(key, secret) { throw CommandError.refused(key, entry.source.description) }
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

extension CommandError {
  /// A password that was refused, and is still the only one there is.
  static func refused(_ key: SecretKey, _ origin: String) -> CommandError {
    CommandError(
      .refused,
      "the \(key.rawValue) (\(origin)) was refused before, or may have been, and trying it again could lock the account; put "
        + "the right one there, or: set \(key.rawValue)")
  }
}
