/// How old a list, or what else was read of a server, is by the clock that it was taken on.
///
/// One that is dated ahead of that clock is of unknown age: the clock was wrong then, or is now.
package struct ListAge: Sendable, Hashable {
  /// Below zero where it is dated ahead of the clock; nil where no clock can have given that date.
  package let seconds: Double?

  /// Ground for a repair up to this age.
  static let limit = 7 * 86_400.0
  /// So far clocks may differ, and be set right.
  private static let tolerance = 300.0

  /// Both in seconds since 1970.
  package init(of taken: Double, at now: Double) { seconds = TimeText.isDate(taken) ? now - taken : nil }

  package var isUnknown: Bool { !((seconds ?? -.infinity) >= -Self.tolerance) }
  /// No ground for a repair.
  package var isOld: Bool { isUnknown || (seconds ?? 0) > Self.limit }

  /// Behind "list": `of 3 h ago`, or `dated 2 h ahead of this clock, so of unknown age`.
  package var text: String {
    guard let seconds else { return "with a date that can't be, so of unknown age" }
    return isUnknown
      ? "dated \(TimeText.age(-seconds)) ahead of this clock, so of unknown age" : "of \(TimeText.age(seconds)) ago"
  }

  /// Behind "the list": `is 8 d old`.
  var sentence: String {
    guard let seconds else { return "has a date that can't be, so its age is not known" }
    return isUnknown
      ? "is dated \(TimeText.age(-seconds)) ahead of this clock, so its age is not known"
      : "is \(TimeText.age(seconds)) old"
  }
}
