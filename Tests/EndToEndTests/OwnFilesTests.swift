import Foundation
import Lab
import Testing

/// Our own files when something is wrong with them, through the built program: exit code 74, and no endpoint touched
/// that is not in the journal.
@Suite struct OwnFilesTests {
  private let folder = TemporaryFolder.newPath("own")

  private func run(_ arguments: [String]) async throws -> Program.End {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try await Program(Program.apexsh, arguments, in: folder).end()
  }

  private func lab(_ arguments: String..., state: String? = nil) async throws -> Program.End {
    try await run(["--lab", "--agents", "3", "--state-dir", state ?? folder + "/state"] + arguments)
  }

  /// Runs a program of the system.
  private func system(_ program: String, _ arguments: String...) async throws -> Program.End {
    try await Program(program, arguments, in: folder).end()
  }

  @Test func aStateFolderOfSomebodyElse() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let state = folder + "/state"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    // Root can give a folder away; anybody else finds one that is root's.
    let isRoot = geteuid() == 0
    if isRoot { try #require(chown(state, 65_534, 65_534) == 0) }
    let foreign = isRoot ? state : "/usr/share"
    let before = try FileManager.default.contentsOfDirectory(atPath: foreign).sorted()
    for line in [["list", "runs"], ["transfer", "all", "--confirm", "3"], ["list-mismatched"]] {
      let end = try await run(["--lab", "--state-dir", foreign] + line)
      #expect(end.code == 74 && end.output.isEmpty, "\(end)")
      #expect(end.errors.contains("belongs to somebody else; use --state-dir"), "\(end.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: foreign).sorted() == before)
    if isRoot {
      let mode = try FileManager.default.attributesOfItem(atPath: foreign)[.ownerAccountID] as? Int
      #expect(mode == 65_534)
    }
  }

  @Test func aPlanReplacesNothingButAFile() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let (pipe, link) = (folder + "/pipe", folder + "/link")
    try #require(mkfifo(pipe, 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder + "/elsewhere")
    for path in [pipe, link] {
      var (before, after) = (stat(), stat())
      try #require(lstat(path, &before) == 0)
      let end = try await lab("transfer", "all", "--dry-run", "--plan-out", path)
      #expect(end.code == 74 && end.errors.contains("is not a regular file"), "\(end)")
      #expect(lstat(path, &after) == 0 && before.st_ino == after.st_ino && before.st_mode == after.st_mode)
    }
  }

  @Test func aJournalOfSomebodyElseOrOfANewerVersion() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try await lab("transfer", "WS-001", "--confirm", "1").code == 0)
    let journal = folder + "/state/lab.sqlite"
    let aged = try await system("/usr/bin/sqlite3", journal, "PRAGMA user_version = 99; PRAGMA wal_checkpoint;")
    #expect(aged.code == 0, "\(aged)")
    for line in [["list", "runs"], ["transfer", "all", "--confirm", "3"], ["show", "run", "1"]] {
      let end = try await run(["--lab", "--agents", "3", "--state-dir", folder + "/state"] + line)
      #expect(end.code == 74 && end.output.isEmpty, "\(end)")
      #expect(end.errors.contains("written by a newer apexsh (journal version 99"), "\(end.errors)")
      #expect(end.errors.contains("another --state-dir"))
    }
    let kept = try await system("/usr/bin/sqlite3", journal, "PRAGMA user_version; SELECT count(*) FROM runs;")
    #expect(kept.lines == ["99", "1"])
    try "words".write(toFile: journal, atomically: true, encoding: .utf8)
    let damaged = try await lab("list", "runs")
    #expect(damaged.code == 74 && damaged.errors.contains("lab.sqlite"), "\(damaged)")
    #expect(try String(contentsOfFile: journal, encoding: .utf8) == "words")
  }

  /// No room for the journal at all: nothing is begun.
  @Test func aFullDiskAtTheStart() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let line = [Program.apexsh, "--lab", "--agents", "3", "--state-dir", folder + "/state"]
    let end = try await FileLimit.run(line + ["transfer", "all", "--confirm", "3"], bytes: 0, in: folder)
    #expect(end.code == 74, "\(end)")
    #expect(end.output.contains("lab.sqlite: the journal could not be opened"), "\(end)")
    #expect(end.output.contains("nothing was touched"))
  }

  /// A run that began ends in good order when the disk fills up, and can be begun again when there is room.
  @Test(.enabled(if: SSHLab.isPossible, "needs sshd and ssh-keygen")) func aFullDiskInMidRun() async throws {
    try await SSHLab.with(agents: 4) { lab in
      #expect(try await lab.apexsh("list-mismatched").code == 0)
      let files = ["journal.sqlite", "journal.sqlite-wal"].map { lab.folder + "/state/" + $0 }
      let size = files.compactMap { FileManager.default.contents(atPath: $0)?.count }.max() ?? 0
      let end = try await FileLimit.run(
        [Program.apexsh] + lab.options + ["transfer", "@mismatched", "--confirm", "4", "--timeout-connect", "60"],
        bytes: size + 100_000, in: lab.folder)
      #expect(end.code == 74, "\(end)")
      #expect(end.output.contains("run 1: 4 agents"), "it must have begun: \(end)")
      #expect(end.output.contains("the journal could not be written"), "\(end)")
      #expect(end.output.contains("not-attempted"), "\(end)")
      for agent in lab.fleet.names {
        for service in ["tmlisten", "ntrtscan"] {
          #expect(try await lab.ask(agent, "sc.exe query \(service)").contains("RUNNING"), "\(agent) \(service)")
        }
      }
      // The last of the list was never begun.
      let last = try #require(lab.fleet.names.last)
      #expect(lab.certificate(of: last) == lab.fleet.olderCertificate)
      #expect(try lab.leftovers(on: last) == [])
      let runs = try await lab.apexsh("list", "runs", "--format", "tsv")
      #expect(runs.lines.count == 1 && !runs.output.contains("finished"), "\(runs)")
      let again = try await lab.apexsh(
        "transfer", "all", "--confirm", "4", "--timeout-connect", "60", "--waves", "100%")
      #expect(again.code == 0, "\(again)")
      for agent in lab.fleet.names { #expect(lab.certificate(of: agent) == lab.fleet.serverCertificate) }
    }
  }
}

