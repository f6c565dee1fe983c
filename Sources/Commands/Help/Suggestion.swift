/// "Did you mean": the nearest of the words there are.
package enum Suggestion {
  /// The nearest word, where one is near enough to be meant.
  package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().prefix(40))
    var best: (word: String, distance: Int)?
    for candidate in words {
      let distance = distance(typed, Array(candidate))
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    if let best, best.distance <= max(1, min(3, typed.count / 3)) { return best.word }
    let starting = words.filter { $0.hasPrefix(word) && !word.isEmpty }
    return starting.count == 1 ? starting.first : nil
  }

  /// `no setting 'paralel'; did you mean 'parallel'?`, or with `otherwise` where nothing is near.
  package static func sentence(
    _ start: String, _ word: String, among words: [String], otherwise: String
  ) -> String {
    let shown = OutputText.visible(String(word.prefix(60)))
    if let near = nearest(to: word, among: words) { return "\(start) '\(shown)'; did you mean '\(near)'?" }
    return "\(start) '\(shown)'; \(otherwise)"
  }

  /// Edits between two words; two neighbours that changed places are one edit.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
