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
    let result: SelectionResult
    do { result = try selection.evaluate(in: inventory) } catch {
      // A file of names that ^C cut short is not one that can't be used.
      try Task.checkCancellation()
      throw error
    }
    let unmatched = result.unmatched(allowingUnlisted: allowingUnlisted)
    if !unmatched.isEmpty {
      throw CommandError(.unusableInput, Self.sentence(unmatched, inventory, allowingUnlisted))
    }
    for set in result.emptySets { console.note("\(set) holds no agents") }
    for exclusion in result.exclusions { if let text = Self.sentence(exclusion, inventory) { console.note(text) } }
    if !result.fromRuns.isEmpty, inventory.list != nil {
      let names = NameGroup(label: "not in the newest list, and known from a run", names: result.fromRuns)
      console.note(names.line(limit: 120))
    }
    return result
  }

  private static func sentence(_ unmatched: [String], _ inventory: Inventory, _ allowingUnlisted: Bool) -> String {
    let shown = cut(unmatched)
    if inventory.list == nil { return "\(shown): no list of this server yet; run list-mismatched" }
    var text = "\(shown): no such agent among the \(NumberText.grouped(inventory.roster.agents.count)) listed"
    if unmatched.count == 1, let near = nearest(unmatched[0], inventory) { text += "; did you mean \(near)?" }
    return text + (allowingUnlisted ? "" : " (--unlisted takes plain names all the same)")
  }

  /// What an exclusion took out: said of every list, and of names wherever one of them is no agent known here.
  private static func sentence(_ exclusion: SelectionExclusion, _ inventory: Inventory) -> String? {
    guard exclusion.isFile || !exclusion.absent.isEmpty || !exclusion.byFirstLabel.isEmpty else { return nil }
    let count = exclusion.count
    let number = count == 0 ? "no agent" : "\(NumberText.grouped(count)) agent\(count == 1 ? "" : "s")"
    var text = "!\(exclusion.text) took out \(number)"
    if !exclusion.byFirstLabel.isEmpty {
      text += "; by the first part of the name: \(cut(exclusion.byFirstLabel))"
    }
    guard !exclusion.absent.isEmpty else { return text }
    text += "; not among the \(NumberText.grouped(inventory.roster.agents.count)) listed: \(cut(exclusion.absent))"
    if exclusion.absent.count == 1, let near = nearest(exclusion.absent[0], inventory) {
      text += "; did you mean \(near)?"
    }
    return text
  }

  /// The first of some names.
  private static func cut(_ names: [String]) -> String {
    let shown = names.prefix(5).map { OutputText.visible($0) }.joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(NumberText.grouped(names.count - 5)) more" : shown
  }

  /// A listed name that differs only in zeros before its number, else one or two slips away.
  private static func nearest(_ name: String, _ inventory: Inventory) -> String? {
    guard let typed = AgentName(name) else { return nil }
    let bare = withoutZeros(typed.key)
    let same = Array(inventory.roster.agents.lazy.map(\.name).filter { withoutZeros($0.key) == bare }.prefix(2))
    if same.count == 1 { return same[0].text }
    let key = Suggestion.nearest(to: name, among: inventory.roster.agents.lazy.map(\.name.key))
    return key.flatMap { key in inventory.roster.agents.first { $0.name.key == key }?.name.text }
  }

  /// `ws-7` for `ws-007`.
  private static func withoutZeros(_ key: String) -> String {
    var result = ""
    var isInNumber = false
    for character in key {
      if character == "0", !isInNumber { continue }
      isInNumber = ("0"..."9").contains(character)
      result.append(character)
    }
    return result
  }
}
