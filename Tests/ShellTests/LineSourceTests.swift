import Commands
import Foundation
import Testing

@testable import Shell

/// Where lines come from: bytes to lines, with their places.
@Suite struct LineSourceTests {
  private func lines(_ bytes: [UInt8]) async throws -> [SourceLine] {
    let test = await TestSession()
    defer { test.remove() }
    let path = try test.file("x.apx", bytes)
    let descriptor = open(path, O_RDONLY)
    let source = StreamLines(descriptor: descriptor, name: "x.apx", owned: true)
    var lines: [SourceLine] = []
    while let line = try await source.next() { lines.append(line) }
    return lines
  }

  @Test(arguments: [
    ("a\nb\n", ["a", "b"]), ("a\nb", ["a", "b"]), ("\u{FEFF}a\r\n\r\nb\r\n", ["a", "", "b"]), ("", []), ("\n", [""]),
    ("a \\\nb\nc", ["a b", "c"]), ("a\\", ["a"]), ("# x \\\nb", ["# x \\", "b"]), ("# x\ra\rb", ["# x", "a", "b"]),
    ("a\r\n\rb\n", ["a", "", "b"]),
    ("a\r\n\u{FEFF}b\r\n", ["a", "b"]), ("a \\\r\nb\r\n", ["a b"]),
  ])
  func wholeLines(text: String, expected: [String]) async throws {
    #expect(try await lines(Array(text.utf8)).map(\.text) == expected)
  }

  @Test func placesAreThoseOfTheFirstLine() async throws {
    #expect(try await lines(Array("a\nb \\\nc\nd\n".utf8)).map(\.place) == ["x.apx:1", "x.apx:2", "x.apx:4"])
  }

  @Test(arguments: [
    ([UInt8](arrayLiteral: 97, 10, 0xE9, 10), "x.apx:2"), ([0xFF, 0xFE, 97, 0], "x.apx:1"), ([97, 0, 10], "x.apx:1"),
  ])
  func whatIsNoTextIsRefusedWithItsPlace(bytes: [UInt8], place: String) async {
    let error = await #expect(throws: PlacedError.self) { try await lines(bytes) }
    #expect(error?.place == place)
    #expect(error?.exitCode == .unusableInput)
  }

  @Test func aLineOfAPipeComesWithoutWaitingForMore() async throws {
    let pipe = Pipe.ofOwn()
    let source = StreamLines(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "stdin")
    pipe.fileHandleForWriting.write(Data("first\nsec".utf8))
    #expect(try await source.next()?.text == "first")
    pipe.fileHandleForWriting.write(Data("ond\n".utf8))
    #expect(try await source.next()?.text == "second")
    try pipe.fileHandleForWriting.close()
    #expect(try await source.next() == nil)
  }

  @Test func anEndOfTwoBytesMayComeInTwoPieces() async throws {
    let pipe = Pipe.ofOwn()
    let source = StreamLines(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "stdin")
    pipe.fileHandleForWriting.write(Data("first\r".utf8))
    #expect(try await source.next()?.text == "first")
    pipe.fileHandleForWriting.write(Data("\nsecond\r\n".utf8))
    let second = try await source.next()
    #expect(second?.text == "second" && second?.place == "stdin:2")
    try pipe.fileHandleForWriting.close()
    #expect(try await source.next() == nil)
  }

  @Test func theArgumentOfCHasLinesOfAnyKind() async throws {
    let source = TextLines("a\r\nb\rc\nd")
    var lines: [String] = []
    while let line = try await source.next() { lines.append(line.text) }
    #expect(lines == ["a", "b", "c", "d"])
  }

  @Test func checkReportsEveryMistakeAndRunsNothing() async throws {
    let test = await TestSession()
    defer { test.remove() }
    let marker = test.folder + "/ran"
    let path = try test.file(
      "all.apx",
      """
      set parallel 0
      count 1 > '\(marker)'
      cuont 3
      count
      set password P@ssw0rd
      end 0 &
      count '1
      !touch '\(marker)'
      set parallel 8
      """)
    #expect(await FileCheck(test.session).run([try Interpreter.Input(.file(path))]) == .unusableInput)
    let lines = test.console.notes.map { $0.dropFirst(path.count + 1).prefix { $0 != ":" } }
    #expect(lines == ["1", "3", "4", "5", "6", "7"])
    #expect(test.console.notes[1].contains("did you mean 'count'?"))
    #expect(!test.console.everything.contains("P@ssw0rd"))
    #expect(!FileManager.default.fileExists(atPath: marker))
    #expect(await test.session.state.settings.parallel == 32)
    let fine = try test.file("fine.apx", "set parallel 8\ncount 1 | cat && end 3\n")
    #expect(await FileCheck(test.session).run([try Interpreter.Input(.file(fine))]) == .success)
  }

