package import ApexOne
package import Runs

extension Invocation {
  /// The agents that a selection stands for. What matches nothing is an error (65) that names it; empty sets are noted.
  package func select(
    _ text: SelectionText, in inventory: Inventory, allowingUnlisted: Bool
  ) throws -> SelectionResult {
    try select(try Selection(text.text), in: inventory, allowingUnlisted: allowingUnlisted)
  }

  package func select(
    _ selection: Selection, in inventory: Inventory, allowingUnlisted: Bool
  ) throws -> SelectionResult {
    let result = try selection.evaluate(in: inventory)
    let unmatched = result.unmatched(allowingUnlisted: allowingUnlisted)
    if !unmatched.isEmpty {
      throw CommandError(.unusableInput, Self.sentence(unmatched, inventory, allowingUnlisted))
    }
    for set in result.emptySets { console.note("\(set) holds no agents") }
    return result
  }

  private static func sentence(_ unmatched: [String], _ inventory: Inventory, _ allowingUnlisted: Bool) -> String {
    let shown = unmatched.prefix(5).map { OutputText.visible($0) }.joined(separator: ", ")
    let more = unmatched.count > 5 ? " and \(NumberText.grouped(unmatched.count - 5)) more" : ""
    if inventory.list == nil { return "\(shown)\(more): no list of this server yet; run list-mismatched" }
    var text = "\(shown)\(more): no such agent among the \(NumberText.grouped(inventory.roster.agents.count)) listed"
    if unmatched.count == 1, let near = nearest(unmatched[0], inventory) { text += "; did you mean \(near)?" }
    return text + (allowingUnlisted ? "" : " (--unlisted takes plain names all the same)")
  }

  /// A listed name one or two slips away.
  private static func nearest(_ name: String, _ inventory: Inventory) -> String? {
    guard AgentName(name) != nil else { return nil }
    let key = Suggestion.nearest(to: name, among: inventory.roster.agents.lazy.map(\.name.key))
    return key.flatMap { key in inventory.roster.agents.first { $0.name.key == key }?.name.text }
  }
}
