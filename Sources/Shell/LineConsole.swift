package import Commands
package import Remote

/// The console as one line of the session sees it: notes get their prefix, results go where the line sends them.
package struct LineConsole: Console {
  private let base: any Console
  private let prefix: String
  private let sink: (any ResultTarget)?
  /// `always`, `never`, or `auto`: the console decides.
  private let colour: String?

  /// `place` is `FILE:LINE`, or nil for `apexsh: `. `sink`: where results go instead of the console.
  package init(_ base: any Console, place: String? = nil, sink: (any ResultTarget)? = nil, colour: String? = nil) {
    self.base = base
    self.prefix = (place ?? "apexsh") + ": "
    self.sink = sink
    self.colour = colour
  }

  package var traits: ConsoleTraits {
    var traits = base.traits
    if colour == "always" { traits.hasColour = true }
    if colour == "never" { traits.hasColour = false }
    if sink?.isTerminal == false {
      traits.outputIsTerminal = false
      traits.hasColour = false
    }
    return traits
  }

  package func write(_ text: String) throws {
    if let sink { try sink.write(text) } else { try base.write(text) }
  }

  /// Every line of a note carries the prefix, so that none can be mistaken for something else.
  package func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    base.note(lines.map { prefix + OutputText.visible(String($0)) }.joined(separator: "\n"))
  }

  package func progress(_ snapshot: ProgressSnapshot?) { base.progress(snapshot) }
  package func stand(_ lines: [String]?) -> Bool { base.stand(lines) }
  package func ask(_ question: String) async throws -> String? { try await base.ask(question) }
  package func askSecret(_ question: String) async throws -> Secret? { try await base.askSecret(question) }
}
