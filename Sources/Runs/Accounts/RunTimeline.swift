/// When things happened in a run, as far as the journal can tell.
package struct RunTimeline: Sendable, Hashable {
  package struct Wave: Sendable, Hashable {
    /// From 1.
    package var number: Int
    /// Those of which it is known when they ended.
    package var agents: Int
    /// Seconds since 1970.
    package var began: Double
    package var ended: Double
  }

  package let started: Double
  package let ended: Double?
  /// Empty where waves overlap: the run was carried on with others.
  package let waves: [Wave]
  /// Agents that ended by having been worked on.
  package let worked: Int
  /// Time in which at least one agent was worked on: the days between a run and its resumption don't count.
  package let workingSeconds: Double

  package var perMinute: Double? { workingSeconds > 0 ? Double(worked) / workingSeconds * 60 : nil }

  /// - Parameters:
  ///   - ends: when agents ended, by position.
  ///   - waves: in which wave they began; without these there are none to tell.
  package init(_ run: RunRecord, _ results: [AgentResult], ends: [Int: Double], waves: [Int: RunWave] = [:]) {
    let spans = results.compactMap { result in
      ends[result.position].map { Span(wave: waves[result.position]?.number ?? 0, $0 - result.seconds, $0) }
    }
    started = run.started
    ended = run.ended
    worked = spans.count
    workingSeconds = RunTimeline.covered(spans)
    self.waves = RunTimeline.waves(spans)
  }

  private struct Span {
    /// 0 for none.
    let wave: Int
    let began: Double
    let ended: Double
    init(wave: Int, _ began: Double, _ ended: Double) { (self.wave, self.began, self.ended) = (wave, began, ended) }
  }

  /// What an earlier attempt at a run left half done makes no wave.
  private static func waves(_ spans: [Span]) -> [Wave] {
    var waves: [Wave] = []
    for (number, members) in Dictionary(grouping: spans.filter { $0.wave > 0 }, by: \.wave).sorted(by: {
      $0.key < $1.key
    }) {
      guard let began = members.map(\.began).min(), let ended = members.map(\.ended).max() else { continue }
      // A wave never begins before the end of the last, but where the run was carried on from its first; seconds are
      // kept to a tenth.
      if let last = waves.last, began < last.ended - 0.06 { return [] }
      waves.append(Wave(number: number, agents: members.count, began: began, ended: ended))
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
