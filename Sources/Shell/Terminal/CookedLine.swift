import CEditline
import Foundation

/// One line that the kernel edits, from a terminal prepared by `ce_begin_asking`: there ^C ends a line like Enter does,
/// and stands as its last byte.
enum CookedLine {
  private static let cancelKey: UInt8 = 3

  /// - Parameters:
  ///   - input: the terminal.
  ///   - cancelled: becomes readable when nobody wants the answer any more.
  static func read(_ input: Int32, cancelled: Int32) -> Answer<String> {
    var line: [UInt8] = []
    // A terminal gives a whole line at once, 4,095 bytes at most.
    var buffer = [UInt8](repeating: 0, count: 4_096)
    defer { wipe(&buffer) }
    while true {
      var ready = [
        pollfd(fd: input, events: Int16(POLLIN), revents: 0), pollfd(fd: cancelled, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&ready, 2, -1) < 0 {
        if errno == EINTR { continue }
        return .endOfInput
      }
      if ready[1].revents != 0 {
        // Half a secret must not become the beginning of a command.
        ce_discard_input(input)
        return .cancelled
      }
      let count = Foundation.read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      // ^D gives what was typed so far without a newline: no answer either.
      if count <= 0 { return .endOfInput }
      line += buffer[..<count]
      switch line.last {
      case cancelKey: return .cancelled
      case UInt8(ascii: "\n"):
        defer { wipe(&line) }
        // What another encoding made of a password is not the password.
        guard let text = String(validating: line.dropLast(), as: UTF8.self) else { return .endOfInput }
        return .given(text)
      default: return .endOfInput
      }
    }
  }

  private static func wipe(_ bytes: inout [UInt8]) {
    for index in bytes.indices { bytes[index] = 0 }
  }
}
