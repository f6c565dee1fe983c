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
  @Option(help: "Time for a connection and logon.") var timeoutConnect: String?
  @Option(help: "Time for one file.") var timeoutCopy: String?
  @Option(help: "Time for the tool.") var timeoutExecute: String?
  @Option(help: "Time for the services to come back.") var timeoutSettle: String?
  @Option(help: "Time for the server's list.") var timeoutList: String?

  package init() {}

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
