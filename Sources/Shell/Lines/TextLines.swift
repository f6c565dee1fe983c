import Commands
import InputText
import Synchronization

/// Lines of a text that is in memory: the argument of `-c`.
package final class TextLines: LineSource {
  private let lines: Mutex<[SourceLine]>

  package init(_ text: String) {
    var joiner = LineJoiner()
    var lines: [SourceLine] = []
    for (index, line) in Lines.of(text).enumerated() {
      if let whole = joiner.add(String(line), number: index + 1) { lines.append(SourceLine(whole.text)) }
    }
    if let rest = joiner.rest() { lines.append(SourceLine(rest.text)) }
    self.lines = Mutex(lines.reversed())
  }

  package func next() async throws -> SourceLine? { lines.withLock { $0.popLast() } }
}
