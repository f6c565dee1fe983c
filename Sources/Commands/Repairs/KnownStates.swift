import ApexOne
import Runs

/// What the journal knows of a server's agents when a plan is made: their last results, and which belong to a run that
/// is under way.
struct KnownStates: Sendable {
  private let last: [String: LastResult]
  private let claims: [String: Int]

  init(_ place: ServerPlace, in journal: Journal) throws {
    last = try journal.lastResults(server: place.identity)
    claims = try journal.claims(server: place.identity)
  }

  /// `run 7: failed`; nil where no run held it.
  func text(of name: AgentName) -> String? {
    last[name.key].map { "run \($0.run): \($0.outcome.rawValue)" }
  }

  /// Two runs never work on one endpoint.
  func refusal(of name: AgentName) -> Refusal? {
    claims[name.text.lowercased()].map { Refusal(.busy, "run \($0) is under way and still has it to do") }
  }
}
