/// The sizes that a run's waves grow by: `1,20,10%,100%`. The last one holds for whatever is left.
package struct WaveSizes: Sendable, Hashable, Codable, CustomStringConvertible {
  package let steps: [Budget]

  init(_ steps: [Budget]) { self.steps = steps }

  /// Nil where a step is not a positive number or percentage, or there are none, or over 32.
  package init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let steps = parts.compactMap { Budget(String($0)) }
    guard steps.count == parts.count, steps.count <= 32 else { return nil }
    guard steps.allSatisfy({ $0 != .count(0) && $0 != .percentage(0) }) else { return nil }
    self.steps = steps
  }

  package var description: String { steps.map(\.description).joined(separator: ",") }

  /// How many agents each wave of a plan of `planned` takes; they add up to `planned`. `canaries` are a first wave in
  /// place of the first step.
  package func sizes(of planned: Int, canaries: Int = 0) -> [Int] {
    var sizes = canaries > 0 && planned > 0 ? [min(canaries, planned)] : []
    var left = planned - (sizes.first ?? 0)
    var next = sizes.count
    while left > 0 {
      let step = steps[min(next, steps.count - 1)]
      let size = min(left, max(1, step.limit(of: planned)))
      sizes.append(size)
      left -= size
      next += 1
    }
    return sizes
  }
}
