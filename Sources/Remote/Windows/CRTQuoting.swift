/// How a Windows program's C runtime (and `CommandLineToArgvW`) splits its command line, in the other direction.
///
/// Works on Unicode scalars, never on `Character`: a quote followed by a combining mark is one character, but still a
/// quote to Windows.
enum CRTQuoting {
  /// One argument as it must stand in the line.
  static func quote(_ argument: String) -> String {
    let scalars = argument.unicodeScalars
    guard needsQuotes(argument) else { return argument }
    var line = String.UnicodeScalarView("\"".unicodeScalars)
    var backslashes = 0
    for scalar in scalars {
      switch scalar {
      case "\\":
        backslashes += 1
      case "\"":
        // Backslashes count only before a quote: each is doubled there, and one more makes the quote literal.
        line.append(contentsOf: repeatElement("\\", count: 2 * backslashes + 1))
        backslashes = 0
        line.append(scalar)
        continue
      default:
        line.append(contentsOf: repeatElement("\\", count: backslashes))
        backslashes = 0
        line.append(scalar)
      }
    }
    line.append(contentsOf: repeatElement("\\", count: 2 * backslashes))
    line.append("\"")
    return String(line)
  }

  /// Characters that become blanks in a code page count as blanks. Where a `%` is quoted, cmd can be sent a caret after
  /// it even when it is the last (`CmdEscaping`).
  static func needsQuotes(_ argument: String) -> Bool {
    if isBare(argument) { return argument.isEmpty }
    let scalars = argument.unicodeScalars
    return scalars.isEmpty
      || scalars.contains { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "%" || BestFit.isBlank($0) }
  }

  /// A program's path. The first word has a rule of its own: a quote only opens or closes, nothing is escaped.
  static func program(_ path: String) -> String {
    isBare(path) ? path : "\"\(path)\""
  }

  /// Nothing but ASCII letters, digits and what means nothing to anybody; true for an empty text.
  static func isBare(_ text: String) -> Bool {
    text.utf8.allBytes { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "\\"), UInt8(ascii: ":"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }
}
