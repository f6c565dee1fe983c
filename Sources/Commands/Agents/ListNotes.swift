import ApexOne
import Runs

/// Says what a list is and what in it was guessed or left out; all on standard error.
enum ListNotes {
  private static let rejectedShown = 10

  static func say(
    _ list: ListRecord, _ mismatches: MismatchList, _ inventory: Inventory, age: ListAge, isCached: Bool,
    to console: any Console
  ) {
    let count = NumberText.grouped(mismatches.agents.count)
    var proved = inventory.proved.isEmpty ? "" : ", \(NumberText.grouped(inventory.proved.count)) of them proved since"
    let others = inventory.provedWithAnother.count
    if others > 0 { proved += ", \(NumberText.grouped(others)) proved with another certificate than the server's" }
    let when = isCached ? "list \(age.text): " : ""
    console.note(
      "\(when)\(count) mismatched agent\(mismatches.agents.count == 1 ? "" : "s")\(proved) "
        + "(list \(list.number), SHA-256 \(list.sha256.prefix(16))…, from \(origin(list)))")
    if let note = inventory.provedNote { console.note(note) }
    say(mismatches, to: console)
  }

  /// What was guessed in a list, and what is no agent of it.
  static func say(_ mismatches: MismatchList, to console: any Console) {
    for note in mismatches.notes { console.note(note.sentence) }
    for row in mismatches.rejected.prefix(rejectedShown) {
      console.note("line \(row.line) rejected: \(row.reason.sentence): \(cut(row.raw))")
    }
    let more = mismatches.rejected.count - rejectedShown
    if more > 0 { console.note("and \(NumberText.grouped(more)) more rejected rows") }
    for row in mismatches.duplicates.prefix(rejectedShown) {
      console.note("line \(row.line): \(row.name.text) again, first on line \(row.firstLine): \(cut(row.raw))")
    }
    let again = mismatches.duplicates.count - rejectedShown
    if again > 0 { console.note("and \(NumberText.grouped(again)) more rows of agents already listed") }
  }

  /// The file that was given; the tool's whole line, with a random path in it, is in the journal.
  private static func origin(_ list: ListRecord) -> String {
    let tool = ServerLayout.certificateManagerName
    return list.source.contains(tool + "\" -l ") || list.source.contains(tool + " -l ") ? tool : list.source
  }

  private static func cut(_ text: String) -> String { text.count > 120 ? text.prefix(119) + "…" : text }
}
