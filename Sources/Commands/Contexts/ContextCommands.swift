/// The commands about the session's settings.
package enum ContextCommands {
  package static let all: [any ShellCommand.Type] = [
    SetSetting.self, UnsetSetting.self, ShowContext.self, ListContexts.self, UseContext.self, SaveContext.self,
    RemoveContext.self,
  ]
}
