/// What Tab changes in the line: the word before the cursor makes way for what all candidates begin with.
struct CompletionInsertion: Equatable {
  /// Characters (scalars, as libedit counts them) to delete before the cursor.
  var deleted: Int
  var inserted: String

  /// Nil where nothing can be inserted, and the candidates should be listed.
  init?(_ completion: LineCompletion, line: String, cursor: Int) {
    let utf8 = line.utf8
    guard completion.start >= 0, completion.start <= cursor, cursor <= utf8.count, completion.total > 0,
      let from = utf8.index(utf8.startIndex, offsetBy: completion.start).samePosition(in: line.unicodeScalars),
      let to = utf8.index(utf8.startIndex, offsetBy: cursor).samePosition(in: line.unicodeScalars)
    else { return nil }
    let word = line[from..<to]
    if completion.total == 1, let only = completion.candidates.first {
      let blankFollows = line[to...].utf8.first == UInt8(ascii: " ")
      inserted = only.isFinal && !blankFollows ? only.text + " " : only.text
    } else {
      inserted = Self.commonPrefix(completion, atLeast: word.utf8.count)
      // Never take away what was typed: candidates may match in another way than by their beginning.
      guard inserted.utf8.count >= word.utf8.count else { return nil }
    }
    guard inserted != word else { return nil }
    deleted = word.unicodeScalars.count
  }

  /// Stops looking as soon as nothing beyond `atLeast` bytes can be common.
  static func commonPrefix(_ completion: LineCompletion, atLeast: Int) -> String {
    if let known = completion.commonPrefix { return known }
    guard completion.total == completion.candidates.count, let first = completion.candidates.first?.text else {
      return ""
    }
    let bytes = Array(first.utf8)
    var length = bytes.count
    for candidate in completion.candidates.dropFirst() {
      var same = 0
      for byte in candidate.text.utf8 {
        if same == length || bytes[same] != byte { break }
        same += 1
      }
      length = same
      if length < atLeast { return "" }
    }
    // Back to the beginning of a character.
    while length > 0, length < bytes.count, bytes[length] & 0xc0 == 0x80 { length -= 1 }
    return String(decoding: bytes[..<length], as: UTF8.self)
  }
}
