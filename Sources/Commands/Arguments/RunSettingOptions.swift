import ArgumentParser
import Runs

/// The run settings as options of one command: each wins over the setting of its name.
///
/// The parser finds a command's options in its mirror and reads each by the name it has there: this type's mirror is made
/// of the settings' table, so that there is an option for every run setting.
package struct RunSettingOptions: ParsableArguments, CustomReflectable, Sendable {
  /// As typed, once checked in its standard spelling.
  private var given: [SettingKey: String] = [:]

  package init() {}

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: OptionName.self)
    for key in SettingKey.ofRuns {
      given[key] = try values.decode(Option<String?>.self, forKey: OptionName(stringValue: key.rawValue)).wrappedValue
    }
  }

  package var customMirror: Mirror {
    Mirror(self, children: SettingKey.ofRuns.map { (label: $0.rawValue, value: RunSettingOptions.option($0)) })
  }

  private static func option(_ key: SettingKey) -> Option<String?> {
    let text = key.definition.summary
    return Option(
      name: .customLong(key.rawValue), help: ArgumentHelp(text.prefix(1).uppercased() + text.dropFirst() + "."),
      completion: CommandCompletion.valueOf(key).kind)
  }

  private struct OptionName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package mutating func validate() throws {
    for key in SettingKey.ofRuns { given[key] = try given[key].map(key.definition.canonical) }
  }

  /// `settings` with what was given here put over it.
  package func applied(to settings: Settings) throws -> Settings {
    var settings = settings
    for key in SettingKey.ofRuns {
      if let text = given[key] { try settings.set(key, text, from: .option) }
    }
    return settings
  }

  /// An older plan's `options` with what was given here put over them.
  func applied(to options: RunOptions) -> RunOptions {
    var options = options
    for (key, text) in given { key.definition.store?(text, &options) }
    return options
  }
}
