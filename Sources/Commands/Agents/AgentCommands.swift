/// The commands that look at agents, and let go of one.
package enum AgentCommands {
  package static let all: [any ShellCommand.Type] = [ListAgents.self, ShowAgent.self, ForgetAgent.self]
}
