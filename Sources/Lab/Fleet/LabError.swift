/// Why a lab could not be made or opened: one sentence.
package struct LabError: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
