import ApexOne
import Remote
import Runs

/// What became of the certificate that a run had left on an agent.
struct CertificateProof: Sendable, Hashable {
  /// Against what the run deployed; nil where the endpoint could not be looked at.
  let verdict: CertificateVerdict?
  /// The required services run; nil where that is not known, or no agent is installed.
  let protected: Bool?
  let cause: Cause?
  let detail: String?

  /// As the run left it.
  var holds: Bool { verdict == .equal && protected == true }

  /// What it is counted as: `equal`, `equal: services-stopped`, `unreachable`.
  var label: String { [verdict?.rawValue, cause?.rawValue].compactMap(\.self).joined(separator: ": ") }

  /// - Parameter deployed: SHA-256 of the certificate that the run deployed. The look may have been against another one,
  ///   the server's own of now.
  init(_ facts: AgentFacts, deployed: String) {
    let (verdict, fault) = CertificateProof.verdict(facts, deployed)
    self.verdict = verdict
    protected = facts.isProtected
    let services: (cause: Cause, text: String)? =
      switch facts.isProtected {
      case false?: (.servicesStopped, "not protected: \(facts.stoppedServices)")
      case nil where facts.isInstalled: (.servicesUnproved, Cause.servicesUnproved.meaning)
      default: nil
      }
    cause = !facts.isInstalled ? .noAgent : verdict == .unreadable ? .certificateUnreadable : services?.cause
    let parts = [fault, services?.text].compactMap(\.self)
    detail = parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private static func verdict(_ facts: AgentFacts, _ deployed: String) -> (CertificateVerdict, fault: String?) {
    guard facts.isInstalled else { return (.absent, "no agent is installed") }
    switch facts.certificate {
    case nil: return (.unreadable, "its certificate could not be read: the agent's folder is not known")
    case .absent: return (.absent, CertificateVerdict.absent.meaning)
    case .unreadable: return (.unreadable, CertificateVerdict.unreadable.meaning)
    case _ where facts.certificateSHA256 == deployed: return (.equal, nil)
    case .equal: return (.renewed, "it is the certificate that the server has now, not the one that the run deployed")
    case .renewed: return (.renewed, CertificateVerdict.renewed.meaning)
    case .other: return (.other, CertificateVerdict.other.meaning)
    }
  }

  /// Another machine answers under the agent's name: nothing of it is the agent's. Nil where it is the agent's.
  init?(otherMachine facts: AgentFacts, _ agent: String, _ expected: LookExpectations) {
    guard case .refuse(let cause, let text)? = LookVerdict.machine(facts.machine, agent, expected) else { return nil }
    (verdict, protected, self.cause, detail) = (nil, nil, cause, text)
  }

  /// It could not be looked at: no connection, no trust, no logon, no rights.
  init(_ error: RemoteError) {
    (verdict, protected, cause, detail) = (nil, nil, Cause(error), error.message)
  }
}
