package import Commands

/// Lines of a terminal that can do no more than lines (`TERM=dumb`): no editing, no completion, no history.
package final class PlainPrompt: PromptReader {
  private let lines = StreamLines(descriptor: 0, name: "prompt", joinsLines: false)
  private let console: any Console

  package init(console: any Console) { self.console = console }

  package func readLine(prompt: String, isProduction: Bool) async -> PromptInput {
    do {
      try console.write(prompt + " ")
      let terminal = console as? TerminalConsole
      terminal?.stand(at: prompt)
      defer { terminal?.stand(at: nil) }
      guard let line = try await lines.next() else {
        try console.write("\n")
        return .end
      }
      return .line(line.text)
    } catch let error as PlacedError {
      LineConsole(console).note(error.message)
      return .cancelled
    } catch {
      return .end
    }
  }

  package func remember(_ line: String, onDisk: Bool) async {}
  package func stop() async {}
}
