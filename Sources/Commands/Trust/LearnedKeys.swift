import ApexOne
import Remote

/// What `trust learn` found: a row an agent, judged against what is known.
struct LearnedKeys: Sendable {
  enum Verdict: String, Sendable { case new, added, known, changed, revoked, unreachable, failed }

  struct Row: Sendable {
    var target: TrustTargets.Target
    var key: TrustKey?
    var verdict: Verdict
    var detail: String?
  }

  private(set) var rows: [Row] = []

  /// `own` is judged first; what the other files trust is trusted already.
  init(
    _ targets: [TrustTargets.Target], _ found: [Result<TrustKey, RemoteError>], own: KnownKeys, others: [KnownKeys]
  ) {
    rows = zip(targets, found).map { target, result in
      switch result {
      case .success(let key):
        let (verdict, detail) = LearnedKeys.judge(target.names, key, [own] + others)
        return Row(target: target, key: key, verdict: verdict, detail: detail)
      case .failure(let error):
        return Row(target: target, verdict: LearnedKeys.verdict(error.kind), detail: error.message)
      }
    }
  }

  private static func verdict(_ kind: RemoteError.Kind) -> Verdict {
    switch kind {
    case .unreachable, .timedOut, .dropped: .unreachable
    default: .failed
    }
  }

  private static func judge(_ names: [String], _ key: TrustKey, _ files: [KnownKeys]) -> (Verdict, String?) {
    let verdicts = files.map { $0.verdict(names, key) }
    if verdicts.contains(.revoked) {
      return (.revoked, "the key is marked @revoked; if that is wrong: trust remove \(names[0]) --revoked")
    }
    if verdicts.contains(.known) { return (.known, nil) }
    for case .changed(let known) in verdicts {
      let expected = known.prefix(3).map(\.text).joined(separator: ", ")
      return (.changed, "known is \(expected); if that is right: trust remove \(names[0]), then learn it again")
    }
    return (.new, nil)
  }

  func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }

  /// Names that new keys would be added under: agents that are one endpoint count once.
  var newNames: Int { Set(rows.lazy.filter { $0.verdict == .new }.map { $0.target.names[0] }).count }

  /// Adds the new keys. Judged once more: another process may have been faster, and an endpoint may have shown two.
  mutating func add(to keys: inout KnownKeys, date: String) {
    for index in rows.indices where rows[index].verdict == .new {
      guard let key = rows[index].key else { continue }
      let names = rows[index].target.names
      let (verdict, detail) = LearnedKeys.judge(names, key, [keys])
      (rows[index].verdict, rows[index].detail) = (verdict == .new ? .added : verdict, detail)
      if verdict == .new { keys.add([names[0]], key, date: date) }
    }
  }

  /// Hosts that show one and the same key, by the key; those known before count as well. A host is one at
  /// all its ports.
  func duplicates(known keys: KnownKeys) -> [(key: TrustKey, hosts: [String])] {
    var hosts: [TrustKey: Set<String>] = [:]
    for row in rows { if let key = row.key { hosts[key, default: []].insert(LearnedKeys.host(row.target.names[0])) } }
    for line in keys.lines {
      guard let entry = line.entry, entry.marker == nil, entry.covers == nil, let shown = hosts[entry.key] else {
        continue
      }
      // The names of one line are one host: its name and its address.
      let names = entry.names.map(LearnedKeys.host)
      if !names.contains(where: shown.contains) { hosts[entry.key]?.insert(names[0]) }
    }
    return hosts.filter { $0.value.count > 1 }.map { ($0.key, $0.value.sorted()) }.sorted { $0.hosts[0] < $1.hosts[0] }
  }

  /// `[host]:port` without its port.
  private static func host(_ name: String) -> String {
    let name = name.lowercased()
    guard name.hasPrefix("["), let end = name.lastIndex(of: "]") else { return name }
    return String(name[name.index(after: name.startIndex)..<end])
  }
}
