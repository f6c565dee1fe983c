import Foundation
import Testing

@testable import Archives

/// What is written is a zip for others too, and what is read keeps to the limits.
@Suite struct ZipArchiveTests {
  private let folder = Folder()
  private let entries = [
    ZipArchive.Entry(name: "SUMMARY.txt", bytes: Array("Agents\n".utf8)),
    ZipArchive.Entry(
      name: "agents/agents.csv", bytes: Array(String(repeating: "WS-001,10.20.0.1\r\n", count: 9_000).utf8)),
    ZipArchive.Entry(name: "certificates/server.cer", bytes: (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }),
    ZipArchive.Entry(name: "empty", bytes: []),
  ]

  @Test func comesBackAsItWas() throws {
    let path = folder.path("case.zip")
    try ZipArchive.write(entries, to: path, modified: 1_700_000_000)
    #expect(try ZipArchive.read(path) == entries)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["case.zip"])
  }

  @Test func sameEntriesAndTimeGiveTheSameBytes() throws {
    try ZipArchive.write(entries, to: folder.path("a.zip"), modified: 1_700_000_000)
    try ZipArchive.write(entries, to: folder.path("b.zip"), modified: 1_700_000_000)
    #expect(try Data(contentsOf: folder.url("a.zip")) == Data(contentsOf: folder.url("b.zip")))
  }

  @Test(.enabled(if: Program.exists("/usr/bin/unzip"), "unzip is not installed")) func unzipFindsNoFault() throws {
    let path = folder.path("case.zip")
    try ZipArchive.write(entries, to: path, modified: 1_700_000_000)
    let result = try Program.run("/usr/bin/unzip", ["-t", path])
    #expect(result.status == 0)
    #expect(result.output.contains("No errors detected"))
  }

  @Test(.enabled(if: Program.exists("/usr/bin/env"), "env is not installed")) func pythonReadsTheSame() throws {
    let path = folder.path("case.zip")
    try ZipArchive.write(entries, to: path, modified: 1_700_000_000)
    let script = """
      import sys, zipfile
      z = zipfile.ZipFile(sys.argv[1])
      assert z.testzip() is None
      for i in z.infolist(): print(i.filename, i.file_size, sum(z.read(i)), i.external_attr >> 16 & 0o777)
      """
    let result = try Program.run("/usr/bin/env", ["python3", "-c", script, path])
    let expected = entries.map { "\($0.name) \($0.bytes.count) \($0.bytes.reduce(0) { $0 + Int($1) }) \(0o600)\n" }
    #expect(result.status == 0)
    #expect(result.output == expected.joined())
  }

  @Test func whatIsThereStaysUnlessReplaced() throws {
    let path = folder.path("case.zip")
    try Data("mine".utf8).write(to: folder.url("case.zip"))
    #expect { try ZipArchive.write(entries, to: path, modified: 0) } throws: { isKind($0, .alreadyExists) }
    #expect(try Data(contentsOf: folder.url("case.zip")) == Data("mine".utf8))
    try ZipArchive.write(entries, to: path, modified: 0, replacing: true)
    #expect(try ZipArchive.read(path).count == entries.count)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["case.zip"])
  }

  @Test func linksAreNeitherWrittenThroughNorRead() throws {
    try Data("mine".utf8).write(to: folder.url("target"))
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.zip"), withDestinationPath: "target")
    #expect { try ZipArchive.write(entries, to: folder.path("link.zip"), modified: 0) } throws: {
      isKind($0, .alreadyExists)
    }
    #expect(try Data(contentsOf: folder.url("target")) == Data("mine".utf8))
    #expect { try ZipArchive.read(folder.path("link.zip")) } throws: { isKind($0, .file) }
    #expect { try ZipArchive.read(folder.root) } throws: { isKind($0, .file) }
    #expect { try ZipArchive.write(entries, to: folder.path("no/such.zip"), modified: 0) } throws: { isKind($0, .file) }
  }

  @Test(arguments: [
    "", "/etc/passwd", "../x", "a/../b", "a//b", "a\\b", "C:x", "a/", ".", "é", "a\nb", "a.", "a ", "con|x",
    String(repeating: "x", count: 241),
  ])
  func namesOfOthersAreRefused(name: String) throws {
    let path = folder.path("case.zip")
    let entry = ZipArchive.Entry(name: name, bytes: [1])
    #expect { try ZipArchive.write([entry], to: path, modified: 0) } throws: { isKind($0, .badName) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root).isEmpty)
  }

  @Test func namesThatDifferInCaseOnlyAreRefused() {
    let twice = ["a", "A"].map { ZipArchive.Entry(name: $0, bytes: []) }
    #expect { try ZipArchive.write(twice, to: folder.path("x.zip"), modified: 0) } throws: { isKind($0, .badName) }
  }

  @Test func limitsHold() throws {
    let path = folder.path("case.zip")
    try ZipArchive.write(entries, to: path, modified: 0)
    for limits in [
      ZipArchive.Limits(entries: 3), ZipArchive.Limits(entryBytes: 1_000), ZipArchive.Limits(totalBytes: 162_000),
    ] {
      #expect { try ZipArchive.read(path, limits: limits) } throws: { isKind($0, .tooLarge) }
    }
  }

  @Test func brokenArchivesAreTypedErrors() throws {
    let path = folder.path("case.zip")
    try ZipArchive.write(entries, to: path, modified: 0)
    let whole = try Data(contentsOf: folder.url("case.zip"))
    try Data("no zip at all, only words".utf8).write(to: folder.url("words.zip"))
    #expect { try ZipArchive.read(folder.path("words.zip")) } throws: { isKind($0, .broken) }
    for cut in stride(from: 1, to: whole.count, by: max(1, whole.count / 40)) {
      try whole.prefix(cut).write(to: folder.url("cut.zip"))
      // A directory cut off may leave whole entries; what is never so is that all of them come back changed.
      if let read = try? ZipArchive.read(folder.path("cut.zip")) { #expect(entries.starts(with: read)) }
    }
  }

  @Test(.enabled(if: Program.exists("/usr/bin/env"), "env is not installed")) func foreignNamesAreRefusedOnReading()
    throws
  {
    let script = "import sys,zipfile; zipfile.ZipFile(sys.argv[1],'w').writestr('../x','y')"
    let result = try Program.run("/usr/bin/env", ["python3", "-c", script, folder.path("bad.zip")])
    try #require(result.status == 0)
    #expect { try ZipArchive.read(folder.path("bad.zip")) } throws: { isKind($0, .badName) }
  }

  @Test(arguments: 1...3) func hostileBytesEndInEntriesOrATypedError(seed: Int) throws {
    try ZipArchive.write(entries, to: folder.path("case.zip"), modified: 0)
    let whole = try Array(Data(contentsOf: folder.url("case.zip")))
    var state = UInt64(seed)
    func random(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0...random(below: 8) { bytes[random(below: bytes.count)] = UInt8(random(below: 256)) }
      try Data(bytes).write(to: folder.url("hostile.zip"))
      let limits = ZipArchive.Limits(entries: 10, entryBytes: 1 << 20, totalBytes: 1 << 20)
      do {
        let read = try ZipArchive.read(folder.path("hostile.zip"), limits: limits)
        #expect(read.reduce(0) { $0 + $1.bytes.count } <= limits.totalBytes)
        #expect(read.allSatisfy { EntryName.problem(with: $0.name) == nil })
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  private func isKind(_ error: any Error, _ kind: ArchiveError.Kind) -> Bool { (error as? ArchiveError)?.kind == kind }
}
