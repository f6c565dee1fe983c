/// The commands about whom to trust.
package enum TrustCommands {
  package static let all: [any ShellCommand.Type] = [
    ImportTrust.self, LearnTrust.self, ListTrust.self, RemoveTrust.self,
  ]
}
