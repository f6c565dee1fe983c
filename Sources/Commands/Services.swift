package import Remote

/// What a way of reaching machines is told when it is opened: everything it needs, nothing it could look up itself.
package struct TransportRequest: Sendable {
  /// The address or template with its scheme: `ssh://admin@apexone.contoso.local/C:/…`, `ssh://{agent}.contoso.local`.
  package var address: String
  package var user: String?
  package var identityFile: String?
  package var password: Secret?
  package var folders: Folders
  package var settings: Settings
  /// Where a person may be asked about a host key; nil where nobody is.
  package var console: (any Console)?
  /// What a logon to the server asks before it sends the password; nil where there is none.
  package var leave: (any PasswordLeave)?

  package init(
    address: String, user: String?, identityFile: String?, password: Secret?, folders: Folders, settings: Settings,
    console: (any Console)? = nil
  ) {
    self.address = address
    self.user = user
    self.identityFile = identityFile
    self.password = password
    self.folders = folders
    self.settings = settings
    self.console = console
  }
}

/// One way of reaching machines, registered under its scheme by the program's main file.
package struct TransportKind: Sendable {
  package let scheme: String
  /// Connections to agents' endpoints; nil where it can't reach any.
  package let endpoints: (@Sendable (TransportRequest) async throws -> any HostConnector)?
  /// A connection to the server; nil where no server can be reached so.
  package let server: (@Sendable (TransportRequest) async throws -> any Host)?
  /// What belongs to a server reached so; nil where its address says everything.
  package let place: (@Sendable (TransportRequest) throws -> ServerPlace)?

  package init(
    scheme: String,
    endpoints: (@Sendable (TransportRequest) async throws -> any HostConnector)? = nil,
    server: (@Sendable (TransportRequest) async throws -> any Host)? = nil,
    place: (@Sendable (TransportRequest) throws -> ServerPlace)? = nil
  ) {
    self.scheme = scheme
    self.endpoints = endpoints
    self.server = server
    self.place = place
  }
}

/// What the program's main file fills in, so that commands know no transport and no lab by name.
package struct Services: Sendable {
  private let transports: [TransportKind]
  package let journals = JournalShelf()
  /// Where ^C goes while a command runs.
  package let bell: InterruptBell
  /// What logons by password go through.
  package let gates = LogonGates()
  /// Runs behind the prompt.
  package let background: BackgroundRuns
  /// From `--lab` and its companions: what `connect lab:` makes.
  package var lab: LabOptions
  /// Host keys: what the commands of `Trust` work with.
  package var trust: TrustServices?

  package init(
    transports: [TransportKind] = [], lab: LabOptions = LabOptions(), bell: InterruptBell = InterruptBell(),
    background: BackgroundRuns = BackgroundRuns(), trust: TrustServices? = nil
  ) {
    self.background = background
    self.bell = bell
    self.lab = lab
    self.trust = trust
    self.transports = transports
  }

  /// The transport for a scheme; an unknown one is an error that lists what there is.
  package func transport(_ scheme: String) throws(CommandError) -> TransportKind {
    if let kind = transports.first(where: { $0.scheme == scheme }) { return kind }
    let known = transports.map(\.scheme).sorted().joined(separator: ", ")
    throw CommandError(.misuse, "no transport '\(scheme)'; there are: \(known.isEmpty ? "none" : known)")
  }
}
