import ApexOne
import Remote
import Runs

/// The inventory that a looking command works on, with what belongs to it.
struct KnownAgents: Sendable {
  /// Nil for a list that was read without a server.
  let place: ServerPlace?
  let journal: Journal
  let inventory: Inventory

  /// The inventory of the current server. Where it has no list yet, one is taken first, and said so, if `takesList`.
  /// Without a server, the list that was read without one.
  static func read(takesList: Bool, in invocation: Invocation) async throws -> KnownAgents {
    guard invocation.settings.server != nil else { return try withoutServer(invocation) }
    let place = try invocation.place()
    let inventory = try await takesList ? invocation.listedInventory(place) : invocation.inventory(place)
    return KnownAgents(place: place, journal: try invocation.journal(of: place), inventory: inventory)
  }

  private static func withoutServer(_ invocation: Invocation) throws -> KnownAgents {
    let journal = try invocation.journal(of: nil)
    let inventory = try invocation.inventory(of: "", in: journal)
    // Says how to name a server.
    if inventory.list == nil { _ = try invocation.place() }
    return KnownAgents(place: nil, journal: journal, inventory: inventory)
  }

  var date: Double { place?.clock.date ?? TimeText.now }

  /// `list of 3 h ago`; nil where there is no list.
  var listAge: String? { inventory.list.map { "list \(ListAge(of: $0.at, at: date).text)" } }

  /// The same with what was seen since it was read.
  func again(in invocation: Invocation) throws -> KnownAgents {
    let list = self.inventory.list.flatMap { list in self.inventory.mismatches.map { ($0, list.number) } }
    let inventory = try invocation.inventory(of: self.inventory.server, in: journal, parsed: list)
    return KnownAgents(place: place, journal: journal, inventory: inventory)
  }

  /// `no-agent`, `unprotected`, `perhaps-unprotected`, until an inspection proves it well; else `mismatched`, `proved`, or
  /// `proved-other` (with another certificate than the server's); nil for an agent that no list holds.
  func state(of name: AgentName) -> String? {
    if let danger = inventory.danger(of: name) { return danger.state }
    guard inventory.roster.place(of: name) != nil else { return nil }
    if inventory.provedWithAnother.contains(name.key) { return "proved-other" }
    return inventory.isMismatched(name) ? "mismatched" : "proved"
  }
}
