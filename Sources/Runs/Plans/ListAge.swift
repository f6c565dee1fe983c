/// How old a list, or what else was read of a server, is by the clock that it was taken on.
///
/// One that is dated ahead of that clock is of unknown age: the clock was wrong then, or is now.
package struct ListAge: Sendable, Hashable {
  /// Below zero where it is dated ahead of the clock; nil where no clock can have given that date.
  package let seconds: Double?

  /// A repair is planned from a list up to this age.
  package static let limit = 7 * 86_400.0
  /// So far clocks may differ, and be set right.
  private static let tolerance = 300.0
  /// What a clock may have given: the years 1 to 9999, seconds since 1970. Files and journals may hold any number.
  package static let dates = -62_135_596_800.0...253_402_300_799.0

  /// Both in seconds since 1970.
  package init(of taken: Double, at now: Double) { seconds = Self.dates.contains(taken) ? now - taken : nil }

  package var isUnknown: Bool { !((seconds ?? -.infinity) >= -Self.tolerance) }
  /// No repair is planned from it, unless a person says so.
  package var isOld: Bool { isUnknown || (seconds ?? 0) > Self.limit }

  /// Throws where what a list says may be long over. One without a date was never taken: plain names.
  package static func check(_ list: ListInQuestion, takenAt date: Double?, at now: Double) throws(PlanningError) {
    guard let age = date.map({ ListAge(of: $0, at: now) }), age.isOld else { return }
    throw .listTooOld(list, age)
  }
}

/// Which list is too old to plan from.
package enum ListInQuestion: Sendable, Hashable {
  /// The server's newest.
  case newest
  /// The one that a plan was made from.
  case ofPlan
  /// The one that a run was planned from.
  case ofRun(Int)
}
