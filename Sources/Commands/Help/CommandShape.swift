import ArgumentParser
import Foundation
import Synchronization

/// The arguments of a command as completion needs them, read from the parser's own description of its declaration.
package struct CommandShape: Sendable, Hashable {
  package struct Parameter: Sendable, Hashable {
    /// `--format`, `-f`; empty for a positional one.
    package var names: [String]
    package var takesValue: Bool
    package var isRepeating: Bool
    package var help: String
    package var completion: CommandCompletion?
    /// The only values it takes, where there are such.
    package var values: [String]
  }

  package var positionals: [Parameter] = []
  package var options: [Parameter] = []

  /// Read once for each command, when it is first needed: nothing of this is done at the start.
  package static func of(_ type: any ShellCommand.Type) -> CommandShape {
    let name = type.name
    if let known = cache.withLock({ $0[name] }) { return known }
    let shape = read(type._dumpHelp())
    cache.withLock { $0[name] = shape }
    return shape
  }

  private static let cache = Mutex<[String: CommandShape]>([:])

  static func read(_ dump: String) -> CommandShape {
    guard let tool = try? JSONDecoder().decode(Dump.self, from: Data(dump.utf8)) else { return CommandShape() }
    var shape = CommandShape()
    for argument in tool.command.arguments ?? [] where argument.shouldDisplay {
      let parameter = Parameter(argument)
      if argument.kind == "positional" { shape.positionals.append(parameter) } else { shape.options.append(parameter) }
    }
    return shape
  }
}

/// The parts of the parser's description that we read.
private struct Dump: Decodable {
  struct Command: Decodable { var arguments: [Argument]? }
  struct Name: Decodable {
    var kind: String
    var name: String
  }
  struct Completion: Decodable {
    struct List: Decodable { var values: [String] }
    struct Extensions: Decodable { var extensions: [String] }
    struct Shell: Decodable { var command: String }
    struct Empty: Decodable {}
    var list: List?
    var file: Extensions?
    var directory: Empty?
    var shellCommand: Shell?
  }
  struct Argument: Decodable {
    var kind: String
    var shouldDisplay: Bool
    var isRepeating: Bool
    var names: [Name]?
    var abstract: String?
    var allValues: [String]?
    var completionKind: Completion?
  }
  var command: Command
}

extension CommandShape.Parameter {
  fileprivate init(_ argument: Dump.Argument) {
    names = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    takesValue = argument.kind != "flag"
    isRepeating = argument.isRepeating
    help = argument.abstract ?? ""
    values = argument.allValues ?? argument.completionKind?.list?.values ?? []
    if argument.completionKind?.file != nil {
      completion = .file
    } else if argument.completionKind?.directory != nil {
      completion = .folder
    } else {
      completion = argument.completionKind?.shellCommand.flatMap { CommandCompletion(carried: $0.command) }
    }
  }
}
