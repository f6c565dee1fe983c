/// The one place where a session's settings change. Commands that run hold snapshots of it.
package actor ShellState {
  package private(set) var settings: Settings
  /// The name of the saved context in use.
  package private(set) var contextName: String?
  package nonisolated let secrets: SecretVault
  /// What the prompt shows behind the context's name: `1,204 mismatched`.
  package private(set) var promptNote: String?
  private var lookups: any CompletionSnapshot

  package init(settings: Settings = Settings(), secrets: SecretVault = SecretVault()) {
    self.settings = settings
    self.secrets = secrets
    self.lookups = EmptySnapshot()
  }

  package func set(_ key: SettingKey, _ text: String, from source: SettingSource) throws {
    try settings.set(key, text, from: source)
  }

  package func unset(_ key: SettingKey) { settings.unset(key) }

  /// Takes what a server told of itself: all of it, or, where one value is malformed, none.
  package func learn(_ values: [SettingKey: String], from origin: String) throws {
    var learned = settings
    for (key, text) in values { try learned.set(key, text, from: .learned(origin)) }
    settings = learned
  }

  /// Starts over from a saved context: only what the command line gave stays.
  package func use(_ context: ContextFile, named name: String) async throws {
    var settings = self.settings
    settings.keepCommandLineOnly()
    for (key, text) in context.settings where settings[key]?.source != .commandLine {
      try settings.set(key, text, from: .context(name))
    }
    self.settings = settings
    contextName = name
    promptNote = nil
    lookups = EmptySnapshot()
    await secrets.keepCommandLineOnly()
    let kept = await secrets.sources.map(\.key)
    for (key, source) in context.secrets where !kept.contains(key) {
      await secrets.set(key, source, from: .context(name))
    }
  }

  package func rename(context name: String?) { contextName = name }
  package func setPromptNote(_ note: String?) { promptNote = note }
  package func setLookups(_ snapshot: any CompletionSnapshot) { lookups = snapshot }
  package var completionSnapshot: any CompletionSnapshot { lookups }
}
