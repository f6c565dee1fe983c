import GRDB

/// A wave of a run: its place among all of them.
package struct RunWave: Sendable, Hashable {
  /// From 1; 0 for what an earlier leg of the run had left half done, which makes no wave.
  package var number: Int
  /// How many there are.
  package var count: Int

  package init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  /// As the journal keeps it: `wave 2 of 4`.
  var text: String { "wave \(number) of \(count)" }

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 4, words[0] == "wave", words[2] == "of", let number = Int(words[1]), let count = Int(words[3])
    else { return nil }
    self.init(number: number, count: count)
  }
}

extension Journal {
  /// The step of an agent that begins; its detail is the wave.
  static let begunStep = RepairStep.Name.begin.rawValue

  /// The wave that a run is in, or ended in: that of the agent that began last. Nil where none has begun.
  package func wave(ofRun run: Int) throws(JournalError) -> RunWave? {
    try read { db in
      // By the newest events, not by the run's.
      try String.fetchOne(
        db, sql: "SELECT detail FROM events WHERE +run = ? AND intent = 1 AND step = ? ORDER BY id DESC LIMIT 1",
        arguments: [run, Journal.begunStep])
    }.flatMap(RunWave.init)
  }

  /// The wave in which each agent of a run began, the last time that it did, by position.
  package func waves(ofRun run: Int) throws(JournalError) -> [Int: RunWave] {
    try read { db in
      var waves: [Int: RunWave] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT position, detail FROM events WHERE run = ? AND intent = 1 AND step = ? ORDER BY id",
        arguments: [run, Journal.begunStep])
      while let row = try rows.next() {
        waves[row["position"]] = (row["detail"] as String?).flatMap(RunWave.init)
      }
      return waves
    }
  }
}
