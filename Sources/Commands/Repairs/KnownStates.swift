import ApexOne
import Runs

/// What runs did with a server's agents: for a plan that is written, and for one that is read. A plan that is carried out
/// at once needs none of it.
struct KnownResults: Sendable {
  private let last: [String: LastResult]

  init(_ place: ServerPlace, in journal: Journal) throws { last = try journal.lastResults(server: place.identity) }

  /// `run 7: failed`; nil where no run held it.
  func text(of name: AgentName) -> String? {
    last[name.key].map { "run \($0.run): \($0.outcome.rawValue)" }
  }
}

/// Which agents belong to a run that is under way: two runs never work on one endpoint.
struct RunClaims: Sendable {
  private let claims: [String: Int]

  init(_ place: ServerPlace, in journal: Journal) throws { claims = try journal.claims(server: place.identity) }

  func refusal(of name: AgentName) -> Refusal? {
    claims[name.key].map { Refusal(.busy, "run \($0) is under way and still has it to do") }
  }
}
