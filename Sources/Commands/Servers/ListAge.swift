package import Runs

// A list's age in words.
extension ListAge {
  /// Behind "list": `of 3 h ago`, or `dated 2 h ahead of this clock, so of unknown age`.
  package var text: String {
    guard let seconds else { return "with a date that can't be, so of unknown age" }
    return isUnknown
      ? "dated \(TimeText.age(-seconds)) ahead of this clock, so of unknown age" : "of \(TimeText.age(seconds)) ago"
  }

  /// Behind "the list": `is 8 d old`.
  var sentence: String {
    guard let seconds else { return "has a date that can't be, so its age is not known" }
    return isUnknown
      ? "is dated \(TimeText.age(-seconds)) ahead of this clock, so its age is not known"
      : "is \(TimeText.age(seconds)) old"
  }
}