/// Runs a program that can make no file longer than so many bytes: to it, a disk without room for more. What it prints
/// goes through a pipe, both streams together.
enum FileLimit {
  static func run(_ line: [String], bytes: Int, in folder: String) async throws -> Program.End {
    let script = #"blocks=$1; shift; { (ulimit -f "$blocks"; exec "$@"); echo "code $?"; } 2>&1 | cat"#
    var end = try await Program("/bin/sh", ["-c", script, "sh", "\(bytes / 512)"] + line, in: folder).end()
    var lines = end.lines
    let last = lines.popLast() ?? ""
    end.code = Int32(last.split(separator: " ").last ?? "")
    end.output = lines.joined(separator: "\n")
    return end
  }
}

/// The lab at its smallest: a server whose list is empty.
@Suite struct EmptyLabTests {
  @Test func aLabOfNobody() async throws {
    let folder = TemporaryFolder.newPath("none")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func apexsh(_ words: String...) async throws -> Program.End {
      let options = ["--lab", "--agents", "0", "--state-dir", folder + "/state"]
      return try await Program(Program.apexsh, options + words, in: folder).end()
    }
    let list = try await apexsh("list-mismatched", "--format", "json")
    #expect(list.code == 0 && list.output.isEmpty, "\(list)")
    #expect(list.errors.contains("0 mismatched agents") && list.errors.contains("a header and no rows: 0 agents"))
    let nobody = try await apexsh("transfer", "@mismatched", "--confirm", "0")
    #expect(nobody.code == 0 && nobody.errors.contains("the selection holds no agents: nothing to do"), "\(nobody)")
    #expect(try await apexsh("transfer", "WS-001", "--confirm", "1").code == 65)
    let connected = try await apexsh("connect")
    #expect(connected.code == 0 && connected.output.contains("apexone.contoso.local"), "\(connected)")
  }
  /// A lab that is kept goes on where it was left: its newest list must not lie ahead of its clock, one of another clock
  /// does.
  @Test func aKeptLabsTimeGoesOn() async throws {
    let folder = TemporaryFolder.newPath("kept")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func apexsh(_ words: String...) async throws -> Program.End {
      let options = ["--lab", "--agents", "4", "--lab-dir", folder + "/lab", "--state-dir", folder + "/state"]
      return try await Program(Program.apexsh, options + words, in: folder).end()
    }
    for line in ["transfer WS-001 --confirm 1; list-mismatched", "transfer WS-002 --confirm 1; list-mismatched"] {
      let end = try await apexsh("-c", line)
      #expect(end.code == 0, "\(end)")
    }
    let journal = folder + "/lab/journal.sqlite"
    let moved = try await Program(
      "/usr/bin/sqlite3", [journal, "UPDATE lists SET at = at + 86400;"], in: folder
    ).end()
    #expect(moved.code == 0)
    let refused = try await apexsh("transfer", "WS-003", "--confirm", "1")
    #expect(refused.code == 77 && refused.errors.contains("ahead of this clock"), "\(refused)")
    #expect(try await apexsh("transfer", "WS-003", "--confirm", "1", "--old-list").code == 0)
  }
}
