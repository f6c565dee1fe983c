/// The commands that repair.
package enum RepairCommands {
  package static let all: [any ShellCommand.Type] = [Transfer.self, Reinstall.self]
}
