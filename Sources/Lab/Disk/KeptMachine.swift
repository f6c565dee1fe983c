import Foundation
import Remote

/// One machine of a lab on disk, and how far this process knows what was done at it.
struct KeptMachine: Sendable {
  /// What never changes about it.
  final class Place: Sendable {
    let log: MachineLog
    let contents: ContentStore
    let name: String
    let first: MachineState
    /// Where the machine is when it is on disk in whole.
    let folder: String

    init(_ logs: MachineLogs, name: String, first: MachineState, folder: String) {
      log = logs.log(of: name)
      contents = logs.contents
      self.name = name
      self.first = first
      self.folder = folder
    }
  }

  let place: Place
  fileprivate var round = 0
  /// How many bytes of changes its state comes from, and at how many it is written anew as what they come to.
  fileprivate var length = 0
  fileprivate var room = KeptMachine.usualRoom

  fileprivate static let usualRoom = 16 << 10

  init(_ place: Place) { self.place = place }
}

extension SimulatedWindows.Live {
  /// Learns what other processes have done at the machine since it was last looked at.
  mutating func refresh() {
    guard let kept, folder == nil, let news = kept.place.log.news(of: kept.place.name, after: kept.round) else {
      return
    }
    learn(news)
  }

  /// Makes a change while no other process can make one. `body` changes what it is given and says what that was, or nil
  /// for nothing; when that can't be kept on disk, all stays as it was.
  mutating func alone(_ body: (inout Self) throws(RemoteError) -> MachineChange?) throws(RemoteError) {
    guard let kept else { return _ = try body(&self) }
    let place = kept.place
    var changed = self
    let isKept = try place.log.alone(place.name, after: kept.round) { (news) throws(RemoteError) in
      if let news {
        learn(news)
        changed = self
      }
      guard let change = try body(&changed) else { return nil }
      guard let text = change.text(place.contents) else { throw notKept(errno) }
      changed.kept?.length += text.count
      return text
    }
    guard isKept else { throw notKept(errno) }
    self = changed
    try? shorten()
  }

  private func notKept(_ code: Int32) -> RemoteError {
    RemoteError(.noSpace, "\(kept?.place.name ?? ""): the lab could not keep this on disk: \(RealFile.text(code))")
  }

  private mutating func learn(_ news: MachineLog.News) {
    guard let kept else { return }
    if news.round != kept.round { startAnew(news.round) }
    self.kept?.length += news.changes.count
    let lines = news.changes.split(separator: UInt8(ascii: "\n"))
    let lastState = lines.lastIndex(where: MachineChange.isState)
    for (place, line) in lines.enumerated() where place == lastState || !MachineChange.isState(line) {
      if let change = MachineChange(line, kept.place.contents) { take(change) }
    }
  }

  /// The machine as the lab's seed has it.
  private mutating func startAnew(_ round: Int) {
    guard let place = kept?.place else { return }
    state = place.first
    files = MemoryFiles(base: files.base)
    kept?.round = round
    kept?.length = 0
  }

  private mutating func take(_ change: MachineChange) {
    switch change {
    case .state(let state): self.state = state
    case .file(let path, let bytes, let modified):
      files.restore(path, .file(name: FileKey.name(of: path), bytes: bytes, modified: modified))
    case .folder(let path): files.restore(path, .folder(name: FileKey.name(of: path)))
    case .removed(let path): files.restore(path, nil)
    case .anew(let changes):
      startAnew(kept?.round ?? 0)
      for change in changes { take(change) }
    case .moved:
      guard let place = kept?.place else { return }
      folder = try? MachineFolder(place.folder, place.first) { files }
    }
  }

  /// A machine at which much was done is written anew as what it comes to.
  private mutating func shorten() throws(RemoteError) {
    guard let kept, kept.length > kept.room, folder == nil else { return }
    (self.kept!.length, self.kept!.room) = (0, .max)
    defer { self.kept!.room = max(KeptMachine.usualRoom, 4 * self.kept!.length) }
    try alone { live in
      guard live.folder == nil else { return nil }
      return .anew(
        [.state(live.state)]
          + live.files.changes.map { path, file in
            switch file {
            case .file(_, let bytes, let modified): .file(path: path, bytes: bytes, modified: modified)
            case .folder: .folder(path: path)
            case .gone, nil: .removed(path: path)
            }
          })
    }
  }

  /// Puts the machine on disk in whole, unless it is there; programs that know nothing of logs can then work on it.
  mutating func move() throws(RemoteError) {
    try alone { (live) throws(RemoteError) in
      guard live.folder == nil, let place = live.kept?.place else { return nil }
      do {
        // What a killed process began.
        if RealFile.entry(place.folder) != nil { try FileManager.default.removeItem(atPath: place.folder) }
        live.folder = try MachineFolder(place.folder, live.state) { live.files }
      } catch {
        throw RemoteError(
          .noSpace, (error as? LabError)?.description ?? "\(place.folder): \(error.localizedDescription)")
      }
      return .moved
    }
  }
}
