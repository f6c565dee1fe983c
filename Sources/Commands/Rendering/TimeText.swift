import Foundation
import Runs

/// Times as people and programs read them; always UTC.
package enum TimeText {
  /// Seconds since 1970, on the wall clock.
  package static var now: Double { Date().timeIntervalSince1970 }

  /// RFC 3339: `2026-11-23T22:05:00Z`. `seconds` since 1970.
  package static func rfc3339(_ seconds: Double) -> String {
    let whole = whole(seconds)
    let (day, rest) = split(whole)
    return "\(date(day))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }

  /// `2033-12-31`
  package static func date(_ seconds: Double) -> String { date(split(whole(seconds)).day) }

  /// Whole seconds since 1970, within the years that can be written.
  private static func whole(_ seconds: Double) -> Int {
    Int(clamping: min(max(seconds, ListAge.dates.lowerBound), ListAge.dates.upperBound).rounded(.down))
  }

  /// The two largest units: `45 s`, `5 min`, `3 h 20 min`, `9 d`.
  package static func age(_ seconds: Double) -> String {
    let seconds = max(0, Int(clamping: seconds.rounded()))
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3_600: return "\(seconds / 60) min"
    case ..<172_800:
      let minutes = seconds / 60 % 60
      return "\(seconds / 3_600) h" + (minutes == 0 ? "" : " \(minutes) min")
    default: return "\(seconds / 86_400) d"
    }
  }

  private static func split(_ seconds: Int) -> (day: Int, rest: Int) {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    return (day, seconds - day * 86_400)
  }

  /// The Gregorian date of a day since 1970, by the usual count of 400-year eras from 1 March of year 0.
  private static func date(_ day: Int) -> String {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * ofYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let text = String(year)
    return String(repeating: "0", count: max(0, 4 - text.count)) + text
      + "-\(two(month))-\(two(ofYear - (153 * monthFromMarch + 2) / 5 + 1))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Numbers as people read them.
package enum NumberText {
  /// `1,204`
  package static func grouped(_ number: Int) -> String {
    var digits = Array(String(abs(number)))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }
}
