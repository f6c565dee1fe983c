package import ArgumentParser

/// What can be looked up for an argument. Declared once, at the argument's type (`defaultCompletionKind`), or at the
/// argument where it differs; the completer reads it back from the parser's own description of the command.
package enum CommandCompletion: Sendable, Hashable {
  /// A selection; names come from `preferring` (`mismatched`) where that set has any.
  case selection(preferring: String?)
  case agent, run, caseNumber, settingKey, anyKey, context, command, topic, file, folder
  /// The value of the setting whose key stands right before.
  case settingValue
  case valueOf(SettingKey)

  private static let marker = "apexsh-lookup:"

  /// The form in which the parser carries it.
  package var kind: CompletionKind {
    switch self {
    case .file: .file()
    case .folder: .directory
    case .selection(let set): .shellCommand(Self.marker + "selection" + (set.map { ":" + $0 } ?? ""))
    default: .shellCommand(Self.marker + word)
    }
  }

  private var word: String {
    switch self {
    case .selection: "selection"
    case .agent: "agent"
    case .run: "run"
    case .caseNumber: "case"
    case .settingKey: "setting"
    case .anyKey: "key"
    case .settingValue: "value"
    case .valueOf(let key): "value:" + key.rawValue
    case .context: "context"
    case .command: "command"
    case .topic: "topic"
    case .file: "file"
    case .folder: "folder"
    }
  }

  /// Reads it back from the text that the parser carried; nil where it is none of ours.
  package init?(carried text: String) {
    guard text.hasPrefix(Self.marker) else { return nil }
    let parts = text.dropFirst(Self.marker.count).split(separator: ":").map(String.init)
    if parts.first == "selection" {
      self = .selection(preferring: parts.count > 1 ? parts[1] : nil)
      return
    }
    if parts.first == "value", parts.count == 2, let key = SettingKey(rawValue: parts[1]) {
      self = .valueOf(key)
      return
    }
    let plain: [CommandCompletion] = [
      .agent, .run, .caseNumber, .settingKey, .anyKey, .settingValue, .context, .command, .topic,
    ]
    guard let found = plain.first(where: { $0.word == parts.first }) else { return nil }
    self = found
  }
}
