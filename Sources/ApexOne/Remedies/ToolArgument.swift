/// An argument of a tool: text, or the place of a password, which this module never holds.
package enum ToolArgument: Sendable, Hashable {
  case text(String)
  case unloadPassword
  case uninstallPassword

  /// As it may be shown.
  package var masked: String {
    switch self {
    case .text(let text): text
    case .unloadPassword, .uninstallPassword: "••••"
    }
  }
}

/// Why no command can be built for an agent. The sentence names the setting to change.
package struct RemedyError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable {
    /// The product's tool can't do it.
    case product
    /// A setting is missing, or is not what it should be.
    case setting
    /// The machine is of a kind that the tool does not exist for.
    case machine
    /// The tool's folder does not hold what is needed.
    case tool
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.description = sentence
  }
}
