import ApexOne
import Runs

/// Agents that have one thing in common, told with their count and folded to a selection.
struct NameGroup: Sendable {
  let label: String
  let names: [AgentName]

  var selection: String { NameFolding.fold(names) }

  /// `4,211 × unreachable: timed-out, 21.1 %: WS-[0001-3000],…`; a selection longer than `limit` is cut.
  func line(share: String? = nil, limit: Int? = nil) -> String {
    let selection = selection
    let shown = limit.map { selection.count > $0 ? selection.prefix($0 - 1) + "…" : selection } ?? selection
    return "\(NumberText.grouped(names.count)) × \(label)\(share.map { ", \($0)" } ?? ""): \(shown)"
  }

  /// Names by their label: the largest group first, groups of one size in order of the label.
  static func groups(_ names: some Sequence<(label: String, name: AgentName)>) -> [NameGroup] {
    Dictionary(grouping: names, by: \.label).map { NameGroup(label: $0, names: $1.map(\.name)) }
      .sorted { ($1.names.count, $0.label) < ($0.names.count, $1.label) }
  }
}

extension AgentResult {
  /// `unreachable: timed-out`
  var causeLabel: String { outcome.rawValue + (cause.map { ": \($0.rawValue)" } ?? "") }
}

extension NameGroup {
  /// What did not end well, by outcome and cause.
  static func causes(_ results: [AgentResult]) -> [NameGroup] {
    groups(
      results.lazy.filter { !$0.outcome.isGood }.compactMap { result in
        AgentName(result.name).map { (result.causeLabel, $0) }
      })
  }
}
