/// Durations as people write them: a bare number is seconds, else `15s`, `5m`, `2h`, `3d`.
package enum DurationText {
  private static let units: [(suffix: Character, seconds: Int64)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]

  /// Ten years.
  package static let longest = Duration.seconds(3_653 * 86_400)

  /// Nil where it is no duration, or over the longest.
  package static func parse(_ text: String) -> Duration? {
    var digits = Substring(text)
    var scale: Int64 = 1
    if let last = text.last, let unit = units.first(where: { $0.suffix == last }) {
      digits = digits.dropLast()
      scale = unit.seconds
    }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let count = Int64(digits) else {
      return nil
    }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: scale)
    guard !overflow, .seconds(seconds) <= longest else { return nil }
    return .seconds(seconds)
  }

  /// The shortest form that says the same: `300` seconds is `5m`.
  package static func format(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    for unit in units where seconds != 0 && seconds % unit.seconds == 0 {
      return "\(seconds / unit.seconds)\(unit.suffix)"
    }
    return "\(seconds)s"
  }
}
