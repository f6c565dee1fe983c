package import ApexOne

// What may have made a plan wrong since it was made.
extension Plan {
  /// Looks at a plan of a file before it is made again: whose it is, and how old what it was made from.
  ///
  /// - Parameters:
  ///   - server: the identity of the server that it is to be carried out at.
  ///   - date: seconds since 1970.
  ///   - anyAge: a person takes a list of any age.
  package func checkOrigin(server: String, at date: Double, anyAge: Bool) throws(PlanningError) {
    guard self.server == server else { throw .planOfOtherServer(self.server, here: server) }
    if anyAge { return }
    guard listTaken != nil || recipe?.withoutList == true else { throw .planWithoutDate }
    try ListAge.check(.ofPlan, takenAt: listTaken, at: date)
  }

  /// Throws where this plan, made anew, would not do the same as `old`, which a person had planned or confirmed.
  package func checkSame(as old: Plan, since moment: PlanMoment) throws(PlanningError) {
    let found = differences(from: old)
    if !found.isEmpty { throw .changed(since: moment, found) }
  }

  /// Throws where runs had agents that it would repair, since it was made.
  package func checkResults(_ known: KnownResults) throws(PlanningError) {
    let changed = agents.compactMap { agent -> AgentName? in
      guard agent.refusal == nil, let name = AgentName(agent.name) else { return nil }
      return known.text(of: name) == agent.known ? nil : name
    }
    if let first = changed.first { throw .newResults(count: changed.count, first: first, now: known[first]) }
  }
}

extension Journal {
  /// The plan of a run of that server.
  ///
  /// - Throws: `PlanningError` where there is none, `JournalError`.
  package func plan(ofRun number: Int, server: String) throws -> Plan {
    guard let record = try run(number), let plan = try plan(ofRun: number) else {
      throw PlanningError.noSuchRun(number)
    }
    guard record.server == server else { throw PlanningError.runOfOtherServer(number, record.server) }
    return plan
  }

  /// The names of those tools of a server that are not the files that the last run deployed.
  package func changedTools(_ tools: [PlannedFile], server: String) throws(JournalError) -> [String] {
    let known = try self.tools(server: server)
    return tools.filter { file in known[file.name].map { $0.sha256 != file.sha256 } ?? false }.map(\.name)
  }
}

/// What runs did with a server's agents: for a plan that is written, and for one that is read. A plan that is carried out
/// at once needs none of it.
package struct KnownResults: Sendable {
  private let last: [String: LastResult]

  package init(server: String, in journal: Journal) throws(JournalError) {
    last = try journal.lastResults(server: server)
  }

  package subscript(_ name: AgentName) -> LastResult? { last[name.key] }

  /// As plans keep it: `run 7: failed`; nil where no run held it.
  package func text(of name: AgentName) -> String? { self[name]?.text }
}

extension LastResult {
  /// `run 7: failed`
  package var text: String { "run \(run): \(outcome.rawValue)" }
}

/// Which agents belong to a run that is under way: two runs never work on one endpoint.
package struct RunClaims: Sendable {
  private let claims: [String: Int]

  package init(server: String, in journal: Journal) throws(JournalError) { claims = try journal.claims(server: server) }

  package func refusal(of name: AgentName) -> Refusal? {
    claims[name.text.lowercased()].map { Refusal(.busy, "run \($0) is under way and still has it to do") }
  }
}

extension Outcome {
  /// A new run tries agents again that ended so: what was never begun is for the same run, carried on.
  package var isTriedAgain: Bool { [.failed, .unproved, .denied, .unreachable].contains(self) }
}
