/// The commands about the shell itself.
package enum SessionCommands {
  package static let all: [any ShellCommand.Type] = [
    Help.self, Leave.self, Source.self, Complete.self, Completions.self,
  ]
}
