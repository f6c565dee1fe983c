import Remote

/// A file transfer client of our own over one channel: libssh's ignores time-outs while it writes.
///
/// Blocks; used by the thread that serves the connection. While it waits, programs on other channels go on.
final class SFTPClient {
  let channel: SSHChannel
  unowned let session: SSHSession
  private let stall: Duration
  private var nextID: UInt32 = 0
  private var extensions: Set<String> = []
  private var watch: Watchdog.Watch?
  /// The server has said which version it speaks.
  private var isOpen = false
  /// Answers that came before the one that was waited for.
  private var early: [UInt32: SFTPReply] = [:]
  /// Requests without an answer yet: what answers another is nobody's.
  private var asked: Set<UInt32> = []

  /// Opens the channel and agrees on the version, within `stall` over all. Where it says nothing, nothing was done by it.
  init(_ session: SSHSession, stall: Duration) throws(RemoteError) {
    self.session = session
    self.stall = stall
    let (wire, label) = (session.wire, session.label)
    let late = RemoteError(.timedOut, "\(label): its SFTP said nothing for \(stall.components.seconds) s")
    let watch = Watchdog.shared.arm(stall) { wire.cut(late) }
    defer { watch.disarm() }
    do throws(RemoteError) { channel = try SSHChannel.open(session, cap: nil) } catch {
      throw error == late ? late.beforeStart() : error
    }
    do throws(RemoteError) { try greet() } catch { throw error == late ? late.beforeStart() : error }
  }

  /// Agrees on the version.
  private func greet() throws(RemoteError) {
    try channel.openSubsystem("sftp", session: session)
    do throws(RemoteError) {
      try channel.send([0, 0, 0, 5, SFTP.Kind.initialize.rawValue, 0, 0, 0, UInt8(SFTP.version)], session: session)
    } catch {
      // It may have ended before it was spoken to.
      throw session.isConnected ? noSFTP("the server ended its SFTP") : error
    }
    var hello = try firstPacket()
    guard let version = hello.number(), version >= SFTP.version else {
      throw noSFTP("the server's SFTP is older than version 3")
    }
    while let name = hello.text(), hello.text() != nil { extensions.insert(name) }
    isOpen = true
  }

  /// The first packet is the server's version, or else what speaks there is not SFTP: a start file or a banner, mostly.
  private func firstPacket() throws(RemoteError) -> SFTPReply {
    try wait(for: 5)
    let head = Array(channel.first(5))
    let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard head[4] == SFTP.Kind.version.rawValue, (5...SFTP.longest).contains(length) else {
      throw noSFTP(
        "it says \(ForeignText.quoted(textBeforeSFTP())) where its SFTP should begin: a start file or a banner there "
          + "prints that; it must print nothing where there is no terminal")
    }
    return try packet()
  }

  /// What was said before SFTP, without the packet that may follow at once: every packet begins with a NUL, no text has one.
  private func textBeforeSFTP() -> [UInt8] {
    let bytes = Array(channel.first(200))
    let text = bytes.prefix { $0 != 0 }
    guard let last = text.lastIndex(where: { $0 != 0x0A && $0 != 0x0D }) else { return bytes }
    return Array(text[...last])
  }

  private func noSFTP(_ text: String) -> RemoteError { RemoteError(.noSFTP, "\(session.label): \(text)") }

  func fault(_ text: String) -> RemoteError { RemoteError(.protocolFault, "\(session.label): \(text)") }

  /// Runs one operation that must not stand still: the watchdog cuts the wire when no byte comes for too long.
  func watched<T>(_ what: String, _ body: () throws(RemoteError) -> T) throws(RemoteError) -> T {
    let (wire, label, stall) = (session.wire, session.label, stall)
    let watch = Watchdog.shared.arm(stall) {
      wire.cut(RemoteError(.timedOut, "\(label): \(what): no byte for \(stall.components.seconds) s"))
    }
    self.watch = watch
    defer {
      watch.disarm()
      self.watch = nil
    }
    return try body()
  }

  /// Sends a request; its number.
  func send(_ kind: SFTP.Kind, _ build: (inout SFTPRequest) -> Void) throws(RemoteError) -> UInt32 {
    nextID &+= 1
    var request = SFTPRequest(kind, id: nextID)
    build(&request)
    asked.insert(nextID)
    try channel.send(request.packet, session: session)
    watch?.extend(by: stall)
    return nextID
  }

