/// The commands about the server itself.
package enum ServerCommands {
  package static let all: [any ShellCommand.Type] = [Connect.self, ListMismatched.self]
}
