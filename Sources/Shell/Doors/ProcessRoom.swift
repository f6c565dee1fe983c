import CSystem

/// Whether the process can have the threads and the memory that it can't do without. With fewer it would stand still in
/// the middle of something, deaf to ^C.
package enum ProcessRoom {
  /// Threads beside one for each core, which tasks run on: timers, signals, the run, the editor, the journal's queues, a
  /// reader of lines, a local command, a look-out for what takes too long, and some for connections.
  private static let threads: Int32 = 16
  private static let memory = 128 << 20

  /// Why the process can't work here, in a sentence; nil where it can. Takes next to no time where no limit is near.
  package static func refusal() -> String? {
    var (wanted, had): (Int32, Int32) = (0, 0)
    switch cs_room(threads, memory, &wanted, &had) {
    case CS_THREADS:
      return "too few threads: \(wanted) are needed at once and \(had) can be had; raise the limit of processes "
        + "(ulimit -u) or of the container's tasks (pids.max)"
    case CS_MEMORY:
      return "too little memory: \(wanted) threads and \(memory >> 20) MB are needed; raise the limit of memory "
        + "(ulimit -v, ulimit -d)"
    default: return nil
    }
  }
}
