import Foundation
import Lab
import Testing

/// Looking works where nothing can be written: on a full disk, from a read-only state folder.
@Suite struct LookingTests {
  private let folder = NSTemporaryDirectory() + "apexsh-looking-\(UUID().uuidString)"
  private var state: String { folder + "/state" }
  private var options: [String] { ["--lab", "--agents", "3", "--state-dir", state] }

  private static let looks: [[String]] = [
    ["list", "runs"], ["show", "run"], ["show", "run", "1", "--agent", "WS-001"], ["report"], ["report", "1"],
    ["list", "agents"], ["show", "agent", "WS-001"], ["list", "cases"],
    ["watch", "1"], ["complete", "show run "], ["connect"], ["check", "agent", "all"], ["verify", "1"],
    ["check", "server"],
    ["show", "agent", "WS-001", "--live"], ["transfer", "all", "--dry-run", "--probe"], ["trust", "list"], ["jobs"],
    ["help"],
    ["retry", "1", "--dry-run"], ["show", "server"], ["show", "certificate"], ["context", "list"], ["set"],
  ]

  /// What would keep something where it could.
  private static let keeping: Set<String> = ["connect", "check", "verify", "transfer"]
  /// A lab in memory has its agents as they were, in each process anew: nothing of what was repaired holds.
  private static func code(of look: [String]) -> Int32 { look[0] == "verify" ? 1 : 0 }

  /// A journal with a list and a run.
  private func prepare() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let end = try await Program(
      Program.apexsh, options + ["transfer", "all", "--confirm", "3"], in: folder
    ).end()
    try #require(end.code == 0, "\(end)")
  }

  /// A mount namespace in which the state folder is read-only, for root too.
  private func readOnly(_ line: [String]) async throws -> Program.End {
    let script = #"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@""#
    return try await Program(
      "/usr/bin/unshare", ["--mount", "/bin/sh", "-c", script, "sh", state, Program.apexsh] + line, in: folder
    ).end()
  }

  private static let canMount: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = ["--mount", "/bin/sh", "-c", "mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test func fromAFullDisk() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await prepare()
    for look in Self.looks {
      let free = try await Program(Program.apexsh, options + look, in: folder).end()
      let full = try await FileLimit.run([Program.apexsh] + options + look, bytes: 0, in: folder)
      #expect(full.code == Self.code(of: look), "\(look): \(full)")
      let first = free.lines.first ?? ""
      #expect(
        free.code == Self.code(of: look) && (first.isEmpty || full.output.contains(first)), "\(look): \(free) \(full)")
    }
    // What would touch something says at once that it can't be kept.
    let line = [Program.apexsh] + options + ["transfer", "all", "--confirm", "3"]
    let transfer = try await FileLimit.run(line, bytes: 0, in: folder)
    #expect(transfer.code == 74 && transfer.output.contains("nothing was touched"), "\(transfer)")
  }

  /// A list that looking would take can't be kept: the reason is the same whichever command says it.
  @Test func aFullDiskIsNotCalledReadOnly() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let made = try await Program(Program.apexsh, options + ["list", "runs"], in: folder).end()
    try #require(made.code == 0, "\(made)")
    for (line, code) in [(["list", "agents"], 74), (["connect"], 0)] as [([String], Int32)] {
      let end = try await FileLimit.run([Program.apexsh] + options + line, bytes: 0, in: folder)
      #expect(end.code == code && end.output.contains("full disk"), "\(line): \(end)")
      #expect(end.output.components(separatedBy: "could not be").count == 2, "said once: \(end)")
      #expect(!end.output.contains("read-only"), "\(line): \(end)")
    }
  }

  @Test(.enabled(if: canMount, "needs a mount namespace"))
  func fromAReadOnlyFolder() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await prepare()
    for look in Self.looks {
      let end = try await readOnly(options + look)
      #expect(end.code == Self.code(of: look), "\(look): \(end)")
      #expect(end.errors.contains("journal could not") == false, "\(look): \(end)")
      let said = end.errors.components(separatedBy: "could not be kept").count - 1
      #expect(said == (Self.keeping.contains(look[0]) || look.last == "--live" ? 1 : 0), "\(look): \(end)")
    }
    let runs = try await readOnly(options + ["list", "runs", "--format", "json"])
    #expect(runs.output.contains(#""run":1,"state":"finished""#), "\(runs)")
    let transfer = try await readOnly(options + ["transfer", "all", "--confirm", "3"])
    #expect(transfer.code == 74 && transfer.output.isEmpty, "\(transfer)")
  }

  /// What a crash left: the newest of the journal stands in SQLite's log beside it.
  @Test(.enabled(if: canMount, "needs a mount namespace"))
  func whatACrashLeft() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await prepare()
    let journal = state + "/lab.sqlite"
    // The log is folded into the journal when the last one closes it: here nobody does.
    let crash = try await Program(
      "/usr/bin/sqlite3", [journal, "UPDATE runs SET why = 'from the log';", ".shell kill -9 $PPID"], in: folder
    ).end()
    let log = try FileManager.default.attributesOfItem(atPath: journal + "-wal")[.size] as? Int
    try #require(log ?? 0 > 0, "the log must be there: \(crash)")
    for look in [["show", "run", "1"], ["list", "runs"]] {
      let end = try await readOnly(options + look)
      #expect(end.code == 0, "\(look): \(end)")
      #expect(look[0] == "list" || end.errors.contains("from the log"), "\(end)")
      let full = try await FileLimit.run([Program.apexsh] + options + look, bytes: 0, in: folder)
      #expect(full.code == 0 && (look[0] == "list" || full.output.contains("from the log")), "\(full)")
    }
  }

  @Test(.enabled(if: canMount, "needs a mount namespace"))
  func nothingThereYet() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    let inside = try await readOnly(options + ["list", "runs"])
    #expect(inside.code == 0 && inside.errors.contains("no runs yet"), "\(inside)")
    let below = try await readOnly(["--lab", "--state-dir", state + "/new", "list", "runs"])
    #expect(below.code == 0 && below.errors.contains("no runs yet"), "\(below)")
    // To keep a list there is no room.
    let list = try await readOnly(options + ["list-mismatched"])
    #expect(list.code == 74 && list.output.isEmpty, "\(list)")
  }
}
