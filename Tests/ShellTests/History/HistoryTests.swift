import Foundation
import Testing

@testable import Shell

@Suite struct HistoryEntryTests {
  @Test(arguments: [
    "show server", "transfer WS-[001-120] & @mismatched", #"set server "C:\Program Files (x86)\x""#, "grüße 日本 😀",
    "tab\tand \u{1b} control \u{7f}", "two\nlines", #"\u0041 \n "#,
  ])
  func comesBackAsItWas(_ line: String) throws {
    let entry = HistoryEntry(time: 1_700_000_000, line: line)
    #expect(HistoryEntry(json: entry.json.utf8) == entry)
    // It is JSON to others too.
    let object = try #require(try JSONSerialization.jsonObject(with: Data(entry.json.utf8)) as? [String: Any])
    #expect(object["line"] as? String == line)
    #expect(object["t"] as? Int == 1_700_000_000)
  }

  @Test(arguments: [
    "", "x", "{}", #"{"t":1}"#, #"{"t":1,"line":"half"#, #"{"t":x,"line":"a"}"#, #"{"t":1,"line":"a"b"}"#,
    #"{"t":1,"line":"a\q"}"#, #"{"t":1,"line":"\u00"}"#, #"{"t":99999999999999999999,"line":"a"}"#,
    #"{"t":1,"line":"a\"}"#,
  ])
  func brokenLinesAreNoEntries(_ text: String) {
    #expect(HistoryEntry(json: text.utf8) == nil)
  }
}

@Suite final class HistoryFileTests {
  private let folder: String
  private var path: String { folder + "/history" }

  init() throws {
    folder = TemporaryFolder.newPath("history")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func isReadInTheNextSession() throws {
    let first = HistoryFile(path: path)
    #expect(try first.load().isEmpty)
    try first.append("one", time: 5.9)
    try first.append("two", time: 6)
    let entries = try HistoryFile(path: path).load()
    #expect(entries == [HistoryEntry(time: 5, line: "one"), HistoryEntry(time: 6, line: "two")])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func adjacentDuplicatesAreDropped() throws {
    let file = HistoryFile(path: path)
    for line in ["a", "a", "", "b", "a"] { try file.append(line, time: 1) }
    #expect(try file.load().map(\.line) == ["a", "b", "a"])
    let next = HistoryFile(path: path)
    _ = try next.load()
    try next.append("a", time: 2)
    #expect(try text().split(separator: "\n").count == 3)
    // Two sessions may have written the same line one after the other.
    try HistoryFile(path: path).append("a", time: 3)
    #expect(try file.load().map(\.line) == ["a", "b", "a"])
  }

  @Test func brokenLinesAreSkipped() throws {
    let text = "junk\n{\"t\":1,\"line\":\"good\"}\n\u{0}\n{\"t\":2,\"li"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    let file = HistoryFile(path: path)
    #expect(try file.load().map(\.line) == ["good"])
    try file.append("next", time: 3)
    #expect(try file.load().map(\.line) == ["good", "next"])
  }

  @Test func twoWritersLoseNothing() async throws {
    let path = path
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          let file = HistoryFile(path: path, limit: 1_000)
          for number in 0..<300 { try? file.append("\(writer) \(number)", time: 1) }
        }
      }
    }
    let lines = try HistoryFile(path: path, limit: 1_000).load().map(\.line)
    #expect(lines.count == 600)
    for writer in 0..<2 {
      #expect(lines.filter { $0.hasPrefix("\(writer) ") } == (0..<300).map { "\(writer) \($0)" })
    }
  }

  @Test func aLongFileIsShortenedWhileAnotherWrites() throws {
    let file = HistoryFile(path: path, limit: 10)
    for number in 0..<25 { try file.append("\(number)", time: 1) }
    let entries = try HistoryFile(path: path, limit: 10).load()
    #expect(entries.map(\.line) == (15..<25).map { "\($0)" })
    #expect(try text().split(separator: "\n").count == 10)
    // The first one goes on in the new file.
    try file.append("last", time: 2)
    #expect(try HistoryFile(path: path, limit: 10).load().last?.line == "last")
  }

  @Test func aLinkIsNotFollowed() throws {
    let target = folder + "/elsewhere"
    try "".write(toFile: target, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    let file = HistoryFile(path: path)
    #expect(throws: HistoryFile.Failure.self) { try file.append("secret", time: 1) }
    #expect(throws: HistoryFile.Failure.self) { try file.load() }
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "")
  }

  @Test func whatIsNoFileIsRefused() throws {
    #expect(mkfifo(path, 0o600) == 0)
    let error = #expect(throws: HistoryFile.Failure.self) { try HistoryFile(path: path).load() }
    #expect(error?.description == "history file \(path) is not a file of yours; move it away")
  }
}
