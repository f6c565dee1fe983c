/// What a selection's operands stand for in sum, those of its lists too: each by itself is bounded, and a long selection
/// must not be more.
struct SelectionTotal {
  private var names = 0
  private var globs = 0
  private var steps = 0
  /// Steps of a second or so: each set and pattern of a long selection is held against every agent.
  private static let mostSteps = 200_000_000

  mutating func add(_ kind: Selection.Operand.Kind, column: Int) throws(SelectionError) {
    switch kind {
    case .name: names += 1
    case .pattern(let pattern) where pattern.hasWildcard: globs += pattern.count
    case .pattern(let pattern): names += pattern.count
    default: return
    }
    if names > NamePattern.mostNames { throw SelectionError(.tooManyNames, column: column) }
    if globs > NamePattern.mostGlobs { throw SelectionError(.tooManyPatterns, column: column) }
  }

  /// Counts places that are kept until the end: a step takes nothing but time, they take memory.
  mutating func hold(_ count: Int, column: Int) throws(SelectionError) { try spend(10 * count, column: column) }

  /// Counts work that is about to be done.
  mutating func spend(_ count: Int, column: Int) throws(SelectionError) {
    steps += count
    if steps > SelectionTotal.mostSteps { throw SelectionError(.tooMuch, column: column) }
  }
}
