/// Which lab to work with.
package struct LabOptions: Sendable, Hashable {
  package var agents = 200
  /// The name of a recipe.
  package var faults = "none"
  package var seed = 1
  /// Keeps the lab's state; nil for the session only.
  package var folder: String?

  package init() {}
}
