import Foundation
import Testing

@testable import Commands

@Suite struct InputFileTests {
  private static func scratch(_ name: String) -> String {
    TemporaryFolder.newPath(name)
  }

  @Test(arguments: [0, 1, 300_000]) func aFileIsReadWhole(_ size: Int) throws {
    let path = Self.scratch("file")
    defer { unlink(path) }
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try InputFile.read(path, limit: size) == bytes)
    if size > 0 { #expect(throws: CommandError.self) { try InputFile.read(path, limit: size - 1) } }
  }

  /// A pipe says no size, and gives what it has piece by piece.
  @Test func aPipeIsReadToItsEnd() async throws {
    let path = Self.scratch("pipe")
    defer { unlink(path) }
    #expect(mkfifo(path, 0o600) == 0)
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    // Open for both ways: neither side waits for the other to come, or is alone before all is written.
    let both = open(path, O_RDWR | O_CLOEXEC)
    Thread.detachNewThread {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.prefix(77_777).withUnsafeBytes { write(both, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
      close(both)
    }
    #expect(try InputFile.read(path, limit: 2_000_000) == bytes)
  }
}
