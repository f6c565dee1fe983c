/// One thing that could stand at the cursor.
package struct LookupCandidate: Sendable, Hashable {
  /// Replaces the word under the cursor.
  package var text: String
  /// A word of description; may be empty.
  package var description: String
  /// A blank may follow: false for a folder, or a selection that goes on.
  package var isFinal: Bool

  package init(_ text: String, _ description: String = "", isFinal: Bool = true) {
    self.text = text
    self.description = description
    self.isFinal = isFinal
  }
}

/// What could stand at the cursor: at most a screenful, and how many there are in all.
package struct LookupResult: Sendable, Hashable {
  /// Where the word that the candidates replace begins, in UTF-8 bytes of the line.
  package var start: Int
  package var candidates: [LookupCandidate]
  package var total: Int
  /// What all of them begin with, those left off too, where that is known.
  package var commonPrefix: String?

  package init(start: Int, candidates: [LookupCandidate], total: Int, commonPrefix: String? = nil) {
    self.commonPrefix = commonPrefix
    self.start = start
    self.candidates = candidates
    self.total = total
  }
}

/// What lookups are answered from: immutable, in memory, never the network.
package protocol CompletionSnapshot: Sendable {
  /// Names of agents that begin with `prefix`, case ignored: the first `limit`, and how many there are.
  /// `preferring`: the set whose members come alone where it has any (`mismatched`).
  func agents(prefix: String, preferring set: String?, limit: Int) -> (candidates: [LookupCandidate], total: Int)
  /// What all names begin with that `agents` counts; nil where that isn't known.
  func agentsPrefix(_ prefix: String, preferring set: String?) -> String?
  /// Domains of the inventory, for `@domain:`.
  var domains: [String] { get }
  /// Newest first.
  var runs: [LookupCandidate] { get }
  var cases: [LookupCandidate] { get }
  var contexts: [String] { get }
}

extension CompletionSnapshot {
  package func agentsPrefix(_ prefix: String, preferring set: String?) -> String? { nil }
}

/// Nothing is known yet.
package struct EmptySnapshot: CompletionSnapshot {
  package let contexts: [String]
  package init(contexts: [String] = []) { self.contexts = contexts }
  package var domains: [String] { [] }
  package var runs: [LookupCandidate] { [] }
  package var cases: [LookupCandidate] { [] }
  package func agents(prefix: String, preferring set: String?, limit: Int) -> (
    candidates: [LookupCandidate], total: Int
  ) { ([], 0) }
}
