#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
package import Commands
import Dispatch
package import Remote

/// The console of a process without a line editor: its three standard descriptors.
package struct DescriptorConsole: Console {
  private let noColour: Bool
  package init(noColour: Bool) { self.noColour = noColour }

  package var traits: ConsoleTraits {
    let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    var size = winsize()
    let hasSize = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let isDumb = Folders.variable("TERM") ?? "dumb" == "dumb"
    return ConsoleTraits(
      isInteractive: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1, outputIsTerminal: outputIsTerminal,
      width: hasSize ? Int(size.ws_col) : 80, height: hasSize ? Int(size.ws_row) : 24,
      hasColour: outputIsTerminal && !isDumb && !noColour && Folders.variable("NO_COLOR") == nil)
  }

  package func write(_ text: String) throws {
    guard !LocalPath.writeAll(text.utf8, to: STDOUT_FILENO) else { return }
    if errno == EPIPE { throw OutputClosed() }
    throw CommandError(.ownFiles, "can't write the results: \(LocalPath.errorText())")
  }

  package func note(_ text: String) { _ = LocalPath.writeAll((text + "\n").utf8, to: STDERR_FILENO) }

  /// A line that is drawn over itself needs the terminal's own code; without it there is no progress to show.
  package func progress(_ snapshot: ProgressSnapshot?) {}

  package func ask(_ question: String) async throws -> String? { try await answer(question, isShown: true) }

  package func askSecret(_ question: String) async throws -> Secret? {
    try await answer(question, isShown: false).map { Secret($0) }
  }

  private func answer(_ question: String, isShown: Bool) async throws -> String? {
    guard traits.isInteractive else { throw CommandError(.refused, "no terminal to ask at: \(question)") }
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: Self.readAnswer(question, isShown: isShown)) }
    }
  }

  /// What was typed before the question stood there is thrown away.
  private static func readAnswer(_ question: String, isShown: Bool) -> String? {
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var silent = saved
    if !isShown { silent.c_lflag &= ~tcflag_t(ECHO) }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    _ = LocalPath.writeAll(question.utf8, to: STDERR_FILENO)
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(STDIN_FILENO, &byte, 1) == 1, byte != 10 { bytes.append(byte) }
    tcsetattr(STDIN_FILENO, TCSANOW, &saved)
    if !isShown { _ = LocalPath.writeAll("\n".utf8, to: STDERR_FILENO) }
    guard byte == 10 else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
