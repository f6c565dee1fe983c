/// How many may go wrong before a run stops: a number, or a percentage of the plan with a least number.
package enum Budget: Sendable, Hashable, Codable {
  case count(Int)
  case percent(Double, atLeast: Int)

  /// The number at which the run stops, for a plan of `planned` agents; never below 1.
  package func limit(planned: Int) -> Int {
    switch self {
    case .count(let count): max(1, count)
    case .percent(let percent, let least): max(1, least, Int((Double(planned) * percent / 100).rounded(.up)))
    }
  }

  /// `100%` turns a stop off.
  package var isOff: Bool {
    if case .percent(let percent, _) = self { return percent >= 100 }
    return false
  }

  package var text: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent, _): percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
  }
}

/// The size of one wave: a number of agents, or a percentage of the plan.
package enum WaveSize: Sendable, Hashable, Codable {
  case count(Int)
  case percent(Double)

  package func agents(planned: Int) -> Int {
    switch self {
    case .count(let count): max(1, count)
    case .percent(let percent): percent >= 100 ? planned : max(1, Int((Double(planned) * percent / 100).rounded(.up)))
    }
  }

  package var text: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent): percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
  }
}
