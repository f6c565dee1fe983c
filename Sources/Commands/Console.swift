package import Remote

/// What a command may know of where its output goes.
package struct ConsoleTraits: Sendable, Hashable {
  /// A person is there: questions can be asked and will be answered from a terminal.
  package var isInteractive: Bool
  /// Results go to a terminal (tables), not into a pipe or a file.
  package var outputIsTerminal: Bool
  /// Columns of the window.
  package var width: Int
  /// Rows of the window.
  package var height: Int
  package var hasColour: Bool

  package init(
    isInteractive: Bool = false, outputIsTerminal: Bool = false, width: Int = 80, height: Int = 24,
    hasColour: Bool = false
  ) {
    self.isInteractive = isInteractive
    self.outputIsTerminal = outputIsTerminal
    self.width = width
    self.height = height
    self.hasColour = hasColour
  }
}

/// How far a piece of work is. Drawn by the terminal as often as it likes; may be sent as often as it changes.
package struct ProgressSnapshot: Sendable, Hashable {
  /// What is being done: `reading the list`.
  package var label: String
  package var done: Int
  /// Nil where the end is not known.
  package var total: Int?
  /// Of those done, how many were done before the work began: they count for no rate.
  package var earlier: Int
  /// Said behind the figures: `3 unreachable`.
  package var detail: String?
  /// Time since the work began, on the clock the work lives on.
  package var elapsed: Duration

  package init(
    label: String, done: Int, total: Int? = nil, earlier: Int = 0, detail: String? = nil, elapsed: Duration
  ) {
    self.label = label
    self.done = done
    self.earlier = earlier
    self.total = total
    self.detail = detail
    self.elapsed = elapsed
  }
}

/// Where a command talks. Results are what was asked for (standard output); everything else is a note (standard error).
///
/// Text handed over is shown as it is: whoever shows text from outside makes it visible first (`OutputText.visible`);
/// rows do that by themselves.
package protocol Console: Sendable {
  var traits: ConsoleTraits { get }

  /// Writes a piece of the results. Throws `OutputClosed` when the reader has gone: stop, and say nothing.
  func write(_ text: String) throws

  /// Says something beside the results; the prefix (`apexsh: `, or `FILE:LINE: `) is the console's business.
  func note(_ text: String)

  /// Shows how far a work is; nil clears it.
  func progress(_ snapshot: ProgressSnapshot?)

  /// Shows a few lines that the next call draws over; nil leaves the last ones standing. False where nothing can be
  /// drawn over.
  @discardableResult func stand(_ lines: [String]?) -> Bool

  /// Asks, and waits for one line typed after the question was shown. Nil when it was cancelled.
  /// Throws where no person is there.
  func ask(_ question: String) async throws -> String?

  /// The same without echo.
  func askSecret(_ question: String) async throws -> Secret?
}

/// The reader of our results has gone (`| head`): not an error to talk about.
package struct OutputClosed: Error, Sendable, Hashable {
  package init() {}

  /// Shows what a command has done. A reader who has gone ends the showing alone: the command's own code stands.
  package static func ending(_ show: () throws -> Void) rethrows {
    do { try show() } catch is OutputClosed {}
  }
}

extension Console {
  package func stand(_ lines: [String]?) -> Bool { false }
  package func writeLine(_ text: String) throws { try write(text + "\n") }
}
