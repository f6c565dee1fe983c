/// What a selection is evaluated against: the inventory of one server, with its sets and lists at hand.
package protocol SelectionUniverse {
  var roster: AgentRoster { get }

  /// The names in a set, in any order. Those outside the roster count as agents too in a run's sets. Throws where there
  /// can be no such set: no list was taken yet, no such run.
  func names(in set: SelectionSet) throws(SelectionUnavailable) -> [AgentName]

  /// Agents that the list holds no more and that names, patterns and networks stand for all the same, with the last
  /// address that is known.
  var knownBeyondRoster: [Agent] { get }

  /// The lines of the list behind `@file:`, without line ends.
  func lines(ofFile path: String) throws(SelectionUnavailable) -> [String]
}

extension SelectionUniverse {
  package var knownBeyondRoster: [Agent] { [] }
}

/// Why a universe can't give a set or a list.
package struct SelectionUnavailable: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence without a full stop, lower case, that names the thing and the next step.
  package let description: String

  package init(_ sentence: String) { description = sentence }
}

/// What a selection stands for.
package struct SelectionResult: Sendable {
  /// Agents of the roster, in list order, without repeats; behind them those that only sets of runs hold.
  package var agents: [Agent] = []
  /// Those that are in no list any more, and that a run knew.
  package var fromRuns: [AgentName] = []
  /// Names outside the roster that the selection holds in the end, in its order: for `--unlisted`.
  package var unlisted: [AgentName] = []
  /// Plain names outside the roster, wherever they stood, as typed. Without `--unlisted` they are an error.
  package var unknownNames: [String] = []
  /// Patterns and networks that match nothing: always an error.
  package var unmatchedPatterns: [String] = []
  /// Sets that are empty, as typed: a note, not an error.
  package var emptySets: [String] = []
  /// What was to be taken out by name, from left to right.
  package var exclusions: [SelectionExclusion] = []

  /// All that was named and matches nothing, for the error.
  package func unmatched(allowingUnlisted: Bool) -> [String] {
    (allowingUnlisted ? [] : unknownNames) + unmatchedPatterns
  }
}

/// What became of an exclusion that names agents: it may name some that are on no list.
package struct SelectionExclusion: Sendable, Hashable {
  /// As typed, without `!`.
  package var text: String
  /// It names a list, `@file:`.
  package var isFile: Bool
  /// How many agents it took out of what stood left of it.
  package var count: Int
  /// Names, patterns and networks in it that are no agent known here.
  package var absent: [String] = []
  /// Names that took out an agent whose name has, or lacks, a domain's: `WS-001.contoso.local` for `WS-001`.
  package var byFirstLabel: [String] = []
}
