/// An expression that names agents of the inventory: `WS-[001-120,200]`, `10.20.0.0/16`,
/// `@mismatched&@domain:Sales!WS-007`. Parsed here, evaluated against a `SelectionUniverse`; touches no file.
///
/// `,` joins terms; within one, `&` narrows and `!` reduces what stands left of it.
package struct Selection: Sendable, Hashable {
  /// As it was typed.
  package let text: String
  let terms: [Term]

  struct Term: Sendable, Hashable {
    var first: Operand
    var rest: [Step] = []
  }

  struct Step: Sendable, Hashable {
    enum Operator: Sendable, Hashable { case narrow, reduce }
    var `operator`: Operator
    var operand: Operand
  }

  struct Operand: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case all
      case name(AgentName)
      case pattern(NamePattern)
      case network(NetworkRange)
      case set(SelectionSet)
      case domain(String)
      case file(String)
      case first(Int)
    }
    var kind: Kind
    /// As it was typed.
    var text: String
    /// The character it begins at, from 1.
    var column: Int
  }

  package init(_ text: String) throws(SelectionError) {
    self.text = text
    var parser = SelectionParser(text)
    terms = try parser.parse()
  }

  /// Exactly these agents, without a parse.
  package init(names: [AgentName]) {
    text = NameFolding.fold(names)
    terms = names.map { Term(first: Operand(kind: .name($0), text: $0.text, column: 1)) }
  }

  /// It is names alone, joined: it can be taken without a list.
  package var isPlainNames: Bool {
    operands.allSatisfy { if case .name = $0.kind { true } else { false } }
  }

  /// From left to right.
  var operands: [Operand] { terms.flatMap { [$0.first] + $0.rest.map(\.operand) } }
}

/// A set of agents that is known by a word.
package enum SelectionSet: Sendable, Hashable {
  /// The newest list less those proved since.
  case mismatched
  /// Endpoints whose services did not run, or may not, and that no inspection has proved well since.
  case unprotected
  /// Endpoints without an agent, at the newest inspection.
  case noAgent
  /// Those of an outcome in the server's last run, or in run `run`.
  case outcome(Outcome, run: Int?)
}

extension SelectionSet: CustomStringConvertible {
  package var description: String {
    switch self {
    case .mismatched: "@mismatched"
    case .unprotected: "@unprotected"
    case .noAgent: "@no-agent"
    case .outcome(let outcome, let run): "@\(outcome.rawValue)" + (run.map { ":\($0)" } ?? "")
    }
  }

  /// Every word that can stand behind `@`, for help, completion and error texts; a colon asks for a value.
  package static let words: [String] =
    ["mismatched", "unprotected", "no-agent"] + Outcome.allCases.map(\.rawValue) + ["domain:", "file:", "first:"]
}
