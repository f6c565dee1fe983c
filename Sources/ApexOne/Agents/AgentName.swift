/// The host name of an agent's endpoint: letters of any script, digits, `-`, `_`, and the dots of a full name.
/// Two spellings that differ in case only are one agent.
package struct AgentName: Sendable {
  /// As first seen.
  package let text: String
  /// Case-folded: what names are compared by.
  package let key: String

  /// Nil where `text` could not be a host name (blank, leading `-` or `.`, over 253 characters, other characters).
  package init?(_ text: String) {
    guard AgentName.isHostName(text) else { return nil }
    self.text = text
    self.key = text.lowercased()
  }

  package static func isHostName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first != "-", first != ".", text.utf8.count <= 253 else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "-", "_", ".", "0"..."9", "a"..."z", "A"..."Z": true
      default: scalar.value > 127 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      }
    }
  }
}

extension AgentName: Hashable, Comparable, CustomStringConvertible {
  package static func == (left: AgentName, right: AgentName) -> Bool { left.key == right.key }
  package static func < (left: AgentName, right: AgentName) -> Bool { left.key < right.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
  package var description: String { text }
}
