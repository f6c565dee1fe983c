/// How reading a line ended.
package enum ReadResult: Sendable, Equatable {
  /// Enter: the line without its newline.
  case line(String)
  /// ^C.
  case cancelled
  /// ^D on an empty line, a terminal that is gone, or `stop()`.
  case endOfInput
  /// The terminal can't be read; the error number says why.
  case failed(Int32)
}
