import ApexOne
import Runs

/// The agents of a case: its selection, evaluated against the inventory.
enum CaseSelection {
  /// The inventory, with a list taken first where there is none yet; and why the server could not be reached for it.
  static func inventory(
    _ place: ServerPlace?, _ journal: Journal, _ request: CaseRequest, in invocation: Invocation
  ) async throws -> (inventory: Inventory, failure: String?) {
    let identity = place?.identity ?? ""
    let known = try invocation.inventory(of: identity, in: journal)
    guard known.list == nil, let place else { return (known, nil) }
    do {
      return (try await invocation.listedInventory(place), nil)
    } catch {
      // Names that no list holds can be escalated all the same: that is what --unlisted is for.
      guard request.takesUnlisted, !Task.isCancelled, !(error is JournalError) else { throw error }
      return (known, RenderedError(error).message)
    }
  }

  /// Throws 65 where something named matches nothing; what is empty by itself is a note.
  static func agents(
    _ request: CaseRequest, in inventory: Inventory, _ invocation: Invocation
  ) throws -> [Agent] {
    let result = try invocation.select(request.selection, in: inventory, allowingUnlisted: request.takesUnlisted)
    return result.agents + (request.takesUnlisted ? result.unlisted.map { Agent(name: $0) } : [])
  }
}