  private func mistakes(_ test: TestSession, _ path: String) async throws -> [String] {
    let before = test.console.notes.count
    let code = await FileCheck(test.session).run([try Interpreter.Input(.file(path))])
    let notes = Array(test.console.notes.dropFirst(before))
    #expect(code == (notes.isEmpty ? .success : .unusableInput))
    return notes.map { $0.replacingOccurrences(of: test.folder + "/", with: "") }
  }

  @Test func checkSeesWhatAFileLeadsTo() async throws {
    let test = await TestSession()
    defer { test.remove() }
    let inner = try test.file("inner.apx", "set parallel 4\nset parallel 0\n")
    let outer = try test.file(
      "outer.apx", "end 0 || source '\(inner)'\nsource '\(inner)'\nsource '\(test.folder)/none'\n")
    let found = try await mistakes(test, outer)
    #expect(found.count == 2 && found[0].hasPrefix("inner.apx:2: parallel can't be"), "\(found)")
    #expect(found.count == 2 && found[1].hasPrefix("outer.apx:3: can't read the command file none"), "\(found)")
    #expect(await test.session.state.settings.parallel == 32)
    // One that leads back, by another spelling.
    let first = try test.file("first.apx", "source '\(test.folder)/second.apx'\n")
    _ = try test.file("second.apx", "end 0\nsource '\(test.folder)/./first.apx'\n")
    let round = try await mistakes(test, first)
    #expect(
      round.count == 1 && round[0].hasPrefix("second.apx:2: ") && round[0].contains("would never end"), "\(round)")
    for number in 1...18 {
      _ = try test.file("deep\(number).apx", "source '\(test.folder)/deep\(number + 1).apx'\n")
    }
    let deep = try await mistakes(test, test.folder + "/deep1.apx")
    #expect(deep.count == 1 && deep[0].hasPrefix("deep16.apx:1: command files are nested over 16"), "\(deep)")
  }

  @Test func checkWaitsForNoPipe() async throws {
    let test = await TestSession()
    defer { test.remove() }
    let pipe = test.folder + "/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let file = try test.file("x.apx", "source '\(pipe)'\nset parallel 0\n")
    #expect(await FileCheck(test.session).run([try Interpreter.Input(.file(file))]) == .unusableInput)
    #expect(
      test.console.notes.count == 2 && test.console.notes[0].contains("is no plain file"), "\(test.console.notes)")
  }

  @Test func checkSeesContexts() async throws {
    let test = await TestSession()
    defer { test.remove() }
    let file = try test.file(
      "contexts.apx", "context use hq\ncontext save hq\ncontext use hq\ncontext remove hq\ncontext use hq\n")
    let found = try await mistakes(test, file)
    #expect(found.count == 2 && found[0].hasPrefix("contexts.apx:1: no context 'hq'"), "\(found)")
    #expect(found.count == 2 && found[1].hasPrefix("contexts.apx:5: ") && found[1].contains("was removed"), "\(found)")
    #expect(ContextFile.names(in: test.session.folders).isEmpty)
    // A saved one that is broken.
    #expect(await test.run("context save hq") == .success)
    try "set parallel many\n".write(
      toFile: test.folder + "/config/contexts/hq.apx", atomically: false, encoding: .utf8)
    let broken = try await mistakes(test, try test.file("use.apx", "context use hq\n"))
    #expect(broken.count == 1 && broken[0].contains("hq.apx:1: parallel can't be 'many'"), "\(broken)")
  }

  @Test(arguments: [
    ("count 3", HistoryDecision.keep), ("set password", .keep), ("set password --from-file x", .keep),
    ("set password x", .drop), ("set pasword x", .drop), ("help; set unload-password x", .drop),
    ("cuont 3", .memoryOnly),
    ("count", .memoryOnly), ("count 'x", .memoryOnly), ("set password 'x", .drop), ("sett password x", .drop),
    ("!ls", .keep),
    ("count --help", .keep), ("", .keep),
  ])
  func historyIsDecidedByDeclarations(line: String, decision: HistoryDecision) async {
    let test = await TestSession()
    defer { test.remove() }
    #expect(LineSecrecy.decide(line, in: test.session.registry) == decision)
  }
}
