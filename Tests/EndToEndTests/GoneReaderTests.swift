import Foundation
import Testing

/// `| head`: the reader of the results has gone before the first of them. A look ends with 0, since nobody misses
/// anything; a command whose code is a verdict has 74, or the verdict; a run has its own code.
@Suite struct GoneReaderTests {
  private let folder = NSTemporaryDirectory() + "apexsh-gone-\(UUID().uuidString)"

  /// Standard output is a pipe whose reading end is closed already.
  private func unread(_ arguments: [String]) async throws -> Program.End {
    let script = #"rm -f p; mkfifo p && exec 3<>p 4>p 3<&- && exec "$@" >&4"#
    let options = ["--lab", "--agents", "5", "--state-dir", folder + "/state"]
    return await
      (try Program(
        "/bin/sh", ["-c", "cd '\(folder)'; " + script, "sh", Program.apexsh] + options + arguments, in: folder)).end()
  }

  @Test func everyCommandHasItsCode() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let run = try await unread(["transfer", "all", "--confirm", "5"])
    #expect(run.code == 0 && run.errors.contains("5 repaired"), "\(run)")
    let looks = [
      ["list-mismatched"], ["list", "agents", "all"], ["list", "runs"], ["show", "run", "1"], ["report", "1"],
      ["show", "agent", "WS-001"], ["show", "server"], ["show", "certificate"], ["connect"], ["help"], ["--help"],
      ["help", "transfer"], ["set"], ["show", "context"], ["transfer", "all", "--force", "--dry-run"],
      ["check", "server"],
      ["--version"], ["complete", "transfer WS-0"], ["completions", "bash"], ["-c", "list agents all"],
    ]
    for look in looks {
      let end = try await unread(look)
      #expect(end.code == 0, "\(look): \(end)")
      #expect(!end.errors.contains("fault"), "\(look): \(end)")
    }
    for look in [["check", "agent", "all"], ["verify", "1"], ["show", "agent", "WS-001", "--live"]] {
      let end = try await unread(look)
      #expect(end.code == 74 && end.errors.contains("ended before its verdict"), "\(look): \(end)")
      // The same by a pipe of our own.
      let piped = try await unread(["-c", look.joined(separator: " ") + " | true"])
      #expect(piped.code == 74 || piped.code == 0 && !piped.errors.contains("verdict"), "\(look): \(piped)")
    }
  }
}
