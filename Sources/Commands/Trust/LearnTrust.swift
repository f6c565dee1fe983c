import ApexOne
import ArgumentParser

/// `trust learn SELECTION`: the host keys that endpoints show.
struct LearnTrust: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust learn", abstract: "Collect the host keys of endpoints, and trust the new ones.",
    discussion: """
      Logs on nowhere. What is collected over the network can't be proved by it: compare keys with a list from the \
      machines where you can. A changed key is always refused. COUNT is the number of new keys, which a run without \
      --confirm says.
      """)
  static let manual = CommandManual(
    group: .trust,
    examples: [
      .init("trust learn @mismatched", "shows counts and duplicates; asks for the count"),
      .init("trust learn 'WS-[001-020]' --confirm 20", "in a script"),
    ],
    exitCodes: [.incomplete, .unusableInput, .serverUnavailable, .ownFiles, .refused, .interrupted],
    jsonKeys: ["agent", "host", "type", "sha256", "result", "detail"])

  @Argument(
    help: ArgumentHelp("Which agents.", valueName: "selection"),
    completion: CommandCompletion.selection(preferring: "mismatched").kind)
  var selection: SelectionText
  @Option(help: ArgumentHelp("Confirm without a prompt: the count of new keys.", valueName: "count")) var confirm:
    String?
  @Flag(help: "Take plain names that are not in the list.") var unlisted = false
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let store = try KnownKeysFile(invocation)
    let ground = try await TrustTargets.read(
      selection, allowingUnlisted: unlisted, takesList: true, in: invocation)
    guard !ground.targets.isEmpty else {
      invocation.console.note("the selection holds no agents: nothing to do")
      return .success
    }
    _ = try store.load()
    let found = try await KeyCollection(
      scanner: ground.scanner, parallel: invocation.settings.parallel, limit: invocation.settings.timeoutConnect,
      console: invocation.console
    ).run(ground.targets)
    let own = try store.load()
    var learned = LearnedKeys(ground.targets, found, own: own, others: ground.scanner.otherFiles.map(store.other))
    LearnNotes.say(learned, known: own, to: invocation.console)
    let count = learned.newNames
    if count > 0 {
      do {
        let what = "new key\(count == 1 ? "" : "s")"
        try await TrustConfirmation.obtain(count, of: what, given: confirm, invocation.console)
      } catch {
        try OutputClosed.ending { try write(learned, invocation) }
        throw error
      }
      let date = TimeText.rfc3339(TimeText.now)
      try store.update { keys in learned.add(to: &keys, date: date) }
    }
    try OutputClosed.ending { try write(learned, invocation) }
    let good = learned.count(.added) + learned.count(.known)
    return good == learned.rows.count ? .success : .incomplete
  }

  private func write(_ learned: LearnedKeys, _ invocation: Invocation) throws {
    let rows = invocation.rows([
      ResultColumn("agent"), ResultColumn("host"), ResultColumn("type"), ResultColumn("sha256"),
      ResultColumn("result"), ResultColumn("detail"),
    ])
    for row in learned.rows {
      try rows.write([
        .text(row.target.agent.text), .init(row.target.names.first), .init(row.key?.type), .init(row.key?.sha256),
        .text(row.verdict.rawValue), .init(row.detail),
      ])
    }
    try rows.end()
  }
}

/// What is said before the count is asked for: counts, types, duplicates, and whatever is wrong.
enum LearnNotes {
  private static let shown = 10

  static func say(_ learned: LearnedKeys, known keys: KnownKeys, to console: any Console) {
    let verdicts: [LearnedKeys.Verdict] = [.new, .known, .changed, .revoked, .unreachable, .failed]
    let counts = verdicts.filter { learned.count($0) > 0 }
      .map { "\(NumberText.grouped(learned.count($0))) \($0.rawValue)" }.joined(separator: ", ")
    console.note(
      "host keys of \(NumberText.grouped(learned.rows.count)) agent\(learned.rows.count == 1 ? "" : "s"): \(counts)")
    var types: [String: Int] = [:]
    for row in learned.rows { if let key = row.key { types[key.type, default: 0] += 1 } }
    if !types.isEmpty {
      console.note(
        "types: "
          + types.sorted { $0.key < $1.key }.map { "\(NumberText.grouped($0.value)) \($0.key)" }.joined(separator: ", ")
      )
    }
    let fresh = learned.rows.filter { $0.verdict == .new }
    if fresh.count <= shown {
      for row in fresh { console.note("new: \(OutputText.visible(row.target.names[0])) \(row.key?.text ?? "")") }
    }
    let duplicates = learned.duplicates(known: keys)
    for (key, hosts) in duplicates.prefix(shown) {
      console.note(
        "the same key on \(NumberText.grouped(hosts.count)) hosts, cloned images share one: \(list(hosts)): \(key.text)"
      )
    }
    if duplicates.count > shown { console.note("and \(duplicates.count - shown) more keys that hosts share") }
    for verdict in [LearnedKeys.Verdict.changed, .revoked] {
      let rows = learned.rows.filter { $0.verdict == verdict }
      for row in rows.prefix(shown) {
        console.note(
          "\(verdict.rawValue), not trusted: \(row.target.names[0]) shows \(row.key?.text ?? ""); \(row.detail ?? "")")
      }
      if rows.count > shown { console.note("and \(rows.count - shown) more \(verdict.rawValue)") }
    }
    for verdict in [LearnedKeys.Verdict.unreachable, .failed] {
      let names = learned.rows.filter { $0.verdict == verdict }.map(\.target.agent)
      if !names.isEmpty { console.note("\(verdict.rawValue): \(cut(NameFolding.fold(names)))") }
    }
  }

  private static func list(_ hosts: [String]) -> String {
    let more = hosts.count > shown ? ", … \(hosts.count - shown) more" : ""
    return hosts.prefix(shown).map { OutputText.visible($0) }.joined(separator: ", ") + more
  }

  private static func cut(_ text: String) -> String { text.count <= 400 ? text : text.prefix(400) + "…" }
}
