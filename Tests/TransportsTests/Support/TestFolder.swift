import Foundation
import LocalSystem
@_exported import TestSupport

@testable import Transports

typealias TestFolder = TemporaryFolder

extension TemporaryFolder {
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
