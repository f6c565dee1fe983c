/// The commands about handing the rest over to Support.
package enum CaseCommands {
  package static let all: [any ShellCommand.Type] = [Escalate.self, ListCases.self, ShowCase.self]
}
