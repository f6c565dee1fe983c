import Foundation
import Remote

/// One simulated machine on disk in whole, for SSH servers to serve: `state.json` for what Windows keeps in its registry
/// and service table, real files under `C:`, and a lock for processes that work on it at the same time.
final class MachineFolder: Sendable {
  let files: DiskFiles
  private let path: String
  private let first: MachineState

  /// Opens the folder at `path`, or makes it with a first state and files.
  init(_ path: String, _ state: MachineState, _ make: () -> MemoryFiles) throws(LabError) {
    self.path = path
    first = state
    files = DiskFiles(root: path)
    // Its state is written last: where that is, all is.
    if MachineFolder.isThere(path) { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path + "/C:", withIntermediateDirectories: true)
      try FileLock.holding(path + "/lock") {
        guard !MachineFolder.isThere(path) else { return }
        try MachineFolder.fill(path, make())
        let code = keep(state)
        if code != 0 { throw LabError(RealFile.text(code)) }
      }
    } catch {
      let reason = (error as? LabError)?.description ?? error.localizedDescription
      throw LabError("\(path): the lab's machine could not be made there: \(reason)")
    }
  }

  /// Whether there is a machine in whole.
  static func isThere(_ path: String) -> Bool { RealFile.entry(path + "/state.json") != nil }

  private static func fill(_ path: String, _ files: MemoryFiles) throws(LabError) {
    try files.visit { (place, node) throws(LabError) in
      let target = path + "/" + place
      let code: Int32
      switch node {
      case .folder: code = mkdir(target, 0o777) == 0 || errno == EEXIST ? 0 : errno
      case .file(_, let bytes, _): code = RealFile.replace(target, with: bytes, drafts: path)
      case .gone: code = 0
      }
      if code != 0 { throw LabError("\(place): \(RealFile.text(code))") }
    }
  }

  private func keep(_ state: MachineState) -> Int32 {
    guard let data = try? JSONEncoder().encode(state) else { return EINVAL }
    return RealFile.replace(path + "/state.json", with: [UInt8](data), drafts: path)
  }

  /// Looks at and changes the state, alone among all processes.
  func withState<T>(at date: Double, _ body: (inout MachineState) -> T) -> T {
    FileLock.holding(path + "/lock") {
      let bytes = RealFile.read(path + "/state.json")
      // A state that somebody damaged is a machine that was set up anew.
      var state = bytes.flatMap { try? JSONDecoder().decode(MachineState.self, from: Data($0)) } ?? first
      let isOverdue = state.catchUp(inSessionAt: date)
      let before = state
      let result = body(&state)
      if isOverdue || state != before {
        state.savedAt = date
        // What can't be kept is seen at the next look: the machine is as it was.
        _ = keep(state)
      }
      return result
    }
  }
}
