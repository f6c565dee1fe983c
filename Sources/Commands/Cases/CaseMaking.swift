import ApexOne
import Foundation
import Remote
import Runs

/// `escalate SELECTION`: gathers what is known, writes the archive, and keeps the case.
struct CaseMaking: Sendable {
  let request: CaseRequest

  func run(in invocation: Invocation) async throws -> ExitCode {
    // A service's customer has no server folder to name; everybody else has.
    let place = request.kind == .service && invocation.settings.server == nil ? nil : try invocation.place()
    let journal = try invocation.journal(of: place)
    let scanner = try await Self.scanner(invocation, place)
    let folder = try outputFolder()
    let (inventory, failure) = try await CaseSelection.inventory(place, journal, request, in: invocation)
    let agents = try CaseSelection.agents(request, in: inventory, invocation)
    if agents.isEmpty {
      invocation.console.note("no agent is selected, so no case was made")
      return .success
    }
    let server = try await ServerKnowledge.gather(place, journal, failure: failure, in: invocation)
    let number = try await make(agents, inventory, server, journal, folder, scanner, in: invocation)
    invocation.console.note(
      "next: open a case at Support, paste SUMMARY.txt into it, attach the archive; "
        + "when a certificate comes back: escalate --attach \(number) --certificate FILE")
    // Tab shall know the case; that it can't be told is no fault of the case.
    if !invocation.isOneShot, let place { try? await invocation.refreshLookups(place) }
    return .success
  }

  /// Writes the archive and keeps the case. Returns its number.
  private func make(
    _ agents: [Agent], _ inventory: Inventory, _ server: ServerKnowledge, _ journal: Journal, _ folder: String,
    _ scanner: RedactionScanner, in invocation: Invocation
  ) async throws -> Int {
    let histories = try CaseHistory.read(agents, server: inventory.server, journal, invocation.console)
    let list = try inventory.list.map { CaseFiles.List(record: $0, bytes: try journal.bytes(ofList: $0.number)) }
    let date = try invocation.date()
    let settings = await CaseSettings.text(in: invocation)
    let number = try journal.reserveCase(server: inventory.server, at: date)
    var written: String?
    do {
      let item = try item(number, inventory, server, invocation, at: date)
      let (finished, entries) = CaseFiles(
        item: item, histories: histories, server: server, list: list, settings: settings, scanner: scanner,
        learned: await LearnedMeanings.loadOrSay(invocation)
      ).make()
      let path = folder + "/apexsh-case-\(number).zip"
      try CaseArchive.write(entries, to: path, at: date, scanner: scanner)
      written = path
      try journal.finishCase(number, value: CaseStore.text(of: finished), archive: path)
      written = nil
      try report(number, finished, path, entries.map(\.name), invocation)
    } catch {
      // An archive that the journal doesn't know is no case.
      if let written { _ = try? OwnFile.remove(written) }
      try? journal.abandonCase(number)
      throw error
    }
    return number
  }

  private func item(
    _ number: Int, _ inventory: Inventory, _ server: ServerKnowledge, _ invocation: Invocation, at date: Double
  ) throws -> SupportCase {
    let name = inventory.server.isEmpty ? request.provisionURL ?? "not set" : inventory.server
    var item = try request.checked(number: number, server: name, at: date)
    let settings = invocation.settings.product.flatMap(Product.init)
    item.product = settings ?? (request.kind == .service ? .apexOneService : server.facts?.product)
    item.serverCertificate = server.certificateRecord
    item.mismatchedCount = inventory.list?.agents
    item.notes = server.notes
    return item
  }

  /// Every secret that the session knows; a source that gives none now is an error, since nothing could be looked for.
  private static func scanner(_ invocation: Invocation, _ place: ServerPlace?) async throws -> RedactionScanner {
    var secrets: [(label: String, text: String)] = []
    for key in SecretKey.allCases {
      for secret in [try await invocation.secrets.secret(key), place?.secrets[key]] {
        if let secret { secrets.append((key.rawValue, secret.reveal { $0 })) }
      }
    }
    // The longest first: of two that begin alike, the one that is meant is named.
    let scanner = RedactionScanner(secrets: secrets.sorted { $0.text.count > $1.text.count })
    for label in Set(scanner.tooShort).sorted() {
      invocation.console.note(
        "the \(label) has under \(RedactionScanner.shortestSecret) characters, too few to look for it in the archive")
    }
    return scanner
  }

  /// The full path of the folder that the archive goes into.
  private func outputFolder() throws -> String {
    let given = request.folder ?? "."
    let path = given.hasPrefix("/") ? given : FileManager.default.currentDirectoryPath + "/" + given
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), isFolder.boolValue else {
      throw CommandError(.ownFiles, "\(OutputText.visible(full)): is no folder; make it, or give another by --output")
    }
    return full == "/" ? "" : full
  }

  private func report(
    _ number: Int, _ item: SupportCase, _ path: String, _ files: [String], _ invocation: Invocation
  ) throws {
    for note in item.notes { invocation.console.note(note) }
    try invocation.details([
      ("case", .number(number)), ("state", .text(item.state.rawValue)), ("kind", .text(item.kind.rawValue)),
      ("server", .text(item.server)), ("agents", .number(item.agents.count)), ("archive", .text(path)),
      ("files", .list(files.map { .text($0) })),
    ])
  }
}
