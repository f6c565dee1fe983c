/// Everything that a command may use while it runs: a value, taken when the command starts. A run in the background
/// keeps the snapshot that it was confirmed with.
package struct Invocation: Sendable {
  package var settings: Settings
  package var secrets: SecretVault
  package var console: any Console
  package var format: OutputFormat
  package var folders: Folders
  package var services: Services
  package var registry: CommandRegistry
  /// The one place where settings change; only the commands of `Contexts` and `connect` need it.
  package var state: ShellState
  /// What lookups complete from.
  package var lookups: any CompletionSnapshot
  /// The process ends after this one command (`apexsh set …`): a changed setting is of no use to anything.
  package var isOneShot: Bool
  /// Where a line that ended in `&` leaves its run; nil for others.
  package var ticket: BackgroundTicket?
  /// The command only looks: it works where nothing can be written.
  package var isLooking = false
  /// Says what a look could not keep.
  package let unkept = UnkeptNote()
  /// The words of the command as typed, secrets as dots: for the journal.
  package var words: [String]
  /// The lists behind `@file:` that it has read.
  package let lines = LinesFiles()
  /// What only the shell can do (leave, read another file).
  package var shell: any ShellActions

  package init(
    settings: Settings, secrets: SecretVault, console: any Console, format: OutputFormat, folders: Folders,
    services: Services, registry: CommandRegistry, state: ShellState, lookups: any CompletionSnapshot,
    isOneShot: Bool, ticket: BackgroundTicket? = nil, words: [String], shell: any ShellActions
  ) {
    self.settings = settings
    self.secrets = secrets
    self.console = console
    self.format = format
    self.folders = folders
    self.services = services
    self.registry = registry
    self.state = state
    self.lookups = lookups
    self.isOneShot = isOneShot
    self.ticket = ticket
    self.words = words
    self.shell = shell
  }

  /// The line ended in `&`.
  package var isBackground: Bool { ticket != nil }

  /// Opens a stream of rows in the format asked for.
  package func rows(_ columns: [ResultColumn]) -> RowWriter {
    RowWriter(columns, format: format, to: console)
  }

  /// Shows one thing as `key: value` lines, or as one object or row in the other formats.
  package func details(_ pairs: [(String, ResultValue)]) throws {
    try DetailWriter.write(pairs, format: format, to: console)
  }
}

/// What a command asks of the shell that runs it.
package protocol ShellActions: Sendable {
  /// The session ends after this line.
  func leave()
  /// Runs a command file now, inside this session.
  func source(_ path: String) async throws -> ExitCode
  /// Candidates for a line, as Tab would offer them. `cursor` in UTF-8 bytes from the start.
  func complete(line: String, cursor: Int) async -> LookupResult
}
