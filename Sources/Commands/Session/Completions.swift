import ArgumentParser

/// `completions bash|zsh|fish`
struct Completions: ShellCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a script that completes apexsh in a login shell.")
  static let manual = CommandManual(
    group: .shell,
    examples: [
      .init("completions bash", "for bash: source <(apexsh completions bash)"),
      .init("completions fish", "for fish: apexsh completions fish | source"),
    ])

  enum LoginShell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  @Argument(help: "The login shell.") var shell: LoginShell

  func run(in invocation: Invocation) async throws -> ExitCode {
    switch shell {
    case .bash: try invocation.console.write(LoginShellScripts.bash)
    case .zsh: try invocation.console.write(LoginShellScripts.zsh)
    case .fish: try invocation.console.write(LoginShellScripts.fish)
    }
    return .success
  }
}
