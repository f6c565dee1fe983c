/// Knows what a line could become. Called on the editor's thread between two keys: it answers from memory, at once.
package protocol LineCompleter: Sendable {
  /// What the word under the cursor could be. `cursor` is a UTF-8 byte offset into `line`.
  func complete(line: String, cursor: Int) -> LineCompletion
  /// What could follow `line`, shown faintly after the cursor and inserted by Right or ^F; nil for nothing.
  func hint(line: String) -> String?
}

package struct LineCompletion: Sendable, Equatable {
  package struct Candidate: Sendable, Equatable {
    /// What replaces the word.
    package var text: String
    /// A few words for the list.
    package var description: String
    /// The word is whole: a blank follows when this is the only candidate.
    package var isFinal: Bool

    package init(_ text: String, description: String = "", isFinal: Bool = true) {
      self.text = text
      self.description = description
      self.isFinal = isFinal
    }
  }

  /// UTF-8 byte offset of the word that is replaced; it ends at the cursor.
  package var start: Int
  package var candidates: [Candidate]
  /// How many there are; more than `candidates` holds if it was cut to what a screen can show.
  package var total: Int
  /// What all of them begin with. Where `candidates` was cut the completer must say it, else nothing is inserted.
  package var commonPrefix: String?

  package init(start: Int, candidates: [Candidate], total: Int? = nil, commonPrefix: String? = nil) {
    self.start = start
    self.candidates = candidates
    self.total = total ?? candidates.count
    self.commonPrefix = commonPrefix
  }
}
