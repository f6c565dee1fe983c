/// The commands that look at agents.
package enum AgentCommands {
  package static let all: [any ShellCommand.Type] = [ListAgents.self, ShowAgent.self]
}
