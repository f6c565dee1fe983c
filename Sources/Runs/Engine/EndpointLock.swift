package import Remote

/// Keeps two administrators' apexsh off one endpoint: a dated folder that says who works there.
///
/// Our own (same installation) is taken over, unless a run that is under way put it there: another one, or the same for
/// another agent, which then is a second name of this endpoint. A stranger's is honoured for 30 minutes after its last refresh, and ours is
/// refreshed when it is five minutes old. Clocks may differ between the two, so a date in the future counts as fresh.
package struct EndpointLock: Sendable {
  package static let folderName = "apexsh.lock"
  static let honoured = 30 * 60.0
  private static let fresh = 5 * 60.0
  private static let fileName = "owner.txt"

  let folder: WindowsPath
  let run: Int
  /// The agent's place in the run's plan.
  let position: Int
  let installation: String
  private let isUnderWay: @Sendable (Int) -> Bool
  /// When the folder was last written to, seconds since 1970.
  private var writtenAt = -Double.infinity

  /// `isUnderWay`: whether a living process carries a run of this installation.
  package init(
    systemRoot: WindowsPath, run: Int, position: Int, installation: String,
    isUnderWay: @escaping @Sendable (Int) -> Bool
  ) {
    folder = systemRoot.appending(EndpointLock.folderName)
    self.run = run
    self.position = position
    self.installation = installation
    self.isUnderWay = isUnderWay
  }

  private var file: WindowsPath { folder.appending(EndpointLock.fileName) }

  /// Nil when the endpoint is ours now; else who holds it. `mayBeOurs`: an earlier try broke off while it was taking the
  /// lock, so a folder that says nothing, or half a line, is taken for what it left.
  mutating func take(
    _ host: any Host, at date: Double, mayBeOurs: Bool = false
  ) async throws(RemoteError) -> String? {
    do {
      try await host.makeFolder(folder)
    } catch {
      guard error.kind == .alreadyExists else { throw error }
      if let holder = try await holder(host, at: date, mayBeOurs) { return holder }
    }
    do {
      try await write(host, at: date)
    } catch {
      // A full disk lets a folder be made and no file: what is ours must not stay behind.
      try? await release(host)
      throw error
    }
    return nil
  }

  /// Dates it anew where that is due.
  mutating func refresh(_ host: any Host, at date: Double) async throws(RemoteError) {
    if date - writtenAt >= EndpointLock.fresh { try await write(host, at: date) }
  }

  private mutating func write(_ host: any Host, at date: Double) async throws(RemoteError) {
    try await host.put(Array((opening + String(Int(clamping: date)) + "\n").utf8), to: file)
    writtenAt = date
  }

  func release(_ host: any Host) async throws(RemoteError) {
    try await host.remove([EndpointLock.fileName], with: folder)
  }

  /// A stranger who still holds it; nil where it is ours, or given up.
  private func holder(
    _ host: any Host, at date: Double, _ mayBeOurs: Bool
  ) async throws(RemoteError) -> String? {
    let bytes: [UInt8]
    do {
      bytes = try await host.get(file, limit: 1_024)
    } catch {
      // Made a moment ago by somebody who has not written the file yet, or left behind without it: only its age tells.
      guard error.kind == .notFound || error.kind == .tooLarge else { throw error }
      if mayBeOurs, error.kind == .notFound { return nil }
      let made = try await age(host)
      guard let made, date - Double(made) > EndpointLock.honoured else {
        return "another apexsh (it does not say whose)"
      }
      return nil
    }
    let isWhole = bytes.last == UInt8(ascii: "\n")
    if mayBeOurs, !isWhole, isBeginningOfOurs(bytes) { return nil }
    var fields: [Substring: Substring] = [:]
    for field in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace) {
      let parts = field.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
    let isOurs = fields["installation"] == Substring(installation)
    if isOurs, holderOfOurs(fields) == nil { return nil }
    let at = isWhole ? fields["at"].flatMap { Double($0) } : nil
    // What has no date (cut off while it was written) is as old as its folder.
    var since = at
    if since == nil { since = try await age(host).map(Double.init) }
    if let since, date - since > EndpointLock.honoured { return nil }
    if isOurs { return holderOfOurs(fields) }
    let who = fields["installation"].map { String($0.prefix(16)) } ?? "unknown"
    return "run \(fields["run"].map { String($0.prefix(12)) } ?? "?") of the installation \(who)"
  }

  /// Who of this installation works there at this moment; nil where nobody does, or we do.
  private func holderOfOurs(_ fields: [Substring: Substring]) -> String? {
    guard let other = fields["run"].flatMap({ Int($0) }) else { return nil }
    if other == run {
      // Without a place it is an earlier version's.
      guard let place = fields["agent"].flatMap({ Int($0) }), place != position else { return nil }
      return "this run, for another agent's name,"
    }
    return isUnderWay(other) ? "run \(other), which is under way," : nil
  }

  /// What our word begins with, whenever it is written.
  private var opening: String { "apexsh run=\(run) agent=\(position) installation=\(installation) at=" }

  /// Our own word, cut off while it was written; nobody else's half word.
  private func isBeginningOfOurs(_ bytes: [UInt8]) -> Bool {
    let own = Array(opening.utf8)
    return bytes.count <= own.count ? own.starts(with: bytes) : bytes.starts(with: own)
  }

  private func age(_ host: any Host) async throws(RemoteError) -> Int64? {
    try await host.entry(at: folder)?.modified
  }
}
