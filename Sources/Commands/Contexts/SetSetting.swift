import ApexOne
import ArgumentParser
import Remote

/// `set`, `set KEY VALUE`, `set SECRET [--from-…]`.
struct SetSetting: ResultCommand, CheckedCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change a setting, or show them all.",
    discussion: """
      A password is asked for without echo, or read from a variable, a file or a command; never given as an argument.
      """)
  static let manual = CommandManual(
    group: .session,
    examples: [
      .init("set", "all settings, and where each value came from"),
      .init(
        "set server 'ssh://admin@apexone.contoso.local/C:/Program Files/Trend Micro/Apex One/PCCSRV'", "the server"),
      .init("set waves 1,20,10%,100%", "how a run grows"),
      .init("set password", "asks for it without echo"),
      .init("set unload-password --from-command 'pass show apexone/unload'", "asks a password manager"),
    ],
    exitCodes: [.refused], jsonKeys: ["key", "value", "source"])

  @Argument(
    help: ArgumentHelp("The setting.", valueName: "key"), completion: CommandCompletion.anyKey.kind)
  var key: String?
  @Argument(
    help: ArgumentHelp("Its value.", valueName: "value"), completion: CommandCompletion.settingValue.kind)
  var value: [String] = []
  @Option(help: "Read a secret from this variable.") var fromEnv: String?
  @Option(help: "Read a secret from this file, which only you can read.", completion: .file()) var fromFile: String?
  @Option(help: "Read a secret from the output of this command, run by /bin/sh -c.") var fromCommand: String?
  @Flag(help: "Blanks at the ends of what is read belong to the secret.") var keepBlanks = false
  @OptionGroup var output: OutputOptions

  /// Whatever follows a word that is not plainly an ordinary key may be a secret: a slip of the key must not keep it.
  static func secrecy(of words: [String]) -> CommandSecrecy {
    let rest = words.dropFirst()
    guard let key = words.first, SettingKey(rawValue: key) == nil else {
      return rest.contains(where: ServerAddress.mayHoldPassword) ? .secret : .open
    }
    if rest.isEmpty { return .open }
    let source = rest.last == SecretSource.blanksOption ? rest.dropLast() : rest
    guard SecretKey(rawValue: key) != nil, source.count == 2, let option = source.first else { return .secret }
    return SecretSource(option: option, value: "") != nil ? .open : .secret
  }

  func check() throws {
    guard let key else { return }
    if let secret = SecretKey(rawValue: key) {
      guard value.isEmpty else { throw Self.refusal(secret) }
      guard sources.count <= 1 else { throw CommandError(.misuse, "give one source for the \(key)") }
      guard !keepBlanks || !sources.isEmpty else {
        throw CommandError(.misuse, "\(SecretSource.blanksOption) goes with --from-env, --from-file or --from-command")
      }
      return
    }
    let definition = try Self.settingKey(key).definition
    guard sources.isEmpty, !keepBlanks else {
      throw CommandError(.misuse, "\(key) is no secret; give its value: set \(key) VALUE")
    }
    guard value.count == 1 else {
      throw CommandError(.misuse, "\(key) needs one value, \(definition.form.description); quote a value with blanks")
    }
    _ = try definition.canonical(value[0])
  }

  func run(in invocation: Invocation) async throws -> ExitCode {
    guard let key else {
      try await SettingsTable.write(in: invocation)
      return .success
    }
    try check()
    if let secret = SecretKey(rawValue: key) {
      try await set(secret, in: invocation)
    } else {
      try await invocation.state.set(try Self.settingKey(key), value[0], from: .set)
      if key == SettingKey.server.rawValue { await invocation.reloadLookups() }
    }
    if invocation.isOneShot {
      invocation.console.note("\(key) is set for this process only; keep it with: context save NAME")
    }
    return .success
  }

  static func settingKey(_ text: String) throws -> SettingKey {
    if let key = SettingKey(rawValue: text) { return key }
    if let later = NotThereYet.setting(text) { throw later }
    let keys = SettingKey.allCases.map(\.rawValue) + SecretKey.allCases.map(\.rawValue)
    throw CommandError(.misuse, Suggestion.sentence("no setting", text, among: keys, otherwise: "set lists them"))
  }

  private func set(_ key: SecretKey, in invocation: Invocation) async throws {
    let vault = invocation.state.secrets
    if let source = sources.first {
      let secret = try await SecretReader.read(source, for: key)
      await vault.set(key, source, from: .set, secret: secret)
      return
    }
    guard invocation.console.traits.isInteractive else {
      throw CommandError(
        .refused, "no terminal to ask for the \(key.rawValue); use --from-env, --from-file or --from-command")
    }
    guard let secret = try await invocation.console.askSecret("\(key.rawValue): "), !secret.isEmpty else {
      throw CommandError(.interrupted, "the \(key.rawValue) was not entered; nothing is changed")
    }
    await vault.set(key, .entered, from: .set, secret: secret)
  }

  /// Says nothing of what was typed.
  static func refusal(_ key: SecretKey) -> CommandError {
    CommandError(
      .misuse, "the \(key.rawValue) is never an argument; type 'set \(key.rawValue)' alone and it is asked for")
  }

  private var sources: [SecretSource] {
    let given: [SecretSource?] = [
      fromEnv.map { .environment($0) }, fromFile.map { .file($0) }, fromCommand.map { .command($0) },
    ]
    return given.compactMap { source in source.map { keepBlanks ? .withBlanks($0) : $0 } }
  }
}
