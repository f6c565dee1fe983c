import ApexOne
import Runs

/// What is said of endpoints that are not known to be well, wherever it is said.
struct DangerText: Sendable {
  let unprotected: [AgentName]
  let perhaps: [AgentName]
  let withoutAgent: [AgentName]

  init(_ endangered: [EndangeredEndpoint]) {
    withoutAgent = endangered.filter(\.hasNoAgent).map(\.name)
    unprotected = endangered.filter { $0.isUnprotected && !$0.hasNoAgent }.map(\.name)
    perhaps = endangered.filter { !$0.isUnprotected && !$0.hasNoAgent }.map(\.name)
  }

  var isEmpty: Bool { unprotected.isEmpty && perhaps.isEmpty && withoutAgent.isEmpty }

  /// Behind the count of mismatched agents in the prompt: `2 UNPROTECTED, 1 WITHOUT AGENT`; nil where all is well.
  var promptNote: String? {
    let parts = [
      Self.count(unprotected.count + perhaps.count, "UNPROTECTED"), Self.count(withoutAgent.count, "WITHOUT AGENT"),
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// `UNPROTECTED now, 2: WS-[001-002]`, a line a kind; a long selection is cut.
  func lines(limit: Int = 300) -> [String] {
    let kinds = [
      ("UNPROTECTED now", unprotected), ("MAY BE UNPROTECTED now", perhaps), ("WITHOUT AGENT now", withoutAgent),
    ]
    return kinds.filter { !$1.isEmpty }.map { label, names in
      "\(label), \(NumberText.grouped(names.count)): \(Self.cut(NameFolding.fold(names), limit))"
    }
  }

  /// The lines as notes, with what to do next.
  func say(to console: any Console) {
    if isEmpty { return }
    for line in lines() { console.note(line) }
    let sets = [
      unprotected.isEmpty && perhaps.isEmpty ? nil : "@unprotected", withoutAgent.isEmpty ? nil : "@no-agent",
    ].compactMap(\.self)
    console.note(
      "known until an inspection proves them well; to look: check agent \(sets.joined(separator: ",")); what is gone for "
        + "good: forget agent")
  }

  private static func count(_ count: Int, _ what: String) -> String? {
    count == 0 ? nil : "\(NumberText.grouped(count)) \(what)"
  }

  private static func cut(_ text: String, _ limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }
}
