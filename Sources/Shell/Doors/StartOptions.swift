package import Commands

/// What stands before the command on the program's command line.
package struct StartOptions: Sendable {
  /// Where lines come from.
  package enum Input: Sendable, Hashable {
    case file(String)
    case line(String)
  }

  package var context: String?
  package var settings: [(key: SettingKey, text: String)] = []
  package var secrets: [(key: SecretKey, source: SecretSource)] = []
  package var lab: LabOptions?
  package var stateFolder: String?
  package var configFolder: String?
  /// `-f FILE` and `-c LINE`, in the order given.
  package var inputs: [Input] = []
  package var isCheck = false
  package var keepsGoing = false
  package var variables: [String: String] = [:]
  package var format: OutputFormat?
  package var noColor = false
  package var wantsVersion = false
  package var wantsHelp = false
  /// The command and its arguments.
  package var words: [String] = []
  private var keepsBlanks = false
  /// Values of options that take one, by what they fill.
  private var given: [String: String] = [:]

  /// Reads the arguments behind the program's name. Every mistake is misuse (64).
  package init(_ arguments: [String]) throws(CommandError) {
    var rest = arguments[...]
    while let word = rest.first, word.hasPrefix("-"), word.count > 1 {
      rest = rest.dropFirst()
      if word == "--" { break }
      try take(word, &rest)
    }
    words = Array(rest)
    try checkTogether()
  }

  private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(CommandError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = word == "-h" ? "--help" : word.hasPrefix("--") ? parts[0] : word
    guard let option = StartOptionName.all.first(where: { $0.name == name }) else {
      let names = StartOptionName.all.map(\.name)
      throw CommandError(
        .misuse, Suggestion.sentence("unknown option", name, among: names, otherwise: "apexsh --help lists them"))
    }
    guard option.value != nil else {
      guard parts.count == 1 || !word.hasPrefix("--") else { throw CommandError(.misuse, "\(name) takes no value") }
      takeFlag(name)
      return
    }
    if word.hasPrefix("--"), parts.count == 2 {
      try takeValue(name, parts[1])
    } else if let value = rest.popFirst() {
      try takeValue(name, value)
    } else {
      throw CommandError(.misuse, "\(name) needs \(option.value ?? "a value") behind it")
    }
  }

  private mutating func takeFlag(_ name: String) {
    switch name {
    case "--lab": lab = lab ?? LabOptions()
    case "--check": isCheck = true
    case "--keep-going": keepsGoing = true
    case "--no-color": noColor = true
    case SecretSource.blanksOption: keepsBlanks = true
    case "--version": wantsVersion = true
    default: wantsHelp = true
    }
  }

  private mutating func takeValue(_ name: String, _ value: String) throws(CommandError) {
    switch name {
    case "--context": context = value
    case "--server": try set(.server, value)
    case "--set": try takeSetting(value)
    case "--agents", "--faults", "--seed", "--lab-dir": try takeLab(name, value)
    case "--state-dir": stateFolder = try Self.folder(name, value)
    case "--config-dir": configFolder = try Self.folder(name, value)
    case "-f": inputs.append(.file(value))
    case "-c": inputs.append(.line(value))
    case "--var": try takeVariable(value)
    case "--format": try takeFormat(value)
    default: takeSecret(name, value)
    }
    try checkOnce(name, value)
    // The same key by another door.
    if name == "--server" { try checkOnce(pair: "server=\(value)", of: "--set") }
  }

  /// Of two different values one would be lost, and with it another server, folder or password than was meant.
  private mutating func checkOnce(_ name: String, _ value: String) throws(CommandError) {
    if ["-f", "-c"].contains(name) { return }
    if ["--set", "--var"].contains(name) { return try checkOnce(pair: value, of: name) }
    // Whichever of its three options gives a secret.
    let secret = SecretKey.allCases.first { name.hasPrefix("--\($0.rawValue)-from-") }
    let slot = secret.map { "a source of the \($0.rawValue)" } ?? name
    let text = secret == nil ? "'\(OutputText.visible(value))'" : "\(name) \(OutputText.visible(value))"
    guard let before = given.updateValue(text, forKey: slot), before != text else { return }
    throw CommandError(.misuse, "\(slot) is given twice, \(before) and \(text); give it once")
  }

  /// Options that are given for many keys take one value for each.
  private mutating func checkOnce(pair: String, of name: String) throws(CommandError) {
    let key = "\(name) \(pair.prefix { $0 != "=" })"
    guard let before = given.updateValue(pair, forKey: key), before != pair else { return }
    // A variable may hold what is nobody's business: its values are not repeated.
    let shown = key == "--set server" ? "the server" : OutputText.visible(key)
    let doors = key == "--set server" ? " (--server, --set server)" : ""
    throw CommandError(.misuse, "\(shown) is given twice\(doors), with different values; give it once")
  }

  private mutating func takeLab(_ name: String, _ value: String) throws(CommandError) {
    var options = lab ?? LabOptions()
    switch name {
    case "--agents": options.agents = try Self.number(name, value, 0...1_000_000)
    case "--seed": options.seed = try Self.number(name, value, 0...Int.max)
    case "--faults": options.faults = value
    // Its journal is in it, wherever one is.
    default: options.folder = LocalPath.absolute(try Self.folder(name, value))
    }
    lab = options
  }

  /// An empty name would be the folder that apexsh was started in.
  private static func folder(_ name: String, _ value: String) throws(CommandError) -> String {
    guard !value.isEmpty else { throw CommandError(.misuse, "\(name) needs a folder behind it, not an empty name") }
    return LocalPath.expandingHome(value)
  }

  private static func number(_ name: String, _ text: String, _ range: ClosedRange<Int>) throws(CommandError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      let most = range.upperBound == Int.max ? "" : " to \(NumberText.grouped(range.upperBound))"
      throw CommandError(.misuse, "\(name) needs a number from \(range.lowerBound)\(most)")
    }
    return value
  }

  private mutating func set(_ key: SettingKey, _ text: String) throws(CommandError) {
    settings.append((key, try key.definition.canonical(text)))
  }

  private mutating func takeSetting(_ text: String) throws(CommandError) {
    guard let equals = text.firstIndex(of: "=") else { throw CommandError(.misuse, "--set needs KEY=VALUE behind it") }
    let name = String(text[..<equals])
    if SecretKey(rawValue: name) != nil {
      throw CommandError(.misuse, "--set takes no secrets; use --\(name)-from-file, -env or -command")
    }
    guard let key = SettingKey(rawValue: name) else {
      if let later = NotThereYet.setting(name) { throw later }
      let names = SettingKey.allCases.map(\.rawValue)
      throw CommandError(
        .misuse, Suggestion.sentence("no setting", name, among: names, otherwise: "see: apexsh help keys"))
    }
    try set(key, String(text[text.index(after: equals)...]))
  }

  private mutating func takeVariable(_ text: String) throws(CommandError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw CommandError(.misuse, "--var needs NAME=VALUE behind it")
    }
    variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
  }

  private mutating func takeFormat(_ text: String) throws(CommandError) {
    guard let format = OutputFormat(rawValue: text) else {
      let names = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError(.misuse, "--format can't be '\(OutputText.visible(text))'; it must be one of \(names)")
    }
    self.format = format
  }

  /// `--unload-password-from-file X`
  private mutating func takeSecret(_ name: String, _ value: String) {
    for key in SecretKey.allCases where name.hasPrefix("--\(key.rawValue)-from-") {
      let kind = name.dropFirst("--\(key.rawValue)-".count)
      if let source = SecretSource(option: "--" + kind, value: value) { secrets.append((key, source)) }
    }
  }

  private mutating func checkTogether() throws(CommandError) {
    // A rehearsal that asks a real server for its list is none.
    if lab != nil, let server = settings.last(where: { $0.key == .server })?.text, !server.hasPrefix("lab:") {
      throw CommandError(
        .misuse, "--lab is a server of its own, and \(OutputText.visible(server)) another; give one of them")
    }
    if keepsBlanks { secrets = secrets.map { ($0.key, .withBlanks($0.source)) } }
    if !inputs.isEmpty, !words.isEmpty {
      throw CommandError(.misuse, "give -f FILE and -c LINE, or a command, not both")
    }
    if isCheck && inputs.isEmpty { throw CommandError(.misuse, "--check needs -f FILE, or -c LINE") }
  }
}
