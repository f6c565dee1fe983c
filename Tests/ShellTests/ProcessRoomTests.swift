import Foundation
import Testing

/// The built program where the system gives it few threads or little memory: a sentence and 70 instead of standing still.
@Suite struct ProcessRoomTests {
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("apexsh").path
  private static let unprivileged = "/usr/bin/setpriv"
  /// Root may have as many processes as it likes.
  private static let canLimitThreads = geteuid() != 0 || FileManager.default.isExecutableFile(atPath: unprivileged)

  /// Runs the program with a limit that a shell sets; 137 where it didn't end in half a minute.
  private func run(limit: String, as account: [String] = []) throws -> (code: Int32, errors: String) {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["timeout", "-s", "KILL", "30"] + account
      + ["/bin/sh", "-c", "ulimit \(limit) && exec \"$0\" \"$@\"", Self.program, "--no-color", "--version"]
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test(.enabled(if: canLimitThreads)) func fewThreadsAreSaid() throws {
    let account = geteuid() == 0 ? [Self.unprivileged, "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    for count in [1, 3, 8, 16] {
      // dash's name for what bash calls -u is -p.
      let result = try run(limit: "-u \(count) 2>/dev/null || ulimit -p \(count)", as: account)
      #expect(result.code == 70, "\(count): \(result.errors)")
      #expect(result.errors.hasPrefix("apexsh: too few threads: "), "\(result.errors)")
      #expect(result.errors.contains("raise the limit of processes (ulimit -u)"), "\(result.errors)")
    }
  }

  /// Neither a crash nor a note in somebody else's file where streams, files or a stack are missing.
  @Test func fewFilesAndASmallStackAreSaid() throws {
    // With fewer not even the shell gets so far.
    for count in [8, 10, 16, 31] {
      let files = try run(limit: "-n \(count)")
      #expect(files.code == 70 && files.errors.hasPrefix("apexsh: too few open files"), "\(count): \(files)")
    }
    for limit in ["-n 32", "-n 64", "-s 128", "-s 512"] {
      let end = try run(limit: limit)
      #expect(end.code == 0, "\(limit): \(end)")
    }
  }

  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func closedStreamsStayClosed(_ closed: String) throws {
    let folder = NSTemporaryDirectory() + "apexsh-closed-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec timeout -s KILL 60 \"$@\" \(closed)", "sh", Self.program, "--lab", "--agents", "3", "--state-dir",
      folder,
      "transfer", "all", "--confirm", "3",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    // Results that can't be written are an error of the output, and the run has its end all the same.
    #expect(process.terminationStatus == (closed.contains(" >&-") || closed.hasPrefix(">&-") ? 74 : 0))
    let journal = try Data(contentsOf: URL(fileURLWithPath: folder + "/lab.sqlite"))
    #expect(journal.starts(with: Data("SQLite format 3".utf8)))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let data = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
      #expect(!data.starts(with: Data("apexsh:".utf8)), "\(name) holds a note")
    }
  }

  #if canImport(Glibc)
    /// From a limit under which nothing can be loaded to one that is enough: nowhere between does it stand still or crash.
    @Test func littleMemoryIsSaid() throws {
      var said = 0
      var wasLoaded = false
      for limit in stride(from: 100_000, through: 1_000_000, by: 50_000) {
        let result = try run(limit: "-v \(limit)")
        wasLoaded = wasLoaded || result.code == 70 || result.code == 0
        // Before that the system's loader says what it thinks of it.
        guard wasLoaded else { continue }
        #expect(result.code == 70 || result.code == 0, "\(limit): \(result.code) \(result.errors)")
        if result.errors.hasPrefix("apexsh: too little memory: ") { said += 1 }
      }
      #expect(said > 0)
    }
  #endif
}
