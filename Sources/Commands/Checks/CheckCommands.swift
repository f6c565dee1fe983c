/// The commands that check before something is repaired.
package enum CheckCommands {
  package static let all: [any ShellCommand.Type] = [CheckServer.self, CheckAgents.self]
}
