import Commands

/// `--check -f FILE`: reads a whole command file and those that it leads to, reports every mistake with its place, and
/// runs nothing.
package struct FileCheck: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// Reads what the command line gave, in its order: 0, or 65 where there was a mistake.
  func run(_ inputs: [Interpreter.Input]) async -> ExitCode {
    var found = Findings()
    for input in inputs { await read(input.source, [input.file].compactMap(\.self), &found) }
    return found.code
  }

  /// What was found in all that was read so far.
  private struct Findings {
    var code = ExitCode.success
    /// Files that were read to their end: each mistake is said once, however often its file is run.
    var read: Set<String> = []
    /// Contexts that a line before saves, or removes.
    var saved: [ContextName: Bool] = [:]
  }

  private func read(_ source: any LineSource, _ sources: [String], _ found: inout Findings) async {
    while true {
      do {
        guard let line = try await source.next() else { return }
        for step in steps(of: line, &found) { await follow(step, at: line.place, sources, &found) }
      } catch {
        return say(error, at: (error as? PlacedError)?.place, &found)
      }
    }
  }

  private func say(_ error: any Error, at place: String?, _ found: inout Findings) {
    LineConsole(session.console, place: place).note(RenderedError(error).message)
    found.code = .unusableInput
  }

  /// The commands of a line that are in order; what is wrong with the others is said.
  private func steps(of line: SourceLine, _ found: inout Findings) -> [any ShellCommand] {
    let parsed: ParsedLine
    do {
      parsed = try ParsedLine(line.text, variables: { session.variables[$0] })
    } catch {
      say(LineSecrecy.sayable(error, of: line.text), at: line.place, &found)
      return []
    }
    var commands: [any ShellCommand] = []
    for (index, step) in parsed.steps.enumerated() {
      guard case .command(let words, _, _) = step.body else { continue }
      let isBackground = parsed.isBackground && index == parsed.steps.count - 1
      do {
        if let command = try command(of: words.map(\.text), isBackground) { commands.append(command) }
      } catch {
        say(error, at: line.place, &found)
      }
    }
    return commands
  }

  private func command(of words: [String], _ isBackground: Bool) throws -> (any ShellCommand)? {
    guard case .command(let command, _) = try PreparedCommand(words, in: session.registry) else { return nil }
    let type = Swift.type(of: command)
    if isBackground && !type.manual.mayRunInBackground {
      throw CommandError(.misuse, "\(type.name) can't run behind the prompt")
    }
    try (command as? any CheckedCommand)?.check()
    return command
  }

  /// Looks at what the command would read when it runs.
  private func follow(
    _ command: any ShellCommand, at place: String?, _ sources: [String], _ found: inout Findings
  ) async {
    guard let lead = (command as? any LeadingCommand)?.lead else { return }
    do {
      switch lead {
      case .commandFile(let path):
        let inner = try Interpreter.nested(path, in: sources)
        guard let file = inner.last, !found.read.contains(file) else { return }
        guard LocalPath.isPlainOrMissing(path) else {
          // Reading it would take what is meant for the run, or wait for it.
          LineConsole(session.console, place: place).note(
            "\(OutputText.visible(path)) is no plain file: what it gives is not looked at")
          return
        }
        await read(try StreamLines(path: path), inner, &found)
        found.read.insert(file)
      case .savesContext(let name): found.saved[name] = true
      case .removesContext(let name): found.saved[name] = false
      case .context(let name):
        switch found.saved[name] {
        case true?: return
        case false?: throw CommandError(.misuse, "the context '\(name)' was removed by a line before")
        case nil: _ = try ContextFile.load(name, in: session.folders)
        }
      }
    } catch {
      say(error, at: place, &found)
    }
  }
}