  /// The next answer to any of `ids`, with its number taken off.
  func answer(toOneOf ids: some Collection<UInt32>) throws(RemoteError) -> (id: UInt32, reply: SFTPReply) {
    for id in ids { if let reply = early.removeValue(forKey: id) { return (id, reply) } }
    while true {
      var reply = try packet()
      guard let id = reply.number(), asked.remove(id) != nil else { throw broken() }
      if ids.contains(id) { return (id, reply) }
      // At most so many are under way, and each of them is short: a long list is asked for alone.
      guard early.count < 2 * SFTP.window, reply.count <= 2 * SFTP.chunk else { throw broken() }
      early[id] = reply
    }
  }

  /// One request and its answer.
  func ask(_ kind: SFTP.Kind, _ build: (inout SFTPRequest) -> Void) throws(RemoteError) -> SFTPReply {
    try answer(toOneOf: [send(kind, build)]).reply
  }

  /// One whole packet, without its length.
  private func packet() throws(RemoteError) -> SFTPReply {
    try wait(for: 4)
    let length = channel.take(4).reduce(0) { $0 << 8 | Int($1) }
    guard (1...SFTP.longest + 1_024).contains(length) else { throw broken() }
    try wait(for: length)
    watch?.extend(by: stall)
    return SFTPReply(channel.take(length))
  }

  private func wait(for count: Int) throws(RemoteError) {
    var seen = channel.waiting
    while channel.waiting < count {
      guard !channel.isClosed, !channel.hasEnded else {
        if let cause = session.wire.cause { throw cause }
        // Before its first word it has none; later it is as if the connection had ended.
        if isOpen { throw RemoteError(.dropped, "\(session.label): the server ended its SFTP") }
        let said = channel.waiting == 0 ? "" : " after saying \(ForeignText.quoted(channel.first(200)))"
        throw noSFTP("the server ended its SFTP\(said)")
      }
      try session.turn(milliseconds: 1_000)
      session.betweenTurns()
      if channel.waiting > seen {
        seen = channel.waiting
        watch?.extend(by: stall)
      }
    }
  }

  func broken() -> RemoteError { fault("the server's SFTP answer can't be read") }

  /// Throws what a status means; `.ok` is nil, the end of a file is `false`.
  func status(_ reply: SFTPReply, _ what: String) throws(RemoteError) -> UInt32 {
    var reply = reply
    guard reply.kind == .status, let code = reply.number() else { throw broken() }
    if code == SFTP.Status.ok || code == SFTP.Status.endOfFile { return code }
    throw error(code, reply.text() ?? "", what)
  }

  func succeed(_ reply: SFTPReply, _ what: String) throws(RemoteError) {
    guard try status(reply, what) == SFTP.Status.ok else { throw fault("\(what): the server says end of file") }
  }

  private func error(_ code: UInt32, _ text: String, _ what: String) -> RemoteError {
    let label = session.label
    let text = text.cut(to: 1_000)
    switch code {
    case SFTP.Status.noSuchFile: return RemoteError(.notFound, "\(label): \(what): not found")
    case SFTP.Status.permissionDenied: return RemoteError(.accessDenied, "\(label): \(what): access denied")
    case SFTP.Status.unsupported: return RemoteError(.unsupported, "\(label): \(what): the server can't do that")
    default:
      let words = text.lowercased()
      if words.contains("no space") || words.contains("disk full") || words.contains("not enough space") {
        return RemoteError(.noSpace, "\(label): \(what): no space left")
      }
      return fault("\(what): the server says \(text.isEmpty ? "failure" : words.cut(to: 300))")
    }
  }

  /// Bytes free where `path` is, if the server can tell.
  func freeBytes(at path: String) -> UInt64? {
    guard extensions.contains("statvfs@openssh.com"),
      var reply = try? ask(
        .extended,
        {
          $0.add("statvfs@openssh.com"); $0.add(path)
        }), reply.kind == .extendedReply,
      reply.number64() != nil, let unit = reply.number64(), reply.number64() != nil, reply.number64() != nil,
      let available = reply.number64()
    else { return nil }
    return unit.multipliedReportingOverflow(by: available).partialValue
  }
}
