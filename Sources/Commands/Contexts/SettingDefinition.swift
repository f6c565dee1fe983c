import ApexOne
import Runs

/// What a setting means, which values it takes, and what holds where none was given.
///
/// Everything about a setting comes from its row here: the grammar, the default and the help of `set`, what Tab offers,
/// what a saved context holds; of a run setting also the option of the commands that repair, and its place in a plan.
package struct SettingDefinition: Sendable {
  package let key: SettingKey
  package let help: String
  /// In its standard spelling; nil where there is none.
  package let standard: String?
  package let form: SettingForm
  /// A saved context holds it.
  package var isKept = true
  /// It is a run setting: an option of the same name wins over it.
  package let isOfRuns: Bool
  /// Puts a value in its standard spelling into a plan's options; nil where plans hold none of it.
  let store: (@Sendable (String, inout RunOptions) -> Void)?

  /// The help with the default: `agents worked on at once (32)`.
  package var summary: String { help + (standard.map { " (\($0))" } ?? "") }

  /// The value in its standard spelling; a malformed one is an error that says what would be right.
  package func canonical(_ text: String) throws(CommandError) -> String {
    do throws(AddressError) {
      if let value = try form.canonical(text) { return value }
    } catch {
      // The text may hold a password: it is not quoted.
      throw CommandError(.misuse, "\(key.rawValue) can't be that: \(error)")
    }
    throw CommandError(
      .misuse, "\(key.rawValue) can't be '\(OutputText.visible(text))'; it must be \(form.description)")
  }

  package static func of(_ key: SettingKey) -> SettingDefinition { table[key] ?? row(key) }

  private static let table = Dictionary(uniqueKeysWithValues: SettingKey.allCases.map { ($0, row($0)) })

  // MARK: - The table

  /// A key without a row does not compile.
  private static func row(_ key: SettingKey) -> SettingDefinition {
    let row = Row(key: key)
    return switch key {
    case .server: row.plain(.serverAddress, nil, "where the server's PCCSRV folder is, and how to reach it")
    case .serverName:
      row.plain(
        .serverName, nil, "what agents call the server (IpXfer's -s), a name or an address; default from ofcscan.ini")
    case .serverAliases:
      row.plain(.serverNames, nil, "other names and addresses that agents may know the server by")
    case .httpPort: row.plain(.port, nil, "the server's HTTP port (IpXfer's -p); default from ofcscan.ini")
    case .httpsPort: row.plain(.port, nil, "the server's HTTPS port (IpXfer's -sp); default from ofcscan.ini")
    case .agentPort:
      row.plain(.port, nil, "the agents' listening port (IpXfer's -c); default from ofcscan.ini, none built in")
    case .product:
      row.plain(
        .oneOf(["apex-one", "apex-one-saas", "officescan-xg", "officescan-11", "officescan-10"]), nil,
        "decides IpXfer's switches; Apex One is known by its folder, another must be set")
    case .transport:
      row.plain(
        .transportChain, nil,
        "how endpoints are reached: ssh://{agent}.contoso.local or lab; several are tried in order, joined by ,")
    case .user: row.plain(.text, nil, "the account for endpoints")
    case .identityFile: row.plain(.path, nil, "the private key file of that account")
    case .certificate: row.plain(.path, nil, "the certificate to deploy; default the server's own")
    case .parallel: row.ofRuns(\.parallel, .number(1...4_096, of: "agents"), "agents worked on at once")
    case .retries:
      row.ofRuns(
        \.retries, .number(0...20, of: "tries"),
        "how often connecting, looking, staging and cleaning up are tried again")
    case .waves: row.ofRuns(\.waves, .waves, "sizes of the waves of a run")
    case .wavePause: row.ofRuns(\.wavePauseSeconds, or: 0, .seconds(from: 0), "time to wait between two waves of a run")
    case .keepTrying:
      row.ofRuns(
        \.keepTryingSeconds, or: 0, .seconds(from: 0),
        "how long agents that can't be reached are tried again, by a TCP probe")
    case .maxFailures:
      row.ofRuns(
        \.maxFailures, .budget(of: "the plan"), "failures that stop a run, at least 3 where it is a percentage")
    case .maxWaveFailures:
      row.ofRuns(
        \.maxWaveFailures, or: RunOptions.usualWaveFailures, .budget(of: "the wave"),
        "failures of one wave that may be, for the next to begin; at least 1 in the first and 3 later where it is a percentage"
      )
    case .maxUnprotected:
      row.ofRuns(\.maxUnprotected, .budget(of: "the plan"), "agents left unprotected that stop a run")
    case .logonsInFlight:
      row.ofRuns(
        \.logonsInFlight, or: LogonGate.usualAtOnce, .number(1...64, of: "logons"),
        "logons by password at once, when three endpoints have taken it")
    case .despiteRefusals:
      row.plain(
        .yesOrNo, "no",
        "log on by password although the account was refused three times in half an hour; of this session alone",
        isKept: false)
    case .timeoutConnect: row.ofRuns(\.connectSeconds, .seconds(from: 1), "time for a connection and logon")
    case .timeoutCopy:
      row.ofRuns(
        \.copySeconds, .seconds(from: 1),
        "time for each look at an endpoint, for its lock, for all its files together, for the clean-up, and for each reading of the server"
      )
    case .timeoutExecute: row.ofRuns(\.executeSeconds, .seconds(from: 1), "time for the tool at one endpoint")
    case .timeoutSettle: row.ofRuns(\.settleSeconds, .seconds(from: 1), "time for the services to come back")
    case .timeoutList:
      SettingDefinition(
        key: key, help: "time for the server to make its list", standard: "30m", form: .time(from: 1), isOfRuns: true,
        store: nil)
    case .production: row.plain(.yesOrNo, "no", "marks the prompt red")
    case .pager: row.plain(.text, "off", "a local command that long results are shown through, or off")
    case .color: row.plain(.oneOf(["auto", "always", "never"]), "auto", "colours on the terminal")
    case .onError: row.plain(.oneOf(["stop", "continue"]), "stop", "what a command file does after a line that failed")
    }
  }
}

