import Remote
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the changes of a lab's machines are kept, lines in a few logs: `changes/00` and so on. What a machine holds
/// beside them follows from the lab's seed, so one that nobody changed takes no room, and one that is repaired some
/// lines: to make files and folders for each would cost more time than its repair.
final class MachineLogs: Sendable {
  /// The open folder of the logs; each of them holds it.
  final class Folder: Sendable {
    let descriptor: Int32
    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
  }

  let contents: ContentStore
  private let logs: [MachineLog]

  private static let count = 64

  /// Nil, with errno, where the folders can't be made.
  init?(_ directory: String) {
    let (changes, contents) = (directory + "/changes", directory + "/contents")
    for folder in [changes, contents] where mkdir(folder, 0o700) != 0 && errno != EEXIST { return nil }
    let descriptor = open(changes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let folder = Folder(descriptor)
    self.contents = ContentStore(contents)
    logs = (0..<Self.count).map { MachineLog((($0 < 16) ? "0" : "") + String($0, radix: 16), in: folder) }
  }

  /// The log that holds a machine's lines.
  func log(of name: String) -> MachineLog {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return logs[Int(hash % UInt64(Self.count))]
  }
}

/// One log: `NAME<tab>CHANGE` a line. A line is written by one call and counts when it is whole, so a lab whose process
/// was killed opens as it was when the last thing was done. Whoever writes holds a lock of the file and has read what is
/// new in it.
final class MachineLog: Sendable {
  /// What there is to know of one machine.
  struct News {
    /// Counts how often the log was begun anew: lines of an earlier round don't count.
    var round: Int
    /// Whole lines' changes in order, each with a newline behind it.
    var changes: [UInt8]
  }

  private struct State {
    var file: Int32 = -1
    /// Where the last whole line that was read ends.
    var end = 0
    var round = 0
    /// What was read and nobody has taken yet, by machine.
    var unread: [String: [UInt8]] = [:]
    /// Machines that have a line, and those of them that are on disk in whole.
    var named: Set<String> = []
    var moved: Set<String> = []
    /// At this length lines that don't count any more go.
    var room = MachineLog.usualRoom
  }

  private static let usualRoom = 4 << 20
  private static let (newline, tab) = (UInt8(ascii: "\n"), UInt8(ascii: "\t"))

  private let name: String
  private let folder: MachineLogs.Folder
  private let state = Mutex(State())

  init(_ name: String, in folder: MachineLogs.Folder) {
    self.name = name
    self.folder = folder
  }

  deinit { state.withLock { if $0.file >= 0 { close($0.file) } } }

  /// Whether anything was done at a machine, and whether it is on disk in whole.
  func knows(_ machine: String) -> (isNamed: Bool, isMoved: Bool) {
    state.withLock { state in
      _ = readOn(&state)
      return (state.named.contains(machine), state.moved.contains(machine))
    }
  }

  /// What others have done at a machine since it was last asked, in round `round`; nil for nothing.
  func news(of machine: String, after round: Int) -> News? {
    state.withLock { state in
      _ = readOn(&state)
      return take(machine, round, &state)
    }
  }

  /// Changes a machine while no other process can change one of this log. `body` is told what is new and gives what it
  /// did, or nil for nothing. False, with errno, where that could not be kept, or the log not be read.
  func alone(_ machine: String, after round: Int, _ body: (News?) throws(RemoteError) -> [UInt8]?) throws(RemoteError)
    -> Bool
  {
    try state.withLock { (state) throws(RemoteError) in
      guard lock(&state) else { return false }
      defer { flock(state.file, LOCK_UN) }
      guard let change = try body(take(machine, round, &state)) else { return true }
      var line = Array(machine.utf8)
      line.reserveCapacity(line.count + change.count + 2)
      line.append(Self.tab)
      line += change
      line.append(Self.newline)
      guard append(line, &state) else { return false }
      note(machine, change[...], &state)
      if state.end > state.room { shorten(&state) }
      return true
    }
  }

  // MARK: reading

  private func take(_ machine: String, _ round: Int, _ state: inout State) -> News? {
    if state.unread.isEmpty, state.round == round { return nil }
    let changes = state.unread.removeValue(forKey: machine)
    if changes == nil, state.round == round { return nil }
    return News(round: state.round, changes: changes ?? [])
  }

