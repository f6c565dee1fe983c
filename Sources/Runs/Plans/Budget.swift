/// How much may go wrong: a number, or a percentage of the plan.
package enum Budget: Sendable, Hashable, Codable, CustomStringConvertible {
  case count(Int)
  /// Whole per cent, 0 to 100.
  case percentage(Int)

  /// Nil where it is neither `12` nor `5%`.
  package init?(_ text: String) {
    let isPercentage = text.hasSuffix("%")
    let digits = isPercentage ? text.dropLast() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let value = Int(digits) else { return nil }
    guard isPercentage else {
      self = .count(value)
      return
    }
    guard value <= 100 else { return nil }
    self = .percentage(value)
  }

  package var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .percentage(let percent): "\(percent)%"
    }
  }

  /// All may go wrong: `100%` turns a stop off.
  package var isOff: Bool { self == .percentage(100) }

  /// How many of `planned` agents that is: a percentage is rounded up, and is at least `floor`.
  package func limit(of planned: Int, atLeast floor: Int = 0) -> Int {
    switch self {
    case .count(let count): count
    case .percentage(let percent):
      max(floor, planned / 100 * percent + (planned % 100 * percent + 99) / 100)
    }
  }
}
