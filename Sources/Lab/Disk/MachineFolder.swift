import Foundation
import Remote

/// One simulated machine on disk: `state.json` for what Windows keeps in its registry and service table, real files
/// under `C:`, and a lock for processes that work on it at the same time.
final class MachineFolder: Sendable {
  let files: DiskFiles
  private let path: String
  private let first: MachineState

  /// Opens the folder at `path`, or makes it with a first state and files.
  init(_ path: String, _ state: MachineState, _ base: () -> BaseTree) throws(LabError) {
    self.path = path
    first = state
    files = DiskFiles(root: path)
    // Its state is written last: where that is, all is.
    if FileManager.default.fileExists(atPath: path + "/state.json") { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path + "/C:", withIntermediateDirectories: true)
      try FileLock.holding(path + "/lock") {
        guard !FileManager.default.fileExists(atPath: path + "/state.json") else { return }
        try MachineFolder.fill(path, base())
        try JSONEncoder().encode(state).write(
          to: URL(fileURLWithPath: path + "/state.json"), options: .atomic)
      }
    } catch {
      throw LabError(
        "\(path): the lab's machine could not be made there: \(error.localizedDescription)")
    }
  }

  private static func fill(_ path: String, _ base: BaseTree) throws {
    try base.visit { place, node in
      let target = path + "/" + place
      switch node {
      case .folder:
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
      case .file(_, let bytes, _): try Data(bytes).write(to: URL(fileURLWithPath: target))
      case .gone: break
      }
    }
  }

  /// Looks at and changes the state, alone among all processes. What was pending in an earlier session, whose clock was
  /// ahead of this one's, has long happened.
  func withState<T>(at date: Double, _ body: (inout MachineState) -> T) -> T {
    FileLock.holding(path + "/lock") {
      let file = URL(fileURLWithPath: path + "/state.json")
      let data = try? Data(contentsOf: file)
      // A state that somebody damaged is a machine that was set up anew.
      var state = data.flatMap { try? JSONDecoder().decode(MachineState.self, from: $0) } ?? first
      let before = state
      state.catchUp(state.savedAt > date + 1 ? .infinity : date)
      let result = body(&state)
      if state != before {
        state.savedAt = date
        // What can't be kept is seen at the next look: the machine is as it was.
        try? JSONEncoder().encode(state).write(to: file, options: .atomic)
      }
      return result
    }
  }
}
