import Foundation
import Remote
import Testing

@testable import Transports

/// What ssh reads too: a pipe in the place of such a file must not hold up whoever opens it, nor an endless device.
@Suite struct PlainFileTests {
  private let pipe = NSTemporaryDirectory() + "apexsh-plain-\(UUID().uuidString)"

  @Test func pipesAndDevicesAreRefused() throws {
    try #require(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    for path in [pipe, "/dev/zero", "/dev/tty", "/tmp"] {
      for read in [
        { _ = try KnownHostsFile(path).load() }, { _ = try PrivateKey(path, passphrase: nil, label: "WS-001") },
        { _ = try PlainFile.read(path, limit: 1 << 20) },
      ] as [() throws -> Void] {
        // Without a terminal /dev/tty can't be opened at all.
        let error = #expect(throws: RemoteError.self) { try read() }
        #expect(
          error?.message.contains("no plain file") == true || path == "/dev/tty",
          "\(path): \(String(describing: error))")
      }
    }
    #expect(throws: RemoteError.self) { try SSHConfigFile.load(pipe) }
  }

  @Test func nullIsEmptyAndSizesAreHeld() throws {
    #expect(try PlainFile.read("/dev/null", limit: 0) == [])
    #expect(try KnownHostsFile("/dev/null").load().text.isEmpty)
    try Data(count: 70_000).write(to: URL(fileURLWithPath: pipe))
    defer { unlink(pipe) }
    #expect(try PlainFile.read(pipe, limit: 70_000).count == 70_000)
    #expect(throws: RemoteError.self) { try PlainFile.read(pipe, limit: 69_999) }
  }
}
