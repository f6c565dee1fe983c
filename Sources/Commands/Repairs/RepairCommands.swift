/// The commands that repair.
package enum RepairCommands {
  package static let all: [any ShellCommand.Type] = [
    Transfer.self, Reinstall.self, Apply.self, ShowPlan.self, Resume.self, Retry.self,
  ]
}
