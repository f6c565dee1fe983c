import Foundation
import LocalSystem
import TestSupport
import Testing

/// A file that is there whole or not at all.
@Suite struct NewFileTests {
  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func itIsWholeAndOursAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try NewFile.replace(path, with: bytes)
    #expect(try Data(contentsOf: folder.url("a")) == Data(bytes) && mode(path) == 0o600)
    try NewFile.replace(path, with: [])
    #expect(try folder.read("a").isEmpty && folder.names == ["a"])
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    let folder = try TemporaryFolder()
    try folder.write("theirs", to: "target")
    try #require(symlink(folder.file("target"), folder.file("a")) == 0)
    try NewFile.replace(folder.file("a"), with: Array("ours".utf8))
    #expect(try folder.read("target") == "theirs" && folder.read("a") == "ours")
  }

  @Test func whatIsThereStaysWhereItMayNotBeReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a")
    let file = try NewFile(at: folder.file("a"))
    try file.append(Array("new".utf8))
    let taken = #expect(throws: NewFile.Failure.self) { try file.publish(replacing: false) }
    #expect(taken?.step == .taken && taken?.code == EEXIST)
    file.discard()
    #expect(try folder.read("a") == "old" && folder.names == ["a"])
    let other = try NewFile(at: folder.file("b"))
    try other.append(Array("new".utf8))
    try other.publish(replacing: false)
    other.discard()
    #expect(try folder.read("b") == "new" && folder.names == ["a", "b"])
  }

  @Test func nothingIsLeftOfWhatWasGivenUp() throws {
    let folder = try TemporaryFolder()
    do {
      let file = try NewFile(at: folder.file("a"))
      try file.append([1, 2, 3])
      #expect(folder.names.count == 1)
    }
    #expect(folder.names.isEmpty)
    let failure = #expect(throws: NewFile.Failure.self) { try NewFile.replace(folder.file("no/a"), with: [1]) }
    #expect(failure?.step == .make && failure?.code == ENOENT && failure?.reason.contains("no such file") == true)
    try FileManager.default.createDirectory(atPath: folder.file("folder/in"), withIntermediateDirectories: true)
    let name = #expect(throws: NewFile.Failure.self) { try NewFile.replace(folder.file("folder"), with: [1]) }
    #expect(name?.step == .name && folder.names == ["folder"])
  }

  /// Many write one file: each reader sees one of them, whole.
  @Test func nobodySeesHalf() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a")
    let texts = (0..<8).map { String(repeating: "\($0)", count: 100_000) }
    try NewFile.replace(path, with: Array(texts[0].utf8))
    let wrong = await withTaskGroup(of: Int.self) { group in
      for text in texts {
        group.addTask {
          (0..<20).filter { _ in (try? NewFile.replace(path, with: Array(text.utf8))) == nil }.count
        }
        group.addTask {
          (0..<20).filter { _ in !texts.contains((try? folder.read("a")) ?? "") }.count
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0 && folder.names == ["a"])
  }
}

/// Programs of this machine.
@Suite struct ChildProcessTests {
  @Test(arguments: [
    ("exit 7", ChildProcess.End.exited(7)), ("kill -TERM $$", .killed(SIGTERM)),
    // Whatever we ignore or have blocked ends a child.
    ("kill -PIPE $$; exit 3", .killed(SIGPIPE)), ("kill -INT $$; exit 3", .killed(SIGINT)),
  ])
  func itsEndIsTold(line: String, end: ChildProcess.End) throws {
    signal(SIGPIPE, SIG_IGN)
    #expect(try ChildProcess("/bin/sh", ["-c", line], descriptors: []).wait() == end)
  }

  @Test func whatIsNotThereIsSaid() {
    let error = #expect(throws: POSIXError.self) { try ChildProcess("/nowhere/program", [], descriptors: []) }
    #expect(error?.code == .ENOENT)
  }

  @Test(arguments: [true, false]) func itGetsItsStreamsNameAndGroup(ownGroup: Bool) throws {
    let folder = try TemporaryFolder()
    let output = open(try folder.write("", to: "out"), O_WRONLY | O_CLOEXEC)
    defer { close(output) }
    let line = "echo $0; cut -d' ' -f5 /proc/$$/stat"
    let child = try ChildProcess(
      "/bin/sh", ["-c", line], name: "sh", descriptors: [nil, output], ownGroup: ownGroup)
    #expect(child.wait() == .exited(0))
    let lines = try folder.read("out").split(separator: "\n").map(String.init)
    #expect(lines == ["sh", "\(ownGroup ? child.id : getpgrp())"])
  }

  @Test func whatItStartedEndsWithIt() throws {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(
      "/bin/sh",
      ["-c", "sleep 600 & echo $! > '\(folder.file("new"))'; mv '\(folder.file("new"))' '\(folder.file("id"))'; wait"],
      descriptors: [])
    while access(folder.file("id"), F_OK) != 0 { usleep(10_000) }
    let grandchild = try #require(pid_t(try folder.read("id").split(separator: "\n")[0]))
    child.end()
    // Whoever takes its end may be late: a process that is dead and not taken yet has ended.
    func runs() -> Bool {
      guard let status = try? String(contentsOfFile: "/proc/\(grandchild)/stat", encoding: .utf8) else { return false }
      return !status.contains(") Z ")
    }
    while runs() { usleep(10_000) }
  }
}
