/// A password or another text that must never be shown, logged or kept.
///
/// Everything that prints a value (`print`, string interpolation, `dump`, reflection, a debugger's summary) shows dots.
/// The text comes out only through `reveal`, whose callers are few and easy to find.
package struct Secret: Sendable, Hashable {
  private let text: String

  package init(_ text: String) { self.text = text }

  package var isEmpty: Bool { text.isEmpty }

  /// Hands the text to `use`. Callers must not keep it.
  package func reveal<T, E: Error>(_ use: (String) throws(E) -> T) throws(E) -> T { try use(text) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package static let dots = "••••"
  package var description: String { Secret.dots }
  package var debugDescription: String { Secret.dots }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
