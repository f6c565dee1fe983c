package import ApexOne

// The order in which a plan's agents are worked on.
extension Plan {
  /// Some of its agents are to go first.
  var hasCanaries: Bool {
    guard let names = options.canaries, !names.isEmpty else { return false }
    let first = Set(names)
    return agents.contains { $0.refusal == nil && first.contains($0.name) }
  }

  /// Those that went first and are among `agents` again: whoever else comes first was not chosen to stop everything.
  package func canaries(among agents: [PlannedAgent]) -> [String]? {
    guard let canaries = options.canaries else { return nil }
    let open = Set(agents.lazy.filter { $0.refusal == nil }.map(\.name))
    let here = canaries.filter(open.contains)
    return here.isEmpty ? nil : here
  }

  /// Lets those of `wanted` go first that it would repair.
  ///
  /// - Throws: where it would repair none of them.
  package mutating func putFirst(_ wanted: Set<AgentName>) throws(PlanningError) {
    let names = agents.filter { $0.refusal == nil }.map(\.name).filter { AgentName($0).map(wanted.contains) ?? false }
    guard !names.isEmpty else { throw .noCanary }
    options.canaries = names
  }

  /// Of `positions`, those that go first and the others, each in plan order.
  package func split(_ positions: [Int]) -> (canaries: [Int], others: [Int]) {
    guard let names = options.canaries, !names.isEmpty else { return ([], positions) }
    let first = Set(names)
    var split: (canaries: [Int], others: [Int]) = ([], [])
    for position in positions {
      if first.contains(agents[position].name) {
        split.canaries.append(position)
      } else {
        split.others.append(position)
      }
    }
    return split
  }

  /// How many agents each wave takes.
  package var waveSizes: [Int] {
    let planned = agents.indices.filter { agents[$0].refusal == nil }
    return options.waves.sizes(of: planned.count, canaries: split(planned).canaries.count)
  }
}
