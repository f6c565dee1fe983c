import ApexOne
import Foundation
import Runs

/// What a case can say of its server: read now where it can be reached, else what was learned before.
struct ServerKnowledge: Sendable {
  var facts: ServerFacts?
  /// Only where it was read now.
  var certificate: AuthenticationCertificate?
  /// Only where it was read now.
  var redactedINI: String?
  /// What the case's reader must know of it, a sentence each.
  var notes: [String] = []

  /// - Parameter failure: why the server could not be reached a moment ago; it is not tried again then, so that no
  ///   password is offered twice.
  static func gather(
    _ place: ServerPlace?, _ journal: Journal, failure: String?, in invocation: Invocation
  ) async throws -> ServerKnowledge {
    guard let place else { return ServerKnowledge() }
    if let failure { return try cached(place, journal, failure) }
    do {
      let reading = try await ServerFactsReader.read(place, in: invocation)
      return ServerKnowledge(
        facts: reading.facts, certificate: reading.certificate, redactedINI: reading.redactedINI,
        notes: [reading.facts.certificateProblem, reading.facts.toolsProblem].compactMap(\.self))
    } catch {
      if error is JournalError || error is CancellationError || Task.isCancelled { throw error }
      return try cached(place, journal, RenderedError(error).message)
    }
  }

  private static func cached(_ place: ServerPlace, _ journal: Journal, _ failure: String) throws -> ServerKnowledge {
    let known = try journal.facts(server: place.identity)
    let source = known.map { "what is said of it was read on \(TimeText.rfc3339($0.at))" } ?? "nothing is known of it"
    return ServerKnowledge(
      facts: known.flatMap { ServerFacts(json: $0.json) },
      notes: ["the server could not be read (\(failure)); \(source)"])
  }

  /// As the summary names it.
  var certificateRecord: CertificateRecord? {
    certificate.map { CertificateRecord($0) }
      ?? facts?.certificate.map { known in
        CertificateRecord(
          subject: known.subject, serial: known.serial, sha256: known.sha256,
          notBefore: Date(timeIntervalSince1970: known.notBefore),
          notAfter: Date(timeIntervalSince1970: known.notAfter))
      }
  }
}
