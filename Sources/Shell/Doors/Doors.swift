package import Commands

/// What the program is made of; filled in by its main file.
package struct Program: Sendable {
  package var version: String
  package var registry: CommandRegistry
  /// Made once the start options are known.
  package var services: @Sendable (StartOptions, Folders) -> Services

  package init(
    version: String, registry: CommandRegistry, services: @escaping @Sendable (StartOptions, Folders) -> Services
  ) {
    self.version = version
    self.registry = registry
    self.services = services
  }
}

/// What stands around the shell: the console, and how a person types.
package struct Frontend: Sendable {
  /// Made once it is known whether colours are wanted.
  package var console: @Sendable (_ noColor: Bool) -> any Console
  /// A person types at standard input.
  package var inputIsTerminal: Bool
  /// Reads lines from that person; nil where nobody types.
  package var prompt: @Sendable (Session) async throws -> any PromptReader
  /// Runs something in the foreground: ^C cancels it.
  package var foreground: @Sendable (@escaping @Sendable () async -> ExitCode) async -> ExitCode

  package init(
    console: @escaping @Sendable (_ noColor: Bool) -> any Console, inputIsTerminal: Bool,
    prompt: @escaping @Sendable (Session) async throws -> any PromptReader,
    foreground: @escaping @Sendable (@escaping @Sendable () async -> ExitCode) async -> ExitCode
  ) {
    self.console = console
    self.inputIsTerminal = inputIsTerminal
    self.prompt = prompt
    self.foreground = foreground
  }
}

/// The ways into apexsh: a prompt, a file, a line, a command, a pipe.
package struct Doors: Sendable {
  private let program: Program
  private let frontend: Frontend

  package init(program: Program, frontend: Frontend) {
    self.program = program
    self.frontend = frontend
  }

  /// `arguments`: behind the program's name.
  package func run(_ arguments: [String]) async -> ExitCode {
    do {
      let options = try StartOptions(arguments)
      let console = frontend.console(options.noColor)
      if options.wantsVersion {
        try console.writeLine("apexsh \(program.version)")
        return .success
      }
      if options.wantsHelp {
        try console.write(HelpText.fitted(StartHelp.text(program.registry), in: console.traits))
        return .success
      }
      return try await enter(try Self.withProgramLine(options), console)
    } catch is OutputClosed {
      return .success
    } catch {
      let rendered = RenderedError(error)
      LineConsole(frontend.console(false)).note(rendered.message)
      return rendered.exitCode
    }
  }

  /// `complete --program LINE` looks up with the start options of that line, not with its own.
  private static func withProgramLine(_ options: StartOptions) throws(CommandError) -> StartOptions {
    guard options.words.first == "complete", options.words.contains("--program"), let line = options.words.last,
      let inner = try? StartOptions(ProgramLine(line).options)
    else { return options }
    var merged = options
    merged.context = inner.context ?? options.context
    merged.settings += inner.settings
    merged.lab = inner.lab ?? options.lab
    merged.stateFolder = inner.stateFolder ?? options.stateFolder
    merged.configFolder = inner.configFolder ?? options.configFolder
    return merged
  }

  private func enter(_ options: StartOptions, _ console: any Console) async throws -> ExitCode {
    let isPrompt = options.inputs.isEmpty && options.words.isEmpty && frontend.inputIsTerminal
    let session = try await SessionBuilder(program: program, options: options).build(
      console, isOneShot: !options.words.isEmpty)
    let interpreter = Interpreter(session)
    if !options.inputs.isEmpty {
      // All files are opened first: a misspelt one must not be found when the ones before it have done their work.
      let inputs = try options.inputs.map(Interpreter.Input.init)
      if options.isCheck { return await FileCheck(session).run(inputs) }
      return await toTheEnd(session) { await interpreter.run(inputs) }
    }
    if !options.words.isEmpty { return await frontend.foreground { await interpreter.run(words: options.words) } }
    guard isPrompt else {
      return await toTheEnd(session) { await interpreter.run(StreamLines(descriptor: 0, name: "stdin")) }
    }
    let prompt = PromptDoor(
      session: session, reader: try await frontend.prompt(session), foreground: frontend.foreground)
    return await prompt.run()
  }

  /// Runs lines, and waits for what they have put behind them: the process takes its runs along when it ends.
  private func toTheEnd(
    _ session: Session, _ lines: @escaping @Sendable () async -> ExitCode
  ) async -> ExitCode {
    await frontend.foreground {
      let code = await lines()
      let services = session.services
      // A ^C that ended the lines was meant for what they had begun, too.
      if code == .interrupted { services.background.stopAll() }
      await services.background.settle(LineConsole(session.console), services.bell)
      return code.combined(with: services.background.takeCodes())
    }
  }
}
