/// Which agent of a fleet has which fault, in constant time and memory: the fleet is shuffled by the seed, and each
/// fault takes the next few.
struct FaultAssignment: Sendable {
  private let random: SeededRandom
  private let count: Int
  /// Faults with the shuffled positions they take, in order.
  private let portions: [(fault: Fault, end: Int)]
  /// Agents at the head of the list that no fault strikes which would count as a failure.
  private let spared: Int

  init(_ recipe: FaultRecipe, agents count: Int, random: SeededRandom) {
    self.random = random
    self.count = count
    var end = 0
    let shares = FaultAssignment.shares(of: recipe, agents: count)
    portions = shares.map { share in
      end += share.count
      return (share.fault, end)
    }
    spared = recipe == .typical ? 25 : 0
  }

  func fault(of index: Int) -> Fault {
    guard let last = portions.last?.end else { return .none }
    let position = random.shuffled(index, of: count)
    guard position < last, let portion = portions.first(where: { position < $0.end }) else {
      return .none
    }
    return index < spared && FaultAssignment.failing.contains(portion.fault) ? .none : portion.fault
  }

  /// Faults of `typical` that spend the failure budget.
  private static let failing: Set<Fault> = [.noRights, .saysZeroRepairsNothing, .connectionDropped]

  /// `typical` must not stop a run with the usual budgets: its failing kinds together stay under 5 % of the agents, and
  /// under three where that is more.
  private static func shares(of recipe: FaultRecipe, agents count: Int) -> [(
    fault: Fault, count: Int
  )] {
    if recipe == .typical {
      return [
        (.offline, count * 5 / 100), (.slow, count * 4 / 100), (.otherServer, count * 2 / 100),
        (.alreadyMatching, count * 2 / 100), (.saysFiveRepairs, count / 100),
        (.certificateMissing, count / 100),
        (.noAgent, count / 200), (.noRights, max(count / 100, count >= 40 ? 1 : 0)),
        (.saysZeroRepairsNothing, count / 100), (.connectionDropped, count / 100),
      ]
    }
    guard count > 0 else { return [] }
    return FaultRecipe.faults(in: recipe.name).compactMap { fault in
      fault.flatMap { $0 == .none ? nil : ($0, max(1, count / 10)) }
    }
  }
}
