/// What a saved context holds: settings, and where secrets come from; never a secret.
package struct ContextFile: Sendable, Hashable {
  package var settings: [SettingKey: String] = [:]
  package var secrets: [SecretKey: SecretSource] = [:]
  package init() {}
}
