import ApexOne
import Runs

/// `--diff`: what the newest list has that the one before had not, and the other way round.
enum ListDifference {
  static func show(
    _ agents: [Agent], of inventory: Inventory, in journal: Journal, _ invocation: Invocation
  ) throws -> ExitCode {
    let lists = try journal.lists(server: inventory.server, limit: 2)
    guard lists.count == 2 else {
      throw CommandError(.unusableInput, "there is no list before this one to compare with")
    }
    let before: MismatchList
    do throws(MismatchListError) {
      before = try MismatchList(try journalBytes(lists[1], journal), hostColumn: lists[1].hostColumn)
    } catch {
      throw CommandError(.unusableInput, "the list before this one can't be read any more: \(error)")
    }
    let old = before.roster
    let rows = invocation.rows([
      ResultColumn("change"), ResultColumn("agent", minimumWidth: 12), ResultColumn("address"), ResultColumn("domain"),
    ])
    for agent in agents where old.place(of: agent.name) == nil { try rows.write(row("added", agent)) }
    for agent in before.agents where inventory.roster.place(of: agent.name) == nil {
      try rows.write(row("gone", agent))
    }
    try rows.end()
    return .success
  }

  private static func journalBytes(_ list: ListRecord, _ journal: Journal) throws(MismatchListError) -> [UInt8] {
    (try? journal.bytes(ofList: list.number)) ?? []
  }

  private static func row(_ change: String, _ agent: Agent) -> [ResultValue] {
    [.text(change), .text(agent.name.text), .init(agent.address), .init(agent.domain)]
  }
}
