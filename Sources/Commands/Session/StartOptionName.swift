/// The start options, which stand before the command: their names, and whether a value follows. The one table that the
/// program's own parser, its help and completion read.
package struct StartOptionName: Sendable, Hashable {
  package let name: String
  /// `FILE`, or nil for a flag.
  package let value: String?
  package let help: String
  package let completion: CommandCompletion?

  private init(_ name: String, _ value: String?, _ help: String, _ completion: CommandCompletion? = nil) {
    self.name = name
    self.value = value
    self.help = help
    self.completion = completion
  }

  package static let all: [StartOptionName] =
    [
      StartOptionName("--context", "NAME", "start with this saved context", .context),
      StartOptionName("--server", "ADDRESS", "the server"),
      StartOptionName("--set", "KEY=VALUE", "a setting; may be repeated; takes no secrets"),
      StartOptionName("--lab", nil, "work with a simulated server and fleet"),
      StartOptionName("--agents", "N", "endpoints of the lab (200)"),
      StartOptionName("--faults", "RECIPE", "what goes wrong in the lab: none, typical, or a recipe's name"),
      StartOptionName("--seed", "N", "the lab's seed (1)"),
      StartOptionName("--lab-dir", "DIR", "keep the lab's state in this folder", .folder),
      StartOptionName("--state-dir", "DIR", "the state folder: journal, history", .folder),
      StartOptionName("--config-dir", "DIR", "the config folder: contexts", .folder),
      StartOptionName("-f", "FILE", "run a command file; may be repeated", .file),
      StartOptionName("-c", "LINE", "run one line; may be repeated"),
      StartOptionName("--check", nil, "with -f and -c: report every mistake, run nothing"),
      StartOptionName("--keep-going", nil, "go on after a line that failed; the largest code is returned"),
      StartOptionName("--var", "NAME=VALUE", "a variable for ${NAME}; may be repeated"),
      StartOptionName("--format", "FORMAT", "the form of results: table, json, csv, tsv"),
      StartOptionName("--no-color", nil, "no colours"),
      StartOptionName("--version", nil, "show the version"),
      StartOptionName("--help", nil, "show this help"),
    ]
    + SecretKey.allCases.flatMap { key in
      [
        StartOptionName("--\(key.rawValue)-from-file", "FILE", "read the \(key.rawValue) from a file", .file),
        StartOptionName("--\(key.rawValue)-from-env", "VARIABLE", "read it from a variable"),
        StartOptionName("--\(key.rawValue)-from-command", "COMMAND", "read it from a command's output"),
      ]
    }
    + [
      StartOptionName(
        SecretSource.blanksOption, nil, "blanks at the ends of secrets that are read so belong to them")
    ]

  package static func takesValue(_ word: String) -> Bool { all.contains { $0.name == word && $0.value != nil } }
}
