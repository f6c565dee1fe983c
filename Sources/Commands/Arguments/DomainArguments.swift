package import ApexOne
package import ArgumentParser

/// A selection as typed. Parsing it needs no inventory; evaluating it does, and belongs to the command.
package struct SelectionText: ExpressibleByArgument, Sendable, Hashable {
  package let text: String
  package init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    text = argument
  }
  package static var defaultCompletionKind: CompletionKind { CommandCompletion.selection(preferring: nil).kind }
}

/// The name of one agent.
package struct AgentNameArgument: ExpressibleByArgument, Sendable, Hashable {
  package let name: AgentName
  package init?(argument: String) {
    guard let name = AgentName(argument) else { return nil }
    self.name = name
  }
  package static var defaultCompletionKind: CompletionKind { CommandCompletion.agent.kind }
}

/// The number of a run, from 1.
package struct RunNumber: ExpressibleByArgument, Sendable, Hashable {
  package let value: Int
  package init?(argument: String) {
    guard let value = Int(argument), value > 0 else { return nil }
    self.value = value
  }
  package static var defaultCompletionKind: CompletionKind { CommandCompletion.run.kind }
}

/// The path of a file of ours, as typed.
package struct FilePathArgument: ExpressibleByArgument, Sendable, Hashable {
  package let path: String
  package init?(argument: String) {
    guard !argument.isEmpty, !argument.utf8.contains(0) else { return nil }
    path = LocalPath.expandingHome(argument)
  }
  package static var defaultCompletionKind: CompletionKind { CommandCompletion.file.kind }
}

/// The name of a saved context: a file name of ours, so its grammar is narrow.
package struct ContextName: ExpressibleByArgument, Sendable, Hashable, CustomStringConvertible {
  package let text: String
  package init?(argument: String) {
    guard let first = argument.first, first.isASCII, first.isLetter || first.isNumber, argument.utf8.count <= 64,
      argument.utf8.allSatisfy({ ContextName.isAllowed($0) })
    else { return nil }
    text = argument
  }
  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
  }
  package var description: String { text }
  package static var defaultCompletionKind: CompletionKind { CommandCompletion.context.kind }
}
