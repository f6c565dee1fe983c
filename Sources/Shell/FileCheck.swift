package import Commands

/// `--check -f FILE`: reads a whole command file, reports every mistake with its place, and runs nothing.
package struct FileCheck: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// 0, or 65 where there was a mistake.
  package func run(_ source: any LineSource) async -> ExitCode {
    var result = ExitCode.success
    while true {
      do {
        guard let line = try await source.next() else { return result }
        for mistake in mistakes(in: line) {
          LineConsole(session.console, place: line.place).note(mistake)
          result = .unusableInput
        }
      } catch {
        LineConsole(session.console, place: (error as? PlacedError)?.place).note(RenderedError(error).message)
        return .unusableInput
      }
    }
  }

  private func mistakes(in line: SourceLine) -> [String] {
    let parsed: ParsedLine
    do {
      parsed = try ParsedLine(line.text, variables: { session.variables[$0] })
    } catch {
      return [LineSecrecy.sayable(error, of: line.text).message]
    }
    return parsed.steps.enumerated().compactMap { index, step in
      guard case .command(let words, _, _) = step.body else { return nil }
      let isBackground = parsed.isBackground && index == parsed.steps.count - 1
      return mistake(in: words.map(\.text), isBackground: isBackground)
    }
  }

  private func mistake(in words: [String], isBackground: Bool) -> String? {
    do {
      guard case .command(let command, _) = try PreparedCommand(words, in: session.registry) else { return nil }
      let type = Swift.type(of: command)
      if isBackground && !type.manual.mayRunInBackground { return "\(type.name) can't run behind the prompt" }
      try (command as? any CheckedCommand)?.check()
      return nil
    } catch {
      return RenderedError(error).message
    }
  }
}
