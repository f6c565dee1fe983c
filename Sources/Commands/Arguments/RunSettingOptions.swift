import ArgumentParser

/// The run settings as options of one command: each wins over the setting of its name.
package struct RunSettingOptions: ParsableArguments, Sendable {
  @Option(help: "Agents worked on at once.") var parallel: String?
  @Option(help: "How often connecting, looking, staging and cleaning up are tried again.") var retries: String?
  @Option(help: "Sizes of the waves: 1,20,10%,100%.") var waves: String?
  @Option(help: "Time to wait between two waves.") var wavePause: String?
  @Option(help: "How long agents that can't be reached are tried again, by a TCP probe: 3d.") var keepTrying: String?
  @Option(help: "Failures that stop the run: a number or a percentage of the plan.") var maxFailures: String?
  @Option(help: "Failures of one wave that may be, for the next to begin: a number or a percentage of the wave.")
  var maxWaveFailures: String?
  @Option(help: "Agents left unprotected that stop the run.") var maxUnprotected: String?
  @Option(help: "Logons by password at once, when three endpoints have taken it.") var logonsInFlight: String?
  @Option(help: RunSettingOptions.text(.timeoutConnect)) var timeoutConnect: String?
  @Option(help: RunSettingOptions.text(.timeoutCopy)) var timeoutCopy: String?
  @Option(help: RunSettingOptions.text(.timeoutExecute)) var timeoutExecute: String?
  @Option(help: RunSettingOptions.text(.timeoutSettle)) var timeoutSettle: String?
  @Option(help: RunSettingOptions.text(.timeoutList)) var timeoutList: String?

  package init() {}

  /// What the setting's own help says.
  private static func text(_ key: SettingKey) -> ArgumentHelp {
    let text = key.definition.help
    return ArgumentHelp(text.prefix(1).uppercased() + text.dropFirst() + ".")
  }

  private var given: [(SettingKey, String?)] {
    [
      (.parallel, parallel), (.retries, retries), (.waves, waves), (.wavePause, wavePause),
      (.keepTrying, keepTrying), (.maxFailures, maxFailures), (.maxWaveFailures, maxWaveFailures),
      (.maxUnprotected, maxUnprotected), (.logonsInFlight, logonsInFlight),
      (.timeoutConnect, timeoutConnect), (.timeoutCopy, timeoutCopy),
      (.timeoutExecute, timeoutExecute), (.timeoutSettle, timeoutSettle), (.timeoutList, timeoutList),
    ]
  }

  /// Those that were given.
  var givenKeys: [SettingKey] { given.compactMap { $0.1 == nil ? nil : $0.0 } }

  package mutating func validate() throws {
    for case (let key, let text?) in given { _ = try key.definition.canonical(text) }
  }

  /// `settings` with what was given here put over it.
  package func applied(to settings: Settings) throws -> Settings {
    var settings = settings
    for case (let key, let text?) in given { try settings.set(key, text, from: .option) }
    return settings
  }
}
