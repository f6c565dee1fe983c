import ApexOne
import Testing

/// Random and damaged lists: no crash, no row lost, every row kept as it stands.
@Suite struct MismatchFuzzTests {
  @Test func randomBytes() {
    var random = SeededGenerator(seed: 1)
    let pieces: [[UInt8]] =
      ["Host", "IP", ",", ";", "\t", "\n", "\r\n", "\r", "\"", "\"\"", " ", "WS-1", "10.0.0.1", "ü"]
      .map { Array($0.utf8) } + [[0xFF, 0xFE], [0x00], [0xFC], [0x83, 0x52], [0xEF, 0xBB, 0xBF], [0x96]]
    var read = 0
    for _ in 0..<4_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).flatMap { _ -> [UInt8] in
        Int.random(in: 0...9, using: &random) == 0
          ? [UInt8.random(in: 0...255, using: &random)] : pieces.randomElement(using: &random)!
      }
      if checkReads(bytes) { read += 1 }
    }
    #expect(read > 400, "\(read)")
  }

  @Test(arguments: ["utf8-comma", "utf16le-tab", "cp1252-semicolon", "no-header", "not-a-list"])
  func damagedSamples(_ name: String) throws {
    var random = SeededGenerator(seed: 2)
    let whole = try sample(name)
    var read = 0
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert([0x22, 0x0A, 0x2C, 0x00, 0xFF].randomElement(using: &random)!, at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 30))
        }
      }
      if checkReads(bytes) { read += 1 }
    }
    #expect(name == "not-a-list" || read > 100, "\(name): \(read)")
  }

  /// Lists whose rows are known: every one of them must come back.
  @Test func noRowIsLost() throws {
    var random = SeededGenerator(seed: 3)
    let hosts = [
      "WS-1", "ws-1", "WS-2", "A\\B", "", "x y", "10.0.0.1", "BÜRO", "Host", "\"Q-1\"", "\"a\nb\"", "\"\"\"\"",
    ]
    for round in 0..<600 {
      let isHeaded = Bool.random(using: &random)
      let rows = (0..<Int.random(in: 1...12, using: &random)).map { number in
        "10.1.0.\(number),\(hosts.randomElement(using: &random)!),n\(number) x"
      }
      // Two rows at the top whose host column nobody can mistake.
      let text = ([isHeaded ? "IP,Host,Note" : "10.2.0.1,TOP-1,t x", "10.2.0.2,TOP-2,t x"] + rows).joined(
        separator: "\n")
      let list = try MismatchList(Array(text.utf8), hostColumn: isHeaded ? nil : "2")
      let kept = list.agents.count + list.duplicates.count + list.rejected.count
      #expect(kept == rows.count + (isHeaded ? 1 : 2), "round \(round): \(text)")
    }
  }

  /// False where it was no list; every list must hold what is said of all.
  private func checkReads(_ bytes: [UInt8]) -> Bool {
    guard let list = try? MismatchList(bytes) else { return false }
    let title = list.notes.firstNonNil { if case .titleLines(_, let texts) = $0 { texts.count } else { nil } } ?? 0
    let lines = (list.agents.compactMap(\.line) + list.duplicates.map(\.line) + list.rejected.map(\.line)).sorted()
    #expect(Set(lines).count == lines.count, "\(bytes)")
    #expect(list.guess.headerLine != nil || title == 0, "\(bytes)")
    for agent in list.agents { #expect(!agent.columns.isEmpty && AgentName.isHostName(agent.name.text), "\(bytes)") }
    for row in list.rejected { #expect(!row.raw.isEmpty && !row.reason.sentence.isEmpty, "\(bytes)") }
    #expect(Set(list.agents.map(\.name)).count == list.agents.count, "\(bytes)")
    return true
  }
}

extension Sequence {
  fileprivate func firstNonNil<T>(_ transform: (Element) -> T?) -> T? {
    for element in self { if let found = transform(element) { return found } }
    return nil
  }
}
