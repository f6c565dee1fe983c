import InputText

/// What a saved context holds: settings, and where secrets come from; never a secret. On disk it is a command file of
/// nothing but `set` lines, that people can read, edit and compare.
package struct ContextFile: Sendable, Hashable {
  package var settings: [SettingKey: String] = [:]
  package var secrets: [SecretKey: SecretSource] = [:]

  package init() {}

  private static let limit = 65_536

  private static func path(_ name: ContextName, in folders: Folders) -> String {
    "\(folders.config)/contexts/\(name.text).apx"
  }

  /// Names of the saved contexts, sorted; none where their folder can't be used. Looks only: makes no folder.
  package static func names(in folders: Folders) -> [String] {
    guard let folder = (try? folders.existingContexts()) ?? nil else { return [] }
    return OwnFile.names(in: folder).compactMap { name in
      name.hasSuffix(".apx") ? ContextName(argument: String(name.dropLast(4)))?.text : nil
    }
  }

  package static func load(_ name: ContextName, in folders: Folders) throws -> ContextFile {
    let path = path(name, in: folders)
    guard try folders.existingContexts() != nil, let bytes = try OwnFile.read(path, limit: limit) else {
      let known = names(in: folders)
      let others = known.isEmpty ? "none is saved yet" : "there are: " + known.joined(separator: ", ")
      throw CommandError(.misuse, "no context '\(name.text)'; \(others)")
    }
    let text: String
    do throws(FileTextFault) { text = try FileText.decode(bytes) } catch {
      throw CommandError(.unusableInput, "\(path):\(error.line): \(error)")
    }
    return try ContextFile(text, path: path)
  }

  package func save(_ name: ContextName, in folders: Folders) throws {
    _ = try folders.readyContexts()
    try OwnFile.replace(Self.path(name, in: folders), with: Array(text.utf8))
  }

  /// False where there was none.
  package static func remove(_ name: ContextName, in folders: Folders) throws -> Bool {
    guard try folders.existingContexts() != nil else { return false }
    return try OwnFile.remove(path(name, in: folders))
  }

  /// The file's text: keys in the order of `set`.
  package var text: String {
    var lines: [String] = []
    for key in SettingKey.allCases {
      if let value = settings[key] { lines.append("set \(key.rawValue) \(WordText.quoted(value))") }
    }
    for key in SecretKey.allCases {
      guard let source = secrets[key], let option = source.option else { continue }
      let blanks = source.keepsBlanks ? " " + SecretSource.blanksOption : ""
      lines.append("set \(key.rawValue) \(option.name) \(WordText.quoted(option.value))\(blanks)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Reads such a text. `path` stands in errors, with the line.
  package init(_ text: String, path: String) throws(CommandError) {
    var number = 0
    for line in Lines.of(text) {
      number += 1
      do { try take(String(Blank.trimmed(line))) } catch {
        throw CommandError(.unusableInput, "\(path):\(number): \(RenderedError(error).message)")
      }
    }
  }

  private mutating func take(_ line: String) throws {
    let parsed = try ParsedLine(line)
    guard let step = parsed.steps.first else { return }
    guard parsed.steps.count == 1, case .command(let words, nil, nil) = step.body, words.first?.text == "set",
      words.count > 2
    else { throw CommandError(.unusableInput, "a context holds nothing but 'set KEY VALUE' lines") }
    let texts = words.map(\.text)
    if let key = SecretKey(rawValue: texts[1]) {
      let keepsBlanks = texts.count == 5 && texts[4] == SecretSource.blanksOption
      guard texts.count == 4 || keepsBlanks, let source = SecretSource(option: texts[2], value: texts[3]) else {
        throw CommandError(
          .unusableInput, "a context can't hold a \(key.rawValue), only --from-env, --from-file or --from-command")
      }
      secrets[key] = keepsBlanks ? .withBlanks(source) : source
    } else if let key = SettingKey(rawValue: texts[1]), texts.count == 3 {
      guard key.definition.isKept else {
        throw CommandError(
          .unusableInput, "\(key.rawValue) is for one session, and no context holds it; take the line out")
      }
      settings[key] = try key.definition.canonical(texts[2])
    } else if let later = NotThereYet.setting(texts[1]) {
      throw CommandError(.unusableInput, "\(later.message); take the line out")
    } else {
      throw CommandError(.unusableInput, "no setting '\(OutputText.visible(texts[1]))', or more than one value")
    }
  }
}

extension SecretSource {
  /// The option that gives it, for a saved context; nil for what can't be saved.
  var option: (name: String, value: String)? {
    switch self {
    case .environment(let name): ("--from-env", name)
    case .file(let path): ("--from-file", path)
    case .command(let command): ("--from-command", command)
    case .withBlanks(let source): source.option
    case .entered, .given: nil
    }
  }

  /// Says that blanks at the ends belong to the secret.
  package static let blanksOption = "--keep-blanks"
  var keepsBlanks: Bool { if case .withBlanks = self { true } else { false } }

  package init?(option: String, value: String) {
    switch option {
    case "--from-env": self = .environment(value)
    case "--from-file": self = .file(value)
    case "--from-command": self = .command(value)
    default: return nil
    }
  }
}
