import ArgumentParser

/// `trust remove SELECTION|HOST`
struct RemoveTrust: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust remove", abstract: "Forget the host keys of agents, or of a host.",
    discussion: """
      COUNT is the number of keys, as trust list shows them for the same words. @revoked marks stay without --revoked, \
      which takes them away, too: what they bar can be trusted again then. Patterns stay: edit known_hosts in the config \
      folder for those.
      """)
  static let manual = CommandManual(
    group: .trust,
    examples: [
      .init("trust remove WS-007", "before it is learned anew; asks for the count"),
      .init("trust remove WS-007 --revoked", "its @revoked marks, too"),
      .init("trust remove [ws-007.contoso.local]:2222 --confirm 1", "a host as trust list shows it"),
    ],
    exitCodes: [.unusableInput, .ownFiles, .refused])

  @Argument(help: ArgumentHelp("Which agents, or which host.", valueName: "selection|host")) var selection:
    SelectionText
  @Flag(help: "Take away @revoked marks, too.") var revoked = false
  @Option(help: ArgumentHelp("Confirm without a prompt: the count of keys.", valueName: "count")) var confirm: String?

  func run(in invocation: Invocation) async throws -> ExitCode {
    let store = try KnownKeysFile(invocation)
    let (all, own) = try await removable(in: store.load(), invocation)
    guard !own.isEmpty else {
      let why =
        all.isEmpty
        ? "no key of it is kept"
        : "only what stays stands for it (\(staying(all))); edit \(OutputText.visible(store.path))"
      throw CommandError(.unusableInput, "\(OutputText.visible(selection.text)): \(why); see: trust list")
    }
    let console = invocation.console
    if all.count > own.count {
      console.note("\(all.count - own.count) stay: \(staying(all.filter { !isRemovable($0) }))")
    }
    for match in own.prefix(10) {
      let mark = match.entry.marker.map { "\($0.rawValue) " } ?? ""
      console.note("forget: \(mark)\(OutputText.visible(match.host)) \(match.entry.key.text)")
    }
    if own.count > 10 { console.note("and \(NumberText.grouped(own.count - 10)) more") }
    try await TrustConfirmation.obtain(
      own.count, of: "key\(own.count == 1 ? "" : "s") to forget", given: confirm, console)
    let removed = try store.update { keys in
      // What was confirmed, wherever it stands by now.
      var gone: [Int: Set<String>] = [:]
      var count = 0
      for match in own {
        for place in keys.places(of: match.host) {
          guard let entry = keys.lines[place].entry, entry.key == match.entry.key, !entry.isPattern,
            entry.marker == match.entry.marker
          else { continue }
          if gone[place, default: []].insert(match.host).inserted { count += 1 }
        }
      }
      keys.remove(gone)
      return count
    }
    console.note("\(NumberText.grouped(removed)) key\(removed == 1 ? "" : "s") forgotten")
    return .success
  }

  /// The keys that are meant, each host's once, and those of them that can be taken out.
  private func removable(
    in keys: KnownKeys, _ invocation: Invocation
  ) async throws -> (all: [TrustScope.Match], own: [TrustScope.Match]) {
    var seen: Set<String> = []
    let all = try await TrustScope.read(selection, in: keys, invocation).matches
      .filter { seen.insert("\($0.place) \($0.host)").inserted }
    return (all, all.filter(isRemovable))
  }

  private func isRemovable(_ match: TrustScope.Match) -> Bool {
    !match.entry.isPattern && (match.entry.marker == nil || revoked && match.entry.marker == .revoked)
  }

  /// What of these is not taken out, and how it would be.
  private func staying(_ matches: [TrustScope.Match]) -> String {
    let marks = matches.contains { $0.entry.marker == .revoked && !$0.entry.isPattern }
    let others = matches.contains { $0.entry.isPattern || $0.entry.marker == .authority }
    return [marks ? "@revoked marks, for which there is --revoked" : nil, others ? "patterns and authorities" : nil]
      .compactMap(\.self).joined(separator: "; ")
  }
}