/// How a value of the run options is written as a setting's text, and read from one.
private struct OptionText<Value: Equatable & Sendable>: Sendable {
  let form: SettingForm
  /// Reads a text in its standard spelling.
  let read: @Sendable (String) -> Value?
  let write: @Sendable (Value) -> String
}

extension OptionText<Int> {
  static func number(_ range: ClosedRange<Int>, of unit: String) -> OptionText {
    OptionText(form: .number(range, of: unit), read: { Int($0) }, write: { String($0) })
  }
}

extension OptionText<Budget> {
  static func budget(of whole: String) -> OptionText {
    OptionText(form: .budget(of: whole), read: { Budget($0) }, write: { $0.description })
  }
}

extension OptionText<WaveSizes> {
  static var waves: OptionText { OptionText(form: .waves, read: { WaveSizes($0) }, write: { $0.description }) }
}

extension OptionText<Double> {
  static func seconds(from least: Int) -> OptionText {
    OptionText(
      form: .time(from: least), read: { DurationText.parse($0)?.seconds },
      write: { DurationText.format(.seconds($0)) })
  }
}

/// Makes a key's row.
private struct Row {
  typealias OptionPath<Value> = any WritableKeyPath<RunOptions, Value> & Sendable
  let key: SettingKey

  func plain(
    _ form: SettingForm, _ standard: String?, _ help: String, isKept: Bool = true
  ) -> SettingDefinition {
    SettingDefinition(
      key: key, help: help, standard: standard, form: form, isKept: isKept, isOfRuns: false, store: nil)
  }

  /// The default is that of the run options.
  func ofRuns<Value>(_ path: OptionPath<Value>, _ text: OptionText<Value>, _ help: String) -> SettingDefinition {
    definition(text, RunOptions()[keyPath: path], help) { $1[keyPath: path] = $0 }
  }

  /// A default is no part of the options: plans with what holds anyhow keep the digests they always had.
  func ofRuns<Value>(
    _ path: OptionPath<Value?>, or standard: Value, _ text: OptionText<Value>, _ help: String
  ) -> SettingDefinition {
    definition(text, standard, help) { $1[keyPath: path] = $0 == standard ? nil : $0 }
  }

  private func definition<Value>(
    _ text: OptionText<Value>, _ standard: Value, _ help: String,
    store: @escaping @Sendable (Value, inout RunOptions) -> Void
  ) -> SettingDefinition {
    SettingDefinition(
      key: key, help: help, standard: text.write(standard), form: text.form, isOfRuns: true,
      store: { if let value = text.read($0) { store(value, &$1) } })
  }
}
