import ApexOne
import ArgumentParser

/// `trust list [SELECTION|HOST]`
struct ListTrust: ResultCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust list",
    abstract: "List the host keys that are trusted: those in known_hosts of the config folder.")
  static let manual = CommandManual(
    group: .trust,
    examples: [
      .init("trust list", "all"), .init("trust list @mismatched", "those of agents"),
      .init("trust list ws-001.contoso.local", "those of a host"),
    ],
    exitCodes: [.unusableInput, .ownFiles], jsonKeys: ["agent", "host", "type", "sha256", "marker", "added"])

  @Argument(help: ArgumentHelp("Which agents, or which host; all where it is left out.", valueName: "selection|host"))
  var selection: SelectionText?
  @OptionGroup var output: OutputOptions

  func run(in invocation: Invocation) async throws -> ExitCode {
    let store = try KnownKeysFile(invocation)
    let keys = try store.load()
    let scope = try await TrustScope.read(selection, in: keys, invocation)
    try scope.write(in: invocation)
    if selection == nil {
      for (place, line) in keys.lines.enumerated() where line.isMalformed {
        invocation.console.note("\(OutputText.visible(store.path)):\(place + 1): not understood, so it trusts nothing")
      }
    }
    if !scope.without.isEmpty {
      let (count, names) = (scope.without.count, NameFolding.fold(scope.without))
      invocation.console.note(
        "no key is kept for \(NumberText.grouped(count)) agent\(count == 1 ? "" : "s"): \(names.prefix(400))"
      )
    } else if scope.matches.isEmpty {
      invocation.console.note("no host key is kept yet; add some by: trust import FILE, or trust learn SELECTION")
    }
    return .success
  }
}
