import ApexOne
import Commands

/// Candidates for one value, by what the argument says of itself.
struct ValueCompleter: Sendable {
  let registry: CommandRegistry
  let lookups: any CompletionSnapshot
  /// More than a screen shows; the rest is counted.
  static let limit = 200

  func summary(_ type: any ShellCommand.Type) -> String { type.abstract }

  func candidates(for parameter: CommandShape.Parameter, _ prefix: String, after positionals: [String]) -> Found {
    if !parameter.values.isEmpty { return fitting(parameter.values.map { LookupCandidate($0) }, prefix) }
    guard let completion = parameter.completion else { return Found() }
    switch completion {
    case .selection(let set): return SelectionCompleter(lookups: lookups, preferring: set).candidates(prefix)
    case .agent: return agents(prefix)
    case .run: return fitting(lookups.runs, prefix)
    case .caseNumber: return fitting(lookups.cases, prefix)
    case .context: return fitting(lookups.contexts.map { LookupCandidate($0) }, prefix)
    case .settingKey: return fitting(Self.settings, prefix)
    case .anyKey: return fitting(Self.settings + Self.secrets, prefix)
    case .settingValue:
      guard positionals.count == 1, let key = SettingKey(rawValue: positionals[0]) else { return Found() }
      return value(of: key, prefix)
    case .valueOf(let key): return value(of: key, prefix)
    case .command: return fitting(registry.commands.map { LookupCandidate($0.name, $0.abstract) }, prefix)
    case .topic: return topics(prefix, after: positionals)
    case .file: return files(prefix, onlyFolders: false)
    case .folder: return files(prefix, onlyFolders: true)
    }
  }

  func files(_ prefix: String, onlyFolders: Bool) -> Found {
    let entries = LocalFolder.entries(matching: prefix, onlyFolders: onlyFolders)
    let candidates = entries.prefix(Self.limit).map { LookupCandidate($0.path, "", isFinal: !$0.isFolder) }
    return Found(Array(candidates), total: entries.count)
  }

  private static let settings = SettingKey.allCases.map { LookupCandidate($0.rawValue, $0.definition.help) }
  private static let secrets = SecretKey.allCases.map { LookupCandidate($0.rawValue, $0.help) }

  private func agents(_ prefix: String) -> Found {
    let found = lookups.agents(prefix: prefix, preferring: nil, limit: Self.limit)
    let isCut = found.total > found.candidates.count
    return Found(
      found.candidates, total: found.total,
      commonPrefix: isCut ? lookups.agentsPrefix(prefix, preferring: nil) : nil)
  }

  private func value(of key: SettingKey, _ prefix: String) -> Found {
    let definition = key.definition
    switch definition.form {
    case .path: return files(prefix, onlyFolders: false)
    case .oneOf, .yesOrNo: return fitting(definition.form.words.map { LookupCandidate($0) }, prefix)
    default: return fitting([definition.standard.map { LookupCandidate($0, "default") }].compactMap(\.self), prefix)
    }
  }

  private func topics(_ prefix: String, after positionals: [String]) -> Found {
    if let first = positionals.first {
      return fitting(registry.secondWords(after: first).map { LookupCandidate($0) }, prefix)
    }
    let commands = registry.firstWords.map { name in
      LookupCandidate(name, registry.command(named: name)?.abstract ?? "")
    }
    return fitting(commands + HelpTopic.allCases.map { LookupCandidate($0.rawValue, $0.summary) }, prefix)
  }

  private func fitting(_ all: [LookupCandidate], _ prefix: String) -> Found {
    let fitting = all.filter { $0.text.hasPrefix(prefix) }
    return Found(Array(fitting.prefix(Self.limit)), total: fitting.count)
  }
}
