import Runs

/// When things happened in a run, as far as the journal can tell.
struct RunTimeline: Sendable, Hashable {
  struct Wave: Sendable, Hashable {
    /// From 1.
    var number: Int
    /// Those of which it is known when they ended.
    var agents: Int
    /// Seconds since 1970.
    var began: Double
    var ended: Double
  }

  let started: Double
  let ended: Double?
  /// Empty where the ends of the agents don't fit the plan's waves: the run was carried on with others.
  let waves: [Wave]
  /// Agents that ended by having been worked on.
  let worked: Int
  /// Time in which at least one agent was worked on: the days between a run and its resumption don't count.
  let workingSeconds: Double

  var perMinute: Double? { workingSeconds > 0 ? Double(worked) / workingSeconds * 60 : nil }

  /// - Parameter ends: when agents ended, by position.
  init(_ run: RunRecord, _ results: [AgentResult], _ options: RunOptions, ends: [Int: Double]) {
    let first = Set(options.canaries ?? [])
    let canaries = first.isEmpty ? [] : results.filter { first.contains($0.name) }
    let others = first.isEmpty ? results : results.filter { !first.contains($0.name) }
    let spans: [Span] = (canaries + others).compactMap { result in
      ends[result.position].map { Span(isCredited: result.outcome != .unreachable, $0 - result.seconds, $0) }
    }
    let open = results.count - results.count { $0.outcome == .refused && ends[$0.position] == nil }
    started = run.started
    ended = run.ended
    worked = spans.count
    workingSeconds = RunTimeline.covered(spans)
    self.waves = RunTimeline.waves(
      spans,
      options.waves.sizes(of: open, canaries: canaries.count { $0.outcome != .refused || ends[$0.position] != nil }))
  }

  private struct Span {
    /// An agent that could not be reached does not count for the size of a wave.
    let isCredited: Bool
    let began: Double
    let ended: Double
    init(isCredited: Bool, _ began: Double, _ ended: Double) {
      (self.isCredited, self.began, self.ended) = (isCredited, began, ended)
    }
  }

  /// Agents start in plan order, and a wave when the one before has ended with its size of agents reached: so each wave
  /// is what the plan holds up to the agent that fills it.
  private static func waves(_ spans: [Span], _ sizes: [Int]) -> [Wave] {
    var waves: [Wave] = []
    var rest = spans[...]
    for (index, size) in sizes.enumerated() where !rest.isEmpty {
      var credited = 0
      let end = rest.firstIndex { span in
        credited += span.isCredited ? 1 : 0
        return credited == size
      }
      // The last wave's replacements of unreachable agents fill no wave of their own.
      let members = index == sizes.count - 1 ? rest : rest[...(end ?? rest.endIndex - 1)]
      rest = rest[members.endIndex...]
      guard let began = members.map(\.began).min(), let ended = members.map(\.ended).max() else { continue }
      // A wave never begins before the end of the last; seconds are kept to a tenth.
      if let last = waves.last, began < last.ended - 0.06 { return [] }
      waves.append(Wave(number: index + 1, agents: members.count, began: began, ended: ended))
    }
    return waves
  }

  private static func covered(_ spans: [Span]) -> Double {
    var (total, end) = (0.0, -Double.infinity)
    for span in spans.sorted(by: { $0.began < $1.began }) {
      total += max(0, span.ended - max(end, span.began))
      end = max(end, span.ended)
    }
    return total
  }
}
