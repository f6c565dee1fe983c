/// The commands about runs.
package enum RunCommands {
  package static let all: [any ShellCommand.Type] = [ListRuns.self, ShowRun.self, Report.self, Verify.self]
}
