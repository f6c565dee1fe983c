import CEditline
package import Commands
import Foundation
package import LineEditor

/// What the shell is connected to: which of the three standard descriptors are a terminal, its size, and whether
/// colours may be used. With its neighbours in this folder, the only place that touches those descriptors.
package struct Terminal: Sendable {
  package let inputIsTerminal: Bool
  package let outputIsTerminal: Bool
  package let errorIsTerminal: Bool
  /// Colours and faint text may be written to standard output.
  package let color: Bool
  /// The same for standard error.
  package let errorColor: Bool
  /// The terminal can move its cursor: progress, prompts and hints may redraw.
  package let movesCursor: Bool

  static let inputDescriptor: Int32 = 0
  static let outputDescriptor: Int32 = 1
  static let errorDescriptor: Int32 = 2

  /// - Parameters:
  ///   - environment: the value of a variable; the process's own, where none is given.
  ///   - noColor: the user said `--no-color` or `set color off`.
  package init(environment: (String) -> String? = Folders.variable, noColor: Bool = false) {
    self.init(
      input: isatty(Self.inputDescriptor) == 1, output: isatty(Self.outputDescriptor) == 1,
      error: isatty(Self.errorDescriptor) == 1, environment: environment, noColor: noColor)
  }

  init(input: Bool, output: Bool, error: Bool, environment: (String) -> String?, noColor: Bool) {
    inputIsTerminal = input
    outputIsTerminal = output
    errorIsTerminal = error
    let kind = environment("TERM") ?? ""
    movesCursor = !kind.isEmpty && kind != "dumb"
    // NO_COLOR counts when it is set to anything but the empty text (no-color.org).
    let wanted = movesCursor && !noColor && (environment("NO_COLOR") ?? "").isEmpty
    color = output && wanted
    errorColor = error && wanted
  }

  /// A line editor makes sense: a person types and sees.
  package var canEdit: Bool { inputIsTerminal && outputIsTerminal }

  /// What the line editor needs to know of the terminal.
  package var editorOptions: LineEditor.Options {
    var options = LineEditor.Options()
    options.color = color
    options.movesCursor = movesCursor
    return options
  }

  /// Columns and rows of the window, as it is now; 80 by 24 where there is none.
  package var size: (width: Int, height: Int) {
    var columns: Int32 = 80
    var rows: Int32 = 24
    for descriptor in [Self.outputDescriptor, Self.errorDescriptor, Self.inputDescriptor] {
      if ce_window(descriptor, &columns, &rows) != 0 { break }
    }
    return (Int(columns), Int(rows))
  }

  package var width: Int { size.width }
  package var height: Int { size.height }

  /// The terminal shows what is typed: no pager or editor of a command has taken it over.
  static var echoes: Bool {
    var modes = termios()
    return tcgetattr(inputDescriptor, &modes) == 0 && modes.c_lflag & tcflag_t(ECHO) != 0
  }

  /// Whether the terminal shows what is typed while lines are read by the system; nothing where something has taken it
  /// over. True where that was changed.
  @discardableResult static func setEcho(_ isOn: Bool) -> Bool {
    var modes = termios()
    guard tcgetattr(inputDescriptor, &modes) == 0, modes.c_lflag & tcflag_t(ICANON) != 0,
      (modes.c_lflag & tcflag_t(ECHO) != 0) != isOn
    else { return false }
    modes.c_lflag = isOn ? modes.c_lflag | tcflag_t(ECHO) : modes.c_lflag & ~tcflag_t(ECHO)
    return tcsetattr(inputDescriptor, TCSANOW, &modes) == 0
  }
}
