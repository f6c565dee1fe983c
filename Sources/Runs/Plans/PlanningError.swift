package import ApexOne

/// Why a repair can't be planned, or a plan not be carried out. Nothing was touched. Whoever shows it words it.
package enum PlanningError: Error, Sendable, Hashable {
  /// The server has none that can be deployed; with the reason, where one is known.
  case noCertificate(String?)
  /// The certificate to deploy; seconds since 1970.
  case certificateExpired(serial: String, at: Double)
  case certificateNotYetValid(serial: String, from: Double)
  /// The certificate to deploy is not the server's own, and nobody allowed that. It is a case's, or else the setting's.
  case otherCertificate(serial: String, own: String, ofCase: Int?)
  case productUnknown
  /// Neither the server nor a person told it.
  case targetUnknown(ServerTarget.Value)
  /// Neither is there one nor did a person say that the agents have none.
  case noUnloadPassword
  /// The product's tool can't do what is asked for.
  case remedy(RemedyError)
  case listTooOld(ListInQuestion, ListAge)
  /// A plan that was made from a list and does not say when that was taken.
  case planWithoutDate
  /// A plan for that server can't be carried out at this one.
  case planOfOtherServer(String, here: String)
  /// The same plan made now would do something else: a sentence a difference.
  case changed(since: PlanMoment, [String])
  /// Runs had some of its agents since the plan was made: how many, the first of them, and what is known of that now.
  case newResults(count: Int, first: AgentName, now: LastResult?)
  /// The plan refuses each of its agents.
  case allRefused
  /// What was given is neither the plan's count nor its digest.
  case notConfirmed(given: String, count: Int, digest: String)
  /// None of those that were to go first is among the agents that the plan would repair.
  case noCanary
  case noSuchRun(Int)
  case runOfOtherServer(Int, String)
}

/// When a plan was what a person had seen.
package enum PlanMoment: String, Sendable, Hashable { case planned, confirmed }
