import Foundation
@_exported import TestSupport

/// A folder for one test, gone after it.
final class Folder: Sendable {
  let root: String

  init() {
    root = TemporaryFolder.newPath("archives")
    // A test in a folder that could not be made fails by itself.
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { root + "/" + name }
  func url(_ name: String) -> URL { URL(fileURLWithPath: path(name)) }
}

/// Another program that reads what we wrote.
enum Program {
  static func exists(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

  static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
