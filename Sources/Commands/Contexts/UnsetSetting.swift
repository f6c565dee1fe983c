import ArgumentParser

/// `unset KEY`
struct UnsetSetting: CheckedCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset", abstract: "Take back a setting: its default holds again.")
  static let manual = CommandManual(
    group: .session, examples: [.init("unset parallel", "back to the default")])

  @Argument(help: "The setting, or the secret.", completion: CommandCompletion.anyKey.kind)
  var key: String

  func check() throws {
    if SecretKey(rawValue: key) == nil { _ = try SetSetting.settingKey(key) }
  }

  func run(in invocation: Invocation) async throws -> ExitCode {
    if let secret = SecretKey(rawValue: key) {
      await invocation.state.secrets.unset(secret)
    } else {
      let key = try SetSetting.settingKey(key)
      await invocation.state.unset(key)
      if key == .server { await invocation.reloadLookups() }
    }
    return .success
  }
}
