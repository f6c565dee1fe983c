/// A plan that a person confirmed. Nothing else is carried out.
package struct ConfirmedPlan: Sendable {
  package let plan: Plan
  /// What was typed or given.
  package let words: String

  /// - Throws: where no agent is left to be repaired, or `words` are neither the count of those nor the plan's digest.
  package init(_ plan: Plan, by words: String) throws(PlanningError) {
    guard plan.count > 0 else { throw .allRefused }
    guard words == "\(plan.count)" || words == plan.digest else {
      throw .notConfirmed(given: words, count: plan.count, digest: plan.digest)
    }
    self.plan = plan
    self.words = words
  }
}
