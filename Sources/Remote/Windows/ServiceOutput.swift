/// A service's state, by the number that `sc.exe` prints.
package enum ServiceState: UInt32, Sendable, Hashable, CaseIterable {
  case stopped = 1
  case startPending, stopPending, running, continuePending, pausePending, paused
}

/// What `sc.exe query|queryex|start NAME` wrote.
///
/// Labels are in the endpoint's language, so lines count by their order: type, state, two exit codes, checkpoint, wait
/// hint, and for `queryex` and `start` the process id. An error is a number before a colon, in every language.
package struct ServiceOutput: Sendable, Hashable {
  package var state: ServiceState?
  /// Nil where it isn't printed, or is 0: the service doesn't run.
  package var processID: UInt32?
  /// The Windows error number, where `sc.exe` failed.
  package var error: UInt32?

  package init(_ bytes: [UInt8]) {
    var numbers: [Substring.UnicodeScalarView] = []
    var errors: [UInt32] = []
    for line in ConsoleText.lines(bytes) {
      if line.first == " " || line.first == "\t" {
        if let value = ServiceOutput.field(line) { numbers.append(value) }
      } else if let number = ServiceOutput.failure(line) {
        errors.append(number)
      }
    }
    if numbers.count > 1 { state = UInt32(String(numbers[1])).flatMap(ServiceState.init(rawValue:)) }
    if state != nil, numbers.count > 6 {
      processID = UInt32(String(numbers[6])).flatMap { $0 == 0 ? nil : $0 }
    }
    if state == nil { error = errors.first }
  }

  package init(_ result: CommandResult) {
    self.init(result.output + [0x0A] + result.errors)
  }

  /// No service of that name is installed.
  package var isMissing: Bool { error == 1060 }
  package var isAccessDenied: Bool { error == 5 }
  /// `start`: it runs already.
  package var isAlreadyRunning: Bool { error == 1056 }
  package var isRunning: Bool { state == .running }

  /// The word after the colon of an indented line, where it begins with a digit.
  ///
  /// A type is hexadecimal without `0x`, so `e0` is a number there: letters are let in.
  private static func field(_ line: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
    guard let colon = line.firstIndex(where: { $0 == ":" || $0 == "\u{FF1A}" }) else { return nil }
    let rest = line[line.index(after: colon)...].drop { !isWordCharacter($0) }
    let word = rest.prefix(while: isWordCharacter)
    guard let first = word.first, word.count <= 12 else { return nil }
    let isNumber = word.allSatisfy { $0.properties.isASCIIHexDigit || $0 == "x" }
    return isNumber && (isDigit(first) || word.count == 2) ? word : nil
  }

  /// The number of `… FAILED 1060:`, whatever the words; French puts a blank before the colon.
  private static func failure(_ line: Substring.UnicodeScalarView) -> UInt32? {
    var found: UInt32?
    var rest = line
    while let start = rest.firstIndex(where: isDigit) {
      let digits = rest[start...].prefix(while: isDigit)
      let isWhole = start == line.startIndex || !isWordCharacter(line[line.index(before: start)])
      rest = rest[digits.endIndex...]
      // A no-break space in a code page comes as U+FFFD.
      let after = rest.drop { $0.properties.isWhitespace || $0 == "\u{FFFD}" }
      if isWhole, digits.count <= 10, let colon = after.first, colon == ":" || colon == "\u{FF1A}" {
        found = UInt32(String(digits))
      }
    }
    return found
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }
}
