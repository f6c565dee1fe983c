import ApexOne
import Commands

/// Candidates inside a selection: only its last term is completed, what stands before it stays.
struct SelectionCompleter: Sendable {
  let lookups: any CompletionSnapshot
  /// The set whose members are offered where it has any.
  let preferring: String?

  func candidates(_ text: String) -> Found {
    let cut = lastTerm(text)
    let head = String(text[..<cut])
    return terms(String(text[cut...])).prefixed(by: head)
  }

  /// Where the last term begins: behind the last `,`, `&` or `!` that stands in no quotes and no brackets.
  private func lastTerm(_ text: String) -> String.Index {
    var start = text.startIndex
    var quote: Character?
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case let character where character == quote: quote = nil
      case "\"" where quote == nil, "'" where quote == nil: quote = text[index]
      case "[" where quote == nil: depth += 1
      case "]" where quote == nil: depth = max(0, depth - 1)
      case ",", "&", "!":
        if quote == nil && depth == 0 { start = text.index(after: index) }
      default: break
      }
    }
    return start
  }

  private func terms(_ term: String) -> Found {
    if term.hasPrefix("@") { return sets(term) }
    let found = lookups.agents(prefix: term, preferring: preferring, limit: ValueCompleter.limit)
    var candidates = found.candidates
    var total = found.total
    var isMixed = false
    let words = [LookupCandidate("all", "every agent of the list")] + (term.isEmpty ? Self.sets : [])
    for word in words.reversed() where word.text.hasPrefix(term) {
      candidates.insert(word, at: 0)
      total += 1
      isMixed = true
    }
    let prefix = total > candidates.count && !isMixed ? lookups.agentsPrefix(term, preferring: preferring) : nil
    return Found(candidates, total: total, commonPrefix: prefix)
  }

  private static let sets: [LookupCandidate] =
    [
      LookupCandidate("@mismatched", "those of the newest list, less those proved since"),
      LookupCandidate("@domain:", "a domain and what is under it", isFinal: false),
      LookupCandidate("@file:", "names from a file", isFinal: false),
      LookupCandidate("@first:", "the first N of what stands left of it", isFinal: false),
    ] + Outcome.allCases.map { LookupCandidate("@" + $0.rawValue, $0.meaning) }

  private func sets(_ term: String) -> Found {
    guard let colon = term.firstIndex(of: ":") else {
      return Found(Self.sets.filter { $0.text.hasPrefix(term) })
    }
    let name = term[term.index(after: term.startIndex)..<colon]
    let head = String(term[...colon])
    let value = String(term[term.index(after: colon)...])
    switch name {
    case "file":
      let entries = LocalFolder.entries(matching: value, onlyFolders: false)
      return Found(entries.map { LookupCandidate(head + $0.path, "", isFinal: !$0.isFolder) })
    case "domain":
      let typed = AgentName.key(of: String(value.drop { $0 == "\"" }))
      return Found(lookups.domains.filter { AgentName.key(of: $0).hasPrefix(typed) }.map { domain($0, head) })
    default:
      guard Outcome(rawValue: String(name)) != nil else { return Found() }
      return Found(lookups.runs.filter { $0.text.hasPrefix(value) }).prefixed(by: head)
    }
  }

  private func domain(_ name: String, _ head: String) -> LookupCandidate {
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "-_.\\".contains($0) }
    return LookupCandidate(head + (isPlain ? name : "\"\(name)\""), "")
  }
}
