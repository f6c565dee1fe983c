import ArgumentParser

/// `trust remove SELECTION|HOST`
struct RemoveTrust: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust remove", abstract: "Forget the host keys of agents, or of a host.",
    discussion: """
      COUNT is the number of keys, as trust list shows them for the same words. @revoked keys and patterns stay: edit \
      known_hosts in the config folder for those.
      """)
  static let manual = CommandManual(
    group: .trust,
    examples: [
      .init("trust remove WS-007", "before it is learned anew; asks for the count"),
      .init("trust remove [ws-007.contoso.local]:2222 --confirm 1", "a host as trust list shows it"),
    ],
    exitCodes: [.unusableInput, .ownFiles, .refused])

  @Argument(help: ArgumentHelp("Which agents, or which host.", valueName: "selection|host")) var selection:
    SelectionText
  @Option(help: ArgumentHelp("Confirm without a prompt: the count of keys.", valueName: "count")) var confirm: String?

  func run(in invocation: Invocation) async throws -> ExitCode {
    let store = try KnownKeysFile(invocation)
    let (all, own) = try await removable(in: store.load(), invocation)
    guard !own.isEmpty else {
      let why =
        all.isEmpty
        ? "no key of it is kept" : "only @revoked keys or patterns stand for it; edit \(OutputText.visible(store.path))"
      throw CommandError(.unusableInput, "\(OutputText.visible(selection.text)): \(why); see: trust list")
    }
    let console = invocation.console
    if all.count > own.count { console.note("\(all.count - own.count) @revoked or of a pattern: they stay") }
    for match in own.prefix(10) { console.note("forget: \(OutputText.visible(match.host)) \(match.entry.key.text)") }
    if own.count > 10 { console.note("and \(NumberText.grouped(own.count - 10)) more") }
    try await TrustConfirmation.obtain(
      own.count, of: "key\(own.count == 1 ? "" : "s") to forget", given: confirm, console)
    let removed = try store.update { keys in
      // What was confirmed, wherever it stands by now.
      var gone: [Int: Set<String>] = [:]
      var count = 0
      for match in own {
        for (place, entry) in keys.trusted(match.host) where entry.key == match.entry.key && !entry.isPattern {
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
    return (all, all.filter { $0.entry.marker == nil && !$0.entry.isPattern })
  }
}
