import CSystem
import Foundation
import Synchronization

/// A process that we start and whose end we take ourselves. Foundation's needs a run loop to notice an end.
struct ChildProcess: Sendable {
  let id: pid_t

  /// Starts a program, found in `PATH` when it is a bare name. `descriptors` become 0, 1 and 2, in that order; the
  /// first missing ones stay ours. Throws the system's error number as a `POSIXError`.
  init(_ program: String, _ arguments: [String], descriptors: [Int32]) throws {
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
    for (target, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
    }
    ChildProcess.setSignals(&attributes)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { (word: String) in strdup(word) } + [nil]
    defer { words.forEach { free($0) } }
    var id = pid_t()
    let code = ChildProcess.lock.withLock { _ in posix_spawnp(&id, program, &actions, &attributes, &words, environ) }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    self.id = id
    cs_keep_group(id)
  }

  /// Held while a process starts, and while descriptors are made that can't be marked close-on-exec in one step: a
  /// child that inherits the end of somebody's pipe keeps it open.
  static let lock = Mutex(())

  #if canImport(Darwin)
    private typealias Attributes = posix_spawnattr_t?
  #else
    private typealias Attributes = posix_spawnattr_t
  #endif

  /// We ignore SIGPIPE and SIGXFSZ, and our threads have signals blocked; a child should have neither, or nothing could end it.
  private static func setSignals(_ attributes: inout Attributes) {
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGXFSZ)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // A group of its own: a ^C at the terminal is ours to answer, and what it starts ends with it.
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP)
    posix_spawnattr_setflags(&attributes, flags)
  }

  enum End: Sendable, Hashable { case exited(Int32), killed(Int32), lost }

  /// How long one that was asked to end may take.
  static let grace = Duration.milliseconds(500)

  /// Blocks until it ends. Called once.
  func wait() -> End {
    var info = siginfo_t()
    // Its number is its own until its end is taken.
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0 { guard errno == EINTR else { break } }
    cs_drop_group(id)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 { guard errno == EINTR else { return .lost } }
    return ChildProcess.end(status)
  }

  /// Asks it and what it started to end, then makes them, and takes its end. Called instead of `wait`.
  func end() {
    kill(-id, SIGTERM)
    let limit = ContinuousClock.now + ChildProcess.grace
    while !hasEnded, ContinuousClock.now < limit { usleep(10_000) }
    // The whole group: others in it may have taken no notice, also where the first one did.
    kill(-id, SIGKILL)
    _ = wait()
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
