import Foundation

@testable import Transports

/// A temporary folder that goes when its owner does.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/apexsh-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func read(_ name: String) throws -> String {
    try String(decoding: Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
  }

  /// Makes a key pair; the private key's path.
  func makeKey(_ name: String, passphrase: String = "", type: String = "ed25519") throws -> String {
    try run("/usr/bin/ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "test", "-f", file(name)])
    return file(name)
  }

  /// Runs a program to its end, silently; throws when it doesn't end with 0.
  func run(_ program: String, _ arguments: [String]) throws {
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    guard try ChildProcess(program, arguments, descriptors: [null, null, null]).wait() == .exited(0) else {
      throw CocoaError(.fileWriteUnknown)
    }
  }
}
