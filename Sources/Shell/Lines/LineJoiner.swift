import Commands

/// Puts lines that end in `\` together with those that continue them.
struct LineJoiner {
  private var pending = ""
  private(set) var firstNumber: Int?

  /// Takes a line; gives a whole one when nothing more belongs to it.
  mutating func add(_ line: String, number: Int) -> (text: String, number: Int)? {
    let first = firstNumber ?? number
    let isComment = pending.isEmpty && line.drop(while: { $0 == " " || $0 == "\t" }).first == "#"
    if line.last == "\\" && !isComment {
      pending += line.dropLast()
      firstNumber = first
      return nil
    }
    defer { (pending, firstNumber) = ("", nil) }
    return (pending + line, first)
  }

  /// What stands there when the lines end after a `\`.
  mutating func rest() -> (text: String, number: Int)? {
    guard let number = firstNumber else { return nil }
    defer { (pending, firstNumber) = ("", nil) }
    return (pending, number)
  }
}