  private func note(_ machine: String, _ change: ArraySlice<UInt8>, _ state: inout State) {
    state.named.insert(machine)
    if change.elementsEqual("moved".utf8) { state.moved.insert(machine) }
  }

  /// Reads what is new; false, with errno, when it can't be read. A log that isn't there yet holds nothing.
  private func readOn(_ state: inout State) -> Bool {
    if state.file < 0 {
      state.file = openat(folder.descriptor, name, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
      guard state.file >= 0 else { return errno == ENOENT }
    }
    guard let entry = RealFile.entry(of: state.file) else { return false }
    guard entry.hasName else {
      close(state.file)
      state = State(round: state.round + 1)
      return readOn(&state)
    }
    guard entry.size > state.end else { return true }
    guard let bytes = RealFile.read(state.file, from: state.end, count: entry.size - state.end) else { return false }
    MachineLog.split(bytes) { machine, change, end in
      state.unread[machine, default: []] += bytes[change.startIndex...change.endIndex]
      note(machine, change, &state)
    }
    state.end += (bytes.lastIndex(of: Self.newline) ?? -1) + 1
    return true
  }

  /// Each whole line's machine and change, and where the line ends.
  private static func split(_ bytes: [UInt8], _ body: (String, ArraySlice<UInt8>, Int) -> Void) {
    var start = 0
    while start < bytes.count, let end = bytes[start...].firstIndex(of: newline) {
      if let cut = bytes[start..<end].firstIndex(of: tab) {
        body(String(decoding: bytes[start..<cut], as: UTF8.self), bytes[(cut + 1)..<end], end + 1)
      }
      start = end + 1
    }
  }

  // MARK: writing

  /// Takes the file's lock with all read that stands in it; false, with errno, where that can't be.
  private func lock(_ state: inout State) -> Bool {
    while true {
      if state.file < 0 {
        state.file = openat(folder.descriptor, name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard state.file >= 0 else { return false }
      }
      let round = state.round
      while flock(state.file, LOCK_EX) != 0, errno == EINTR {}
      let isRead = readOn(&state)
      // Another process may have put a shorter one in its place: then it is that one's lock that counts.
      guard state.round == round, state.file >= 0 else { continue }
      if !isRead { flock(state.file, LOCK_UN) }
      return isRead
    }
  }

  /// Appends to the last whole line: what a killed process began behind it goes.
  private func append(_ line: [UInt8], _ state: inout State) -> Bool {
    if let size = RealFile.entry(of: state.file)?.size, size > state.end, ftruncate(state.file, off_t(state.end)) != 0 {
      return false
    }
    guard RealFile.write(line, to: state.file) else {
      let code = errno
      ftruncate(state.file, off_t(state.end))
      errno = code
      return false
    }
    state.end += line.count
    return true
  }

  /// Leaves out what a machine's `anew` has made void. Where that can't be, the log stays as it is.
  private func shorten(_ state: inout State) {
    state.room *= 2
    guard let bytes = RealFile.read(state.file, from: 0, count: state.end) else { return }
    var first: [String: Int] = [:]
    MachineLog.split(bytes) { machine, change, end in if MachineChange.isAnew(change) { first[machine] = end } }
    var lines: [UInt8] = []
    MachineLog.split(bytes) { machine, change, end in
      guard end >= first[machine] ?? 0 else { return }
      lines += machine.utf8
      lines.append(Self.tab)
      lines += bytes[change.startIndex...change.endIndex]
    }
    let draft = name + ".draft"
    let file = openat(folder.descriptor, draft, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    // Nobody writes to the new one before this process has read it as its own.
    while flock(file, LOCK_EX) != 0, errno == EINTR {}
    guard RealFile.write(lines, to: file), renameat(folder.descriptor, draft, folder.descriptor, name) == 0 else {
      unlinkat(folder.descriptor, draft, 0)
      close(file)
      return
    }
    close(state.file)
    state.file = file
    state.end = lines.count
    state.room = max(Self.usualRoom, 4 * lines.count)
  }
}
