import ApexOne
import Runs

/// What runs of one server did with one agent, and what they saw of its certificate.
struct AgentHistory: Sendable {
  struct Entry: Sendable {
    var run: RunRecord
    var result: AgentResult
  }

  /// The agent's certificate as a run saw it last, or left it.
  struct SeenCertificate: Sendable {
    /// Against the certificate that the run deployed.
    var verdict: CertificateVerdict
    /// Lower-case hex; nil where no certificate was there.
    var sha256: String?
    var run: Int
    /// Seconds since 1970.
    var at: Double
  }

  /// Newest run first.
  let entries: [Entry]
  let certificate: SeenCertificate?

  init(of name: AgentName, server: String, in journal: Journal) throws(JournalError) {
    entries = try journal.results(ofAgent: name.key, server: server).map { Entry(run: $0.run, result: $0.result) }
    var seen: SeenCertificate?
    for entry in entries where seen == nil { seen = try AgentHistory.seen(in: entry, journal) }
    certificate = seen
  }

  private static func seen(in entry: Entry, _ journal: Journal) throws(JournalError) -> SeenCertificate? {
    let events = try journal.events(ofRun: entry.run.number, position: entry.result.position)
    guard let look = events.last(where: { $0.step == "looked" && !$0.isIntent }) else { return nil }
    if entry.result.outcome.isGood {
      return SeenCertificate(
        verdict: .equal, sha256: try journal.certificateSHA256(ofRun: entry.run.number), run: entry.run.number,
        at: events.last?.at ?? look.at)
    }
    guard let facts = look.detail.flatMap(AgentFacts.init(line:)), let verdict = facts.certificate else { return nil }
    return SeenCertificate(
      verdict: verdict, sha256: facts.certificateSHA256, run: entry.run.number, at: look.at)
  }
}
