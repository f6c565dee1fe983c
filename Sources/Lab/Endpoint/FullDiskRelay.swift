import Foundation

/// The system's sftp-server as it looks on a machine whose disk is full: writing fails, which SFTP has no word for, and
/// whoever asks how much is free is told "nothing". Stands between the SSH server and the sftp-server.
struct FullDiskRelay: Sendable {
  private static let extendedReply: UInt8 = 201
  /// A reply to statvfs: its kind, the request's number, and eleven numbers of 64 bits.
  private static let statvfsLength = 1 + 4 + 11 * 8
  /// Where the numbers of free blocks and of those that a user may take stand in it.
  private static let free = 5 + 3 * 8..<5 + 5 * 8

  /// Plays `program` until it ends; its exit code, or nil where it could not be started.
  static func serve(_ program: String, _ arguments: [String], in folder: String) -> Int32? {
    let process = Process()
    let (requests, replies) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    (process.standardInput, process.standardOutput) = (requests, replies)
    guard (try? process.run()) != nil else { return nil }
    let writing = requests.fileHandleForWriting.fileDescriptor
    Thread.detachNewThread {
      while let bytes = read(0), send(bytes, to: writing) {}
      try? requests.fileHandleForWriting.close()
    }
    var relay = FullDiskRelay()
    while let bytes = read(replies.fileHandleForReading.fileDescriptor), send(relay.pass(bytes), to: 1) {}
    process.waitUntilExit()
    return process.terminationStatus
  }

  private var pending: [UInt8] = []

  /// The whole packets that have come, those about free space changed.
  mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
    pending += bytes
    var passed: [UInt8] = []
    while pending.count >= 4 {
      let length = pending.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard pending.count >= 4 + length else { break }
      var body = Array(pending[4..<4 + length])
      if body.first == FullDiskRelay.extendedReply, length == FullDiskRelay.statvfsLength {
        for index in FullDiskRelay.free { body[index] = 0 }
      }
      passed += pending.prefix(4) + body
      pending.removeFirst(4 + length)
    }
    return passed
  }

  /// Nil at the end.
  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = systemRead(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      return count > 0 ? Array(buffer.prefix(count)) : nil
    }
  }

  private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
