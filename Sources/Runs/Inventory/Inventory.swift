package import ApexOne

/// The agents known of one server: its newest list, and what runs learned since. What selections are evaluated against.
package struct Inventory: Sendable {
  /// The server's identity; empty for a list read without a server.
  package let server: String
  /// Nil where no list was taken yet.
  package let list: ListRecord?
  /// The list itself; nil where there is none.
  package let mismatches: MismatchList?
  package let roster: AgentRoster
  /// Keys of agents that a run proved since the list was taken, with the server's certificate of now.
  package let proved: Set<String>
  /// Keys of agents whose newest proof since then is with another certificate than the server's.
  package let provedWithAnother: Set<String>
  /// What is to be said beside `proved`; nil where it is proved with the server's own certificate.
  package let provedNote: String?
  /// Endpoints that are not known to be well since something was wrong there, in the list or not.
  package let endangered: [EndangeredEndpoint]
  private let dangers: [String: EndangeredEndpoint]
  private let journal: Journal?
  private let readLines: @Sendable (String) throws(SelectionUnavailable) -> [String]

  /// The newest list in the journal, read anew from its raw bytes.
  /// - Parameters:
  ///   - parsed: a list that was just read and kept, with its number: spares reading it again.
  ///   - readLines: reads the lines of an `@file:`.
  package init(
    journal: Journal, server: String, parsed: (list: MismatchList, number: Int)? = nil,
    readLines: @escaping @Sendable (String) throws(SelectionUnavailable) -> [String]
  ) throws {
    let list = try journal.lists(server: server, limit: 1).first
    let mismatches = try list.map { list in
      if let parsed, parsed.number == list.number { return parsed.list }
      return try MismatchList(try journal.bytes(ofList: list.number), hostColumn: list.hostColumn)
    }
    self.server = server
    self.list = list
    self.mismatches = mismatches
    self.journal = journal
    self.readLines = readLines
    roster = mismatches?.roster ?? AgentRoster([])
    let proofs = try list.map { try journal.proofs(since: $0) } ?? [:]
    let current = proofs.isEmpty ? nil : try journal.serverCertificate(of: server)?.sha256
    proved = Set(proofs.lazy.filter { current == nil || $0.value == current }.map(\.key))
    provedWithAnother = Set(proofs.keys).subtracting(proved)
    provedNote =
      current != nil || proofs.isEmpty
      ? nil : "proved means: with the certificate that was deployed; the server's own is not known"
    endangered = try journal.endangered(server: server)
    endangeredBeyondList = try Inventory.beyond(roster, endangered, server, journal)
    dangers = Dictionary(endangered.map { ($0.name.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static let olderLists = 2

  /// What was in no run's plan had its address in an older list.
  private static func beyond(
    _ roster: AgentRoster, _ endangered: [EndangeredEndpoint], _ server: String, _ journal: Journal
  ) throws -> [Agent] {
    var agents = endangered.filter { roster.place(of: $0.name) == nil }.map {
      Agent(name: $0.name, address: $0.address)
    }
    guard agents.contains(where: { $0.address == nil }) else { return agents }
    for list in try journal.lists(server: server, limit: 1 + olderLists).dropFirst() {
      // An older list that can't be read any more tells nothing.
      guard let bytes = try? journal.bytes(ofList: list.number),
        let older = try? MismatchList(bytes, hostColumn: list.hostColumn)
      else { continue }
      for (place, agent) in agents.enumerated() where agent.address == nil {
        if let found = older.roster.agent(named: agent.name) {
          agents[place] = Agent(name: agent.name, address: found.address, domain: found.domain)
        }
      }
    }
    return agents
  }

  /// Agents of the list that no run has proved since, in list order.
  package var mismatched: [Agent] {
    proved.isEmpty ? roster.agents : roster.agents.filter { !proved.contains($0.name.key) }
  }

  /// What is wrong at an agent's endpoint; nil where nothing is known to be.
  package func danger(of name: AgentName) -> EndangeredEndpoint? { dangers[name.key] }

  /// Endangered ones that the newest list does not hold, with the last address that is known of each.
  package let endangeredBeyondList: [Agent]

  package func isMismatched(_ name: AgentName) -> Bool {
    roster.place(of: name) != nil && !proved.contains(name.key)
  }
}

extension Inventory: SelectionUniverse {
  package func names(in set: SelectionSet) throws(SelectionUnavailable) -> [AgentName] {
    switch set {
    case .mismatched:
      guard list != nil else { throw SelectionUnavailable("there is no list yet; run list-mismatched first") }
      return mismatched.map(\.name)
    case .unprotected: return endangered.filter { $0.isUnprotected || $0.doubtfulRun != nil }.map(\.name)
    case .noAgent: return endangered.filter(\.hasNoAgent).map(\.name)
    case .outcome(let outcome, let run):
      return try names(with: outcome, run: run)
    }
  }

  private func names(with outcome: Outcome, run wanted: Int?) throws(SelectionUnavailable) -> [AgentName] {
    do {
      guard let journal else { return [] }
      let record = try wanted.map { try journal.run($0) } ?? journal.runs(server: server, limit: 1).first
      guard let record else {
        throw SelectionUnavailable(
          wanted.map { "there is no run \($0); see: list runs" }
            ?? "no run of this server yet, so @\(outcome.rawValue) holds nothing to name")
      }
      guard record.server == server else {
        throw SelectionUnavailable("run \(record.number) was of another server (\(record.server))")
      }
      return try journal.results(ofRun: record.number).filter { $0.outcome == outcome }
        .compactMap { AgentName($0.name) }
    } catch let error as SelectionUnavailable {
      throw error
    } catch {
      throw SelectionUnavailable("\(error)")
    }
  }

  /// They are agents of the inventory for as long as nothing proves them well.
  package var knownBeyondRoster: [Agent] { endangeredBeyondList }

  package func lines(ofFile path: String) throws(SelectionUnavailable) -> [String] { try readLines(path) }
}
