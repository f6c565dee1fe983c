import CSystem
package import Foundation
package import Synchronization

/// A process that we start and whose end we take ourselves. Foundation's needs a run loop to notice an end.
package struct ChildProcess: Sendable {
  package let id: pid_t

  /// One that was started here before.
  package init(id: pid_t) { self.id = id }

  /// Starts a program, found in `PATH` when it is a bare name; throws the system's error number as a `POSIXError`.
  ///
  /// - Parameters:
  ///   - name: what it finds as its own name, where that is not `program`.
  ///   - descriptors: become 0, 1 and 2, in that order; where one is nil or missing, it has ours.
  ///   - ownGroup: a ^C at the terminal is ours to answer, and what it starts ends with it. Otherwise it stays in our
  ///     group, and may read from the terminal.
  package init(
    _ program: String, _ arguments: [String], name: String? = nil, descriptors: [Int32?], ownGroup: Bool = true
  ) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    for case (let target, let descriptor?) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
    }
    ChildProcess.setSignals(&attributes, ownGroup: ownGroup)
    var words: [UnsafeMutablePointer<CChar>?] =
      ([name ?? program] + arguments).map { (word: String) in strdup(word) } + [nil]
    defer { words.forEach { free($0) } }
    var id = pid_t()
    let code = ChildProcess.lock.withLock { _ in posix_spawnp(&id, program, &actions, &attributes, &words, environ) }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    self.id = id
    if ownGroup { cs_keep_group(id) }
  }

  /// Held while a process starts, and while descriptors are made that can't be marked close-on-exec in one step: a
  /// child that inherits the end of somebody's pipe keeps it open.
  package static let lock = Mutex(())

  #if canImport(Darwin)
    private typealias Attributes = posix_spawnattr_t?
  #else
    private typealias Attributes = posix_spawnattr_t
  #endif

  /// We ignore or handle these, and our threads have signals blocked; a child should have neither, or nothing could end it.
  private static func setSignals(_ attributes: inout Attributes, ownGroup: Bool) {
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    if ownGroup { posix_spawnattr_setpgroup(&attributes, 0) }
    let group = ownGroup ? Int16(POSIX_SPAWN_SETPGROUP) : 0
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | group)
  }

  package enum End: Sendable, Hashable { case exited(Int32), killed(Int32), lost }

  /// How long one that was asked to end may take.
  package static let grace = Duration.milliseconds(500)

  /// Blocks until it ends. Called once.
  package func wait() -> End {
    var info = siginfo_t()
    // Its number is its own until its end is taken.
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0 { guard errno == EINTR else { break } }
    cs_drop_group(id)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 { guard errno == EINTR else { return .lost } }
    return ChildProcess.end(status)
  }

  /// Asks it and what it started to end, then makes them, and takes its end. Called instead of `wait`; for one with a
  /// group of its own.
  package func end() {
    kill(-id, SIGTERM)
    let limit = ContinuousClock.now + ChildProcess.grace
    while !hasEnded, ContinuousClock.now < limit { usleep(10_000) }
    // The whole group: others in it may have taken no notice, also where the first one did.
    kill(-id, SIGKILL)
    _ = wait()
  }

  /// The same for one in our group, which may read from the terminal: whatever it has started is found by its parents.
  /// Gives its end.
  package func endTree() -> End {
    let others = ChildProcess.descendants(of: id)
    for process in [id] + others { kill(process, SIGTERM) }
    let limit = ContinuousClock.now + ChildProcess.grace
    while ContinuousClock.now < limit, !hasEnded || others.contains(where: { kill($0, 0) == 0 }) { usleep(10_000) }
    for process in [id] + others { kill(process, SIGKILL) }
    return wait()
  }

  private static func descendants(of id: pid_t) -> [pid_t] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
    let children = threads.flatMap { thread in
      ((try? String(contentsOfFile: "/proc/\(id)/task/\(thread)/children", encoding: .utf8)) ?? "")
        .split(separator: " ").compactMap { pid_t($0) }
    }
    return children.flatMap { [$0] + descendants(of: $0) }
  }

  private var hasEnded: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
  }

  private static func end(_ status: Int32) -> End {
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal)
  }
}
