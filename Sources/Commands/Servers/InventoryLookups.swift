import ApexOne
import Foundation
package import Runs

/// What Tab knows of one server: names by state, domains, runs, cases. Made once, immutable.
struct InventoryLookups: CompletionSnapshot {
  private static let mismatched: UInt8 = 1
  private static let endangered: UInt8 = 2
  private let index: NameIndex
  let domains: [String]
  let runs: [LookupCandidate]
  let cases: [LookupCandidate]
  var contexts: [String] { [] }

  init(_ inventory: Inventory, _ journal: Journal) throws {
    let endangered = Set(inventory.endangered.map(\.name))
    index = NameIndex(inventory.roster.agents.map(\.name) + inventory.endangeredBeyondList.map(\.name)) { name in
      (inventory.isMismatched(name) ? InventoryLookups.mismatched : 0)
        | (endangered.contains(name) ? InventoryLookups.endangered : 0)
    }
    var seen: Set<String> = []
    domains = inventory.roster.agents.prefix(20_000).compactMap(\.domain).filter { seen.insert($0).inserted }.sorted()
    runs = try journal.runs(limit: 100).map {
      LookupCandidate("\($0.number)", "\($0.remedy.rawValue), \($0.planned) agents, \($0.state.rawValue)")
    }
    cases = try journal.cases().prefix(100).map {
      LookupCandidate("\($0.number)", $0.closed == nil ? "open" : "closed")
    }
  }

  func agents(prefix: String, preferring set: String?, limit: Int) -> (candidates: [LookupCandidate], total: Int) {
    let matches = index.matches(prefix)
    let tag = tag(of: set, in: matches)
    let candidates = matches.first(limit, tagged: tag).map {
      LookupCandidate($0.text, Self.description(of: $0.tag))
    }
    return (candidates, tag == 0 ? matches.count : matches.count(tagged: tag))
  }

  private static func description(of tag: UInt8) -> String {
    let words = [tag & mismatched != 0 ? "mismatched" : nil, tag & endangered != 0 ? "NOT KNOWN TO BE PROTECTED" : nil]
    return words.compactMap(\.self).joined(separator: ", ")
  }

  func agentsPrefix(_ prefix: String, preferring set: String?) -> String? {
    let matches = index.matches(prefix)
    return matches.commonPrefix(tagged: tag(of: set, in: matches))
  }

  /// The tag that names must have: that of the set, where any name here is in it.
  private func tag(of set: String?, in matches: NameIndex.Matches) -> UInt8 {
    guard set == "mismatched", !matches.first(1, tagged: Self.mismatched).isEmpty else { return 0 }
    return Self.mismatched
  }
}

extension Invocation {
  /// What Tab and the prompt know before anything is asked of the server: the newest list in the journal; without a
  /// server, the one that was read without. Makes no journal, reaches no machine; where something is amiss the command
  /// that needs it says so.
  package func loadLookups() async {
    var looking = self
    looking.isLooking = true
    let place = settings.server == nil ? nil : try? place()
    guard settings.server == nil || place != nil, hasJournal(of: place),
      let journal = try? looking.journal(of: place),
      let inventory = try? looking.inventory(of: place?.identity ?? "", in: journal)
    else { return }
    await show(inventory, journal)
  }

  /// The same for a server that has just become, or ceased to be, the current one: what was known of another goes.
  package func reloadLookups() async {
    if isOneShot { return }
    await state.setLookups(EmptySnapshot())
    await state.setPromptNote(nil)
    var now = self
    now.settings = await state.settings
    await now.loadLookups()
  }

  private func hasJournal(of place: ServerPlace?) -> Bool {
    let name = place?.journal ?? ServerPlace.journalName
    return FileManager.default.fileExists(atPath: name.hasPrefix("/") ? name : folders.state + "/" + name)
  }

  private func show(_ inventory: Inventory, _ journal: Journal) async {
    guard let lookups = try? InventoryLookups(inventory, journal) else { return }
    await state.setLookups(lookups)
    let mismatched = inventory.list == nil ? nil : "\(NumberText.grouped(inventory.mismatched.count)) mismatched"
    let parts = [mismatched, DangerText(inventory.endangered).promptNote].compactMap(\.self)
    await state.setPromptNote(parts.isEmpty ? nil : parts.joined(separator: ", "))
  }

  private func isCurrent(_ place: ServerPlace?) async -> Bool {
    var now = self
    now.settings = await state.settings
    guard now.settings.server != nil else { return place == nil }
    return (try? now.place())?.identity == place?.identity
  }

  /// Makes what Tab and the prompt show of the current server anew; nil is no server.
  package func refreshLookups(_ place: ServerPlace?, _ known: Inventory? = nil) async throws {
    // Nobody will press Tab in a process that ends now.
    if isOneShot { return }
    // A run behind the prompt may end when the session has moved on to another server.
    if isBackground, await !isCurrent(place) { return }
    let journal = try journal(of: place)
    let inventory = try known ?? inventory(of: place?.identity ?? "", in: journal)
    await show(inventory, journal)
  }
}
