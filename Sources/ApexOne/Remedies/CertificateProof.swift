/// What an agent's certificate did over a repair.
struct CertificateProof {
  let before: AgentFacts
  let looks: [AgentFacts]
  let last: AgentFacts

  /// Nil where the last look shows the server's certificate.
  func problem() -> ProofDecision? {
    switch last.certificate {
    case .equal: return nil
    case nil:
      return ProofDecision(
        .unproved, .certificateUnreadable, "the agent's certificate could not be looked at afterwards")
    case let now? where wasEqualSince:
      return ProofDecision(
        .failed, .certificateChanged, "the certificate was right and did not stay so: \(now.meaning)")
    case let now? where isUnchanged(now):
      return ProofDecision(.failed, .toolHadNoEffect, "the tool ran, and still \(now.meaning)")
    case .unreadable?:
      return ProofDecision(
        .unproved, .certificateUnreadable, "the agent's certificate file could not be read as one afterwards")
    case let now?:
      return ProofDecision(
        .failed, .certificateChanged, "the certificate changed, but not to the right one: \(now.meaning)")
    }
  }

  private var wasEqualSince: Bool { looks.contains { $0.certificate == .equal } }

  private func isUnchanged(_ now: CertificateVerdict) -> Bool {
    guard now == before.certificate else { return false }
    // Without both hashes, the same verdict is all there is to go by.
    guard let old = before.certificateSHA256, let new = last.certificateSHA256 else { return true }
    return old == new
  }
}
