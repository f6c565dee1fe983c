import ApexOne
import Runs

/// What runs of one server did with one agent, and the newest that was seen at its endpoint.
struct AgentHistory: Sendable {
  struct Entry: Sendable {
    var run: RunRecord
    var result: AgentResult
  }

  /// Newest run first.
  let entries: [Entry]
  /// Whoever looked; nil where nobody did.
  let inspection: Inspection?

  init(of name: AgentName, server: String, in journal: Journal) throws(JournalError) {
    entries = try journal.results(ofAgent: name.key, server: server).map { Entry(run: $0.run, result: $0.result) }
    inspection = try journal.inspection(ofAgent: name.key, server: server)
  }
}
