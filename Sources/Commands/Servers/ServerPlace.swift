package import ApexOne
package import Remote
package import Runs

/// A server as the settings name it: who it is and what belongs to it, before anything is connected.
package struct ServerPlace: Sendable {
  package var address: ServerAddress
  /// What the journal knows it by.
  package var identity: String
  package var layout: ServerLayout
  /// The time that its runs live on.
  package var clock: any Timekeeper
  /// The file name of its journal in the state folder, or a full path.
  package var journal: String
  /// Secrets that come with it, for those that were not given.
  package var secrets: [SecretKey: Secret]
  package var user: String?
  /// The transport that reaches its endpoints where none was set.
  package var transport: String?
  /// Nothing real is touched there: its runs are rehearsals, in a time of their own.
  package var isRehearsal: Bool
  /// Called once when its journal is opened.
  package var prepare: @Sendable (Journal) throws -> Void

  package init(
    address: ServerAddress, identity: String, layout: ServerLayout, clock: any Timekeeper = WallClock(),
    journal: String = ServerPlace.journalName, secrets: [SecretKey: Secret] = [:], user: String? = nil,
    transport: String? = nil, isRehearsal: Bool = false,
    prepare: @escaping @Sendable (Journal) throws -> Void = { _ in }
  ) {
    self.address = address
    self.identity = identity
    self.layout = layout
    self.clock = clock
    self.journal = journal
    self.secrets = secrets
    self.user = user
    self.transport = transport
    self.isRehearsal = isRehearsal
    self.prepare = prepare
  }

  package static let journalName = "journal.sqlite"

  /// One that its address says everything about.
  package init(_ address: ServerAddress) throws(CommandError) {
    guard let layout = address.layout else {
      throw CommandError(.misuse, "the address \(address.identity) names no PCCSRV folder")
    }
    self.init(address: address, identity: address.identity, layout: layout)
  }
}
