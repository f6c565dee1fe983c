import Foundation
import GRDB
import Synchronization

/// Writes that wait for a disk sync, to be shared (group commit): whatever has queued while a transaction was on its way
/// goes into the next one together.
///
/// A write that somebody waits for begins a transaction at once, or where one has just begun, half a millisecond after
/// that: thousands wait at a time, and who comes in between shares the sync. One that nobody waits for stays a moment
/// first, since in a run another soon takes it along.
final class CommitQueue: Sendable {
  typealias Write = @Sendable (Database) throws -> Void
  typealias Waiter = @Sendable (JournalError?) -> Void

  private struct Pending {
    var writes: [Write] = []
    var waiters: [Waiter] = []
    var isFlushing = false
    /// A timer will begin the transaction.
    var isTimed = false
    var commits = 0
    /// When the last transaction began.
    var began = ContinuousClock.now
    /// Once a transaction failed, what was queued without a waiter is lost: nothing may be touched any more.
    var failure: JournalError?
    var isDead = false

    /// True for the one caller that must start the flush.
    mutating func claimFlush() -> Bool {
      if isFlushing || writes.isEmpty { return false }
      isFlushing = true
      return true
    }

    /// True for the one caller that must set the timer.
    mutating func claimTimer() -> Bool {
      if isFlushing || isTimed { return false }
      isTimed = true
      return true
    }

    /// How long the next transaction should wait for company.
    var pause: Duration { max(.zero, CommitQueue.apart - (ContinuousClock.now - began)) }

    mutating func take() -> (writes: [Write], waiters: [Waiter]) {
      defer { (writes, waiters) = ([], []) }
      began = ContinuousClock.now
      return (writes, waiters)
    }
  }

  /// How long a write that nobody waits for waits for company.
  private static let patience = DispatchTimeInterval.milliseconds(20)

  /// Between the beginnings of two transactions.
  private static let apart = Duration.microseconds(500)

  private let database: DatabaseQueue
  private let queue = Mutex(Pending())
  /// Who is told when a transaction fails, by their run.
  let listeners = Mutex<[Int: @Sendable (JournalError) -> Void]>([:])

  init(_ database: DatabaseQueue) { self.database = database }

  /// How many transactions were committed.
  var commits: Int { queue.withLock { $0.commits } }

  /// Queues `write`. `waiter` is called when it is durable, or with what went wrong, in the order of the calls.
  func add(_ write: @escaping Write, isAwaited: Bool, _ waiter: Waiter?) {
    enum Next { case nothing, flush, timer }
    let (failure, next) = queue.withLock { pending -> (JournalError?, Next) in
      if let failure = pending.failure { return (failure, .nothing) }
      pending.writes.append(write)
      if let waiter { pending.waiters.append(waiter) }
      if isAwaited { return (nil, pending.claimFlush() ? .flush : .nothing) }
      return (nil, pending.claimTimer() ? .timer : .nothing)
    }
    if let failure { waiter?(failure) }
    switch next {
    case .nothing: break
    case .flush: flush()
    case .timer:
      DispatchQueue.global().asyncAfter(deadline: .now() + CommitQueue.patience) {
        self.queue.withLock { $0.isTimed = false }
        self.hurry()
      }
    }
  }

  /// Begins to write what waits for company.
  func hurry() {
    if queue.withLock({ $0.claimFlush() }) { flush() }
  }

  /// What failed once is over: writes are taken again, unless the process is as good as dead.
  func forgive() {
    queue.withLock { if !$0.isDead, !$0.isFlushing, $0.writes.isEmpty { $0.failure = nil } }
  }

  /// What is queued, and whatever comes later, fails.
  func perish() {
    let waiters = queue.withLock { pending in
      pending.isDead = true
      pending.failure = .cannotWrite(reason: "the process has died")
      return pending.take().waiters
    }
    for waiter in waiters { waiter(.cannotWrite(reason: "the process has died")) }
  }

  private func flush() {
    database.asyncWriteWithoutTransaction { db in
      let pause = self.queue.withLock { $0.pause }
      if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
      // What came while this waited for its turn goes along.
      let (writes, waiters) = self.queue.withLock { $0.take() }
      var failure: JournalError?
      do {
        try db.inTransaction {
          for write in writes { try write(db) }
          return .commit
        }
      } catch {
        failure = .cannotWrite(reason: Journal.reason(error))
      }
      let more = self.queue.withLock { [failure] pending in
        pending.commits += 1
        pending.failure = pending.failure ?? failure
        pending.isFlushing = false
        return pending.claimFlush()
      }
      for waiter in waiters { waiter(failure) }
      if let failure { for listener in self.listeners.withLock({ Array($0.values) }) { listener(failure) } }
      if more { self.flush() }
    }
  }
}

/// Where a write's end and the one who waits for it meet, whichever comes first.
final class CommitReceipt: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<JournalError?, Never>)
    case settled(JournalError?)
  }

  private let state = Mutex(State.open)

  func settle(_ failure: JournalError?) {
    let waiter = state.withLock { state -> CheckedContinuation<JournalError?, Never>? in
      defer { state = .settled(failure) }
      if case .awaited(let waiter) = state { return waiter }
      return nil
    }
    waiter?.resume(returning: failure)
  }

  /// Nil when the write is durable.
  func failure() async -> JournalError? {
    if case .settled(let failure) = state.withLock({ $0 }) { return failure }
    return await withCheckedContinuation { waiter in
      let settled = state.withLock { state -> JournalError?? in
        if case .settled(let failure) = state { return .some(failure) }
        state = .awaited(waiter)
        return nil
      }
      if let settled { waiter.resume(returning: settled) }
    }
  }
}
