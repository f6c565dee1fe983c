package import Runs

/// The session's settings at one moment: a value. Texts are checked when they are set, so reading can't fail.
package struct Settings: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    /// In its standard spelling.
    package let text: String
    package let source: SettingSource
  }

  private var given: [SettingKey: Entry] = [:]
  /// What the server told; gives way to everything given.
  private var learned: [SettingKey: Entry] = [:]

  package init() {}

  package subscript(_ key: SettingKey) -> Entry? {
    given[key] ?? learned[key] ?? key.definition.standard.map { Entry(text: $0, source: .builtIn) }
  }

  package func text(_ key: SettingKey) -> String? { self[key]?.text }

  /// Keys that were given in this session, and not learned or built in.
  package var givenKeys: [SettingKey] { SettingKey.allCases.filter { given[$0] != nil } }

  /// Takes a value; a malformed one changes nothing. Another `server` forgets what was learned of the last.
  package mutating func set(_ key: SettingKey, _ text: String, from source: SettingSource) throws(CommandError) {
    let entry = Entry(text: try key.definition.canonical(text), source: source)
    if case .learned = source {
      learned[key] = entry
      return
    }
    if key == .server && given[.server]?.text != entry.text { learned = [:] }
    given[key] = entry
  }

  package mutating func unset(_ key: SettingKey) {
    given[key] = nil
    if key == .server { learned = [:] }
  }

  /// Forgets everything but what the command line gave.
  package mutating func keepCommandLineOnly() {
    given = given.filter { $0.value.source == .commandLine }
    learned = [:]
  }
}

extension Settings {
  package var server: String? { text(.server) }
  package var serverName: String? { text(.serverName) }
  package var serverAliases: [String] { list(.serverAliases) }
  package var httpPort: Int? { number(.httpPort) }
  package var httpsPort: Int? { number(.httpsPort) }
  package var agentPort: Int? { number(.agentPort) }
  package var product: String? { text(.product) }
  /// The chain, in the order in which its kinds are tried.
  package var transports: [String] { list(.transport) }
  package var user: String? { text(.user) }
  package var identityFile: String? { text(.identityFile).map(LocalPath.expandingHome) }
  package var certificate: String? { text(.certificate).map(LocalPath.expandingHome) }

  /// What a run is carried out with.
  package var runOptions: RunOptions {
    var options = RunOptions()
    for key in SettingKey.ofRuns {
      if let text = text(key) { key.definition.store?(text, &options) }
    }
    return options
  }

  package var parallel: Int { runOptions.parallel }
  package var logonsInFlight: Int { runOptions.logonsInFlight ?? LogonGate.usualAtOnce }
  package var timeoutConnect: Duration { duration(.timeoutConnect) }
  package var timeoutCopy: Duration { duration(.timeoutCopy) }
  package var timeoutList: Duration { duration(.timeoutList) }
  package var isProduction: Bool { text(.production) == "yes" }
  /// Nil where it is off.
  package var pager: String? { text(.pager).flatMap { $0 == "off" ? nil : $0 } }
  package var despiteRefusals: Bool { text(.despiteRefusals) == "yes" }
  package var goesOnAfterErrors: Bool { text(.onError) == "continue" }

  private func number(_ key: SettingKey) -> Int? { text(key).flatMap { Int($0) } }
  private func list(_ key: SettingKey) -> [String] { (text(key) ?? "").split(separator: ",").map(String.init) }
  /// Every time-out has a built-in default, so there is always a text that parses.
  private func duration(_ key: SettingKey) -> Duration { text(key).flatMap(DurationText.parse) ?? .seconds(60) }
}
