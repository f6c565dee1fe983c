/// Why a selection can't be read or evaluated, and where in its text.
package struct SelectionError: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    case empty
    case missingOperand
    case nothingToReduce
    case unexpected(Character)
    case openQuote
    case openBracket
    case malformedName(String, fault: String)
    case malformedRange(String, fault: String)
    case tooManyNames
    case tooManyPatterns
    /// Its operands together would take more steps than any fleet needs.
    case tooMuch
    case malformedNetwork(String)
    case unknownSet(String)
    case missingValue(String)
    case needlessValue(String)
    case malformedRun(String)
    case malformedCount(String)
    /// The universe has no such set or list: its own sentence.
    case unavailable(String)
    case malformedLine(file: String, line: Int, fault: String)
  }

  package let reason: Reason
  /// The character it was found at, from 1.
  package let column: Int

  init(_ reason: Reason, column: Int) {
    self.reason = reason
    self.column = column
  }
}

extension SelectionError: CustomStringConvertible {
  /// One sentence without a full stop; the column is part of it.
  package var description: String {
    switch reason {
    case .unavailable(let sentence): sentence
    case .malformedLine(let file, let line, let fault): "\(file):\(line): \(fault)"
    default: "selection, column \(column): \(reason.sentence)"
    }
  }
}

extension SelectionError.Reason {
  var sentence: String {
    switch self {
    case .empty: "it names nothing; 'all' names every agent"
    case .missingOperand: "a name, a network or an @set is missing here"
    case .nothingToReduce: "nothing stands left of it to take from; write all!… to leave some out"
    case .unexpected(let character): "'\(character)' can't stand here"
    case .openQuote: "a quote opens here and never closes"
    case .openBracket: "a bracket opens here and never closes"
    case .malformedName(let name, let fault): "'\(name)' could not be a host name: \(fault)"
    case .malformedRange(let range, let fault): "'\(range)' is not a range of numbers: \(fault)"
    case .tooManyNames: "it stands for more than \(NamePattern.mostNames) names"
    case .tooManyPatterns:
      "it stands for more than \(NamePattern.mostGlobs) patterns (names with * or ?); join them, or name agents"
    case .tooMuch: "all of it together stands for more than can be worked out; name fewer sets, patterns or networks"
    case .malformedNetwork(let text):
      "'\(text)' is no address, network or range of them; write 10.20.0.5, 10.20.0.0/16, 10.20.*, 10.20.0.1-9 or fe80::/10"
    case .unknownSet(let word):
      "there is no set '@\(word)'; known are " + SelectionSet.words.map { "@\($0)" }.joined(separator: ", ")
    case .missingValue(let word): "@\(word) needs a value: @\(word):…"
    case .needlessValue(let word): "@\(word) takes no value"
    case .malformedRun(let text): "'\(text)' is not a run number"
    case .malformedCount(let text): "'\(text)' is not a count from 1"
    case .unavailable(let sentence), .malformedLine(_, _, let sentence): sentence
    }
  }
}
