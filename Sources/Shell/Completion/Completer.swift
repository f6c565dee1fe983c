package import Commands

/// What could stand at the cursor of a line. The one completer for the prompt, the login shells and `complete`; it
/// knows no command by name, and looks at nothing but memory (and, for file names, the folder typed).
package struct Completer: Sendable {
  private let registry: CommandRegistry
  private let values: ValueCompleter

  package init(registry: CommandRegistry, lookups: any CompletionSnapshot) {
    self.registry = registry
    self.values = ValueCompleter(registry: registry, lookups: lookups)
  }

  /// `cursor` in UTF-8 bytes from the start of the line.
  package func complete(line: String, cursor: Int) -> LookupResult {
    let typed = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    guard let place = CursorPlace(typed) else { return LookupResult(start: cursor, candidates: [], total: 0) }
    let found = candidates(at: place)
    let start = String(typed.prefix(place.start)).utf8.count
    let written = found.candidates.map { place.written($0) }
    // Quotes of a candidate aren't in the prefix: then the candidates themselves have to do.
    let isPlain = written.elementsEqual(found.candidates) { $0.text == $1.text }
    return LookupResult(
      start: start, candidates: written, total: max(found.total, written.count),
      commonPrefix: isPlain ? found.commonPrefix : nil)
  }

  private func candidates(at place: CursorPlace) -> Found {
    if place.isFileName { return values.files(place.current, onlyFolders: false) }
    guard let first = place.before.first else { return commandNames(place.current, registry.firstWords, after: nil) }
    guard case .command(let type, let consumed) = registry.match(place.before) else {
      guard place.before.count == 1 else { return Found() }
      return commandNames(place.current, registry.secondWords(after: first), after: first)
    }
    var found = Found()
    if place.before.count == 1 && consumed == 1 {
      found = commandNames(place.current, registry.secondWords(after: first), after: first)
    }
    found.add(arguments(of: type, Array(place.before.dropFirst(consumed)), place.current))
    return found
  }

  private func commandNames(_ prefix: String, _ names: [String], after first: String?) -> Found {
    let fitting = names.filter { $0.hasPrefix(prefix) }
    return Found(
      fitting.map { name in
        let whole = first.map { "\($0) \(name)" } ?? name
        let followers = registry.secondWords(after: whole)
        let help = registry.command(named: whole).map(values.summary) ?? followers.joined(separator: ", ")
        return LookupCandidate(name, help)
      })
  }

  /// `words` stand between the command's name and the cursor.
  private func arguments(of type: any ShellCommand.Type, _ words: [String], _ current: String) -> Found {
    let shape = CommandShape.of(type)
    var positionals: [String] = []
    var waiting: CommandShape.Parameter?
    var onlyPositionals = false
    for word in words {
      if waiting != nil {
        waiting = nil
      } else if word == "--" {
        onlyPositionals = true
      } else if !onlyPositionals, word.hasPrefix("-") && word.count > 1 {
        waiting = word.contains("=") ? nil : shape.options.first { $0.names.contains(word) && $0.takesValue }
      } else {
        positionals.append(word)
      }
    }
    if let waiting { return values.candidates(for: waiting, current, after: positionals) }
    if !onlyPositionals && current.hasPrefix("-") { return options(shape, current, used: Set(words)) }
    let last = shape.positionals.last
    let index = positionals.count
    guard let next = index < shape.positionals.count ? shape.positionals[index] : last?.isRepeating == true ? last : nil
    else { return options(shape, current, used: Set(words)) }
    return values.candidates(for: next, current, after: positionals)
  }

  private func options(_ shape: CommandShape, _ current: String, used: Set<String>) -> Found {
    if let equals = current.firstIndex(of: "="), current.hasPrefix("--") {
      let name = String(current[..<equals])
      guard let option = shape.options.first(where: { $0.names.contains(name) && $0.takesValue }) else {
        return Found()
      }
      let rest = String(current[current.index(after: equals)...])
      return values.candidates(for: option, rest, after: []).prefixed(by: name + "=")
    }
    guard current.isEmpty || current.hasPrefix("-") else { return Found() }
    // Help is at hand everywhere: it must not be what a bare Tab inserts.
    let offered = shape.options.filter { option in
      (option.isRepeating || used.isDisjoint(with: option.names))
        && (!current.isEmpty || !option.names.contains("--help"))
    }
    return Found(
      offered.flatMap { option in
        option.names.filter { $0.hasPrefix("--") && $0.hasPrefix(current) }.map { LookupCandidate($0, option.help) }
      })
  }
}

/// Candidates, and how many there are in all.
struct Found: Sendable {
  var candidates: [LookupCandidate]
  var total: Int
  /// Of all, where more were found than `candidates` holds; nil where it isn't known.
  var commonPrefix: String?

  init(_ candidates: [LookupCandidate] = [], total: Int? = nil, commonPrefix: String? = nil) {
    self.candidates = candidates
    self.commonPrefix = commonPrefix
    self.total = total ?? candidates.count
  }

  mutating func add(_ other: Found) {
    if candidates.isEmpty {
      self = other
      return
    }
    if !other.candidates.isEmpty { commonPrefix = nil }
    candidates += other.candidates
    total += other.total
  }

  func prefixed(by head: String) -> Found {
    Found(
      candidates.map { LookupCandidate(head + $0.text, $0.description, isFinal: $0.isFinal) }, total: total,
      commonPrefix: commonPrefix.map { head + $0 })
  }
}
