/// What Windows makes of characters for a program that asks for its command line in a code page: the "best fit", after
/// the line was quoted. A character that fits as a quote, a backslash or a blank could end an argument.
enum BestFit {
  static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x02BA, 0x030E, 0x2033, 0x2036, 0xFF02: true
    default: false
    }
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00A0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  private static func isBackslash(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00A5, 0x20A9, 0x20E5, 0x2216, 0x29F5, 0x29F9, 0xFE68, 0xFF3C: true
    default: false
    }
  }

  /// The first one that would stand before a quote of the quoted argument, with nothing but its like in between.
  static func backslashBeforeQuote(in argument: String) -> Unicode.Scalar? {
    var pending: Unicode.Scalar?
    for scalar in argument.unicodeScalars {
      if isBackslash(scalar) {
        pending = pending ?? scalar
      } else if scalar == "\"", let pending {
        return pending
      } else if scalar != "\\" {
        pending = nil
      }
    }
    return CRTQuoting.needsQuotes(argument) ? pending : nil
  }
}
