import Foundation
import Testing

/// A wine of our own: a fresh prefix that holds the programs of `Tests/windows`, removed at the end.
///
/// Lines go to wine in a file: wine's own arguments are made into a Windows line by rules of wine's. Output goes to a
/// file too: services that wine starts keep pipes open.
final class Wine: Sendable {
  /// The one of the suite that runs.
  @TaskLocal static var current: Wine?

  private static let loader = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/bin/wine"].first(where: exists)
  private static let server = ["/usr/lib/wine/wineserver64", "/usr/lib/wine/wineserver", "/usr/bin/wineserver"].first(
    where: exists)
  private static let compiler = ["/usr/bin/x86_64-w64-mingw32-gcc"].first(where: exists)
  private static func exists(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// In CI what can't run fails.
  static let isPossible =
    (loader != nil && server != nil && compiler != nil) || ProcessInfo.processInfo.environment["CI"] == "true"

  struct Failure: Error, CustomStringConvertible { let description: String }

  private let scratch: String
  /// The folder that is `C:\apexsh`.
  let folder: String

  private init() {
    scratch = TemporaryFolder.newPath("wine")
    folder = scratch + "/prefix/drive_c/apexsh"
  }

  /// Runs `body` with a wine, and ends it, whatever happens.
  static func with(_ body: () async throws -> Void) async throws {
    let wine = Wine()
    let result: Result<Void, any Error>
    do {
      try await wine.make()
      result = .success(try await $current.withValue(wine, operation: body))
    } catch {
      result = .failure(error)
    }
    await wine.stop()
    try result.get()
  }

  private func make() async throws {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    try await run(Wine.loader, ["wineboot", "-i"])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try await build("argv", ["-municode", "-lshell32"])
    try await build("sshlines", [])
  }

  private func stop() async {
    try? await run(Wine.server, ["-k"])
    try? await run(Wine.server, ["-w"])
    try? FileManager.default.removeItem(atPath: scratch)
  }

  private func build(_ name: String, _ options: [String]) async throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../windows")
    let source = sources.appendingPathComponent(name + ".c").standardizedFileURL.path
    try await run(
      Wine.compiler, ["-O1", "-Wall", "-Wextra", "-Werror", "-s", "-o", "\(folder)/\(name).exe", source] + options)
  }

  /// What one line wrote, and its exit code.
  struct Answer {
    let code: UInt32
    let output: [UInt8]
    let errors: [UInt8]
  }

  /// How an SSH server would start a line: see `sshlines.c`.
  enum Mode: String { case cmd, powershell, program }

  /// Starts every line, one after the other, from one process.
  func answers(_ lines: [(mode: Mode, line: String)]) async throws -> [Answer] {
    let (input, output) = (scratch + "/input", scratch + "/output")
    try lines.map { "\($0.mode.rawValue) \($0.line)\n" }.joined().write(
      toFile: input, atomically: false, encoding: .utf8)
    try await run(Wine.loader, [#"C:\apexsh\sshlines.exe"#], from: input, to: output)
    let records = try String(contentsOfFile: output, encoding: .utf8).split { $0.isNewline }
    let answers = records.compactMap { record -> Answer? in
      let words = record.split(separator: " ")
      guard words.count == 3, let code = UInt32(words[0]) else { return nil }
      return Answer(code: code, output: Wine.bytes(words[1]), errors: Wine.bytes(words[2]))
    }
    guard answers.count == lines.count else {
      throw Failure(description: "\(lines.count) lines were sent, \(answers.count) answered")
    }
    return answers
  }

  static func bytes(_ hex: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(hex.utf8)[...]
    while rest.count > 1, let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  /// Waits for the end of a program of this prefix, without holding a thread that other tests need. One that takes too
  /// long is ended, by its id.
  private func run(
    _ program: String?, _ arguments: [String], from input: String? = nil, to output: String? = nil
  ) async throws {
    guard let program else { throw Failure(description: "wine or mingw is missing: scripts/install tests") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": scratch, "LC_ALL": "C.UTF-8", "WINEPREFIX": scratch + "/prefix",
      "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
    ]
    let null = FileHandle.nullDevice
    let target = output ?? scratch + "/log"
    _ = FileManager.default.createFile(atPath: target, contents: nil)
    process.standardInput = try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) } ?? null
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
    process.standardError = output == nil ? process.standardOutput : null
    let patience = DispatchWorkItem { process.terminate() }
    let code = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
        DispatchQueue.global().asyncAfter(deadline: .now() + 1_200, execute: patience)
      } catch {
        ended.resume(throwing: error)
      }
    }
    patience.cancel()
    guard code == 0 else {
      let said = (try? String(contentsOfFile: target, encoding: .utf8)) ?? ""
      throw Failure(description: "\(program) \(arguments) ended with \(code): \(said.prefix(2_000))")
    }
  }
}

/// Gives a suite its wine.
struct WineTrait: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await Wine.with(function)
  }
}

extension Trait where Self == WineTrait {
  static var wine: WineTrait { WineTrait() }
}
