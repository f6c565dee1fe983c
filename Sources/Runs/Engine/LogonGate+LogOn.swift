package import Remote
import Synchronization

/// One logon's leave to send the password.
package final class LogonTurn: PasswordLeave {
  private enum Standing { case outside, shutOut, barred, withdrawn, inside(isNew: Bool) }

  private let gate: LogonGate
  private let endpoint: LogonGate.Applicant
  /// The same with what its machine shows, where that was seen.
  private let seen = Mutex<LogonGate.Applicant?>(nil)
  private let clock: any Timekeeper
  private let standing = Mutex(Standing.outside)

  private var applicant: LogonGate.Applicant { seen.withLock { $0 } ?? endpoint }

  fileprivate init(_ gate: LogonGate, _ applicant: LogonGate.Applicant, on clock: any Timekeeper) {
    (self.gate, self.endpoint, self.clock) = (gate, applicant, clock)
  }

  /// It got no leave: the password was refused elsewhere.
  package var isShutOut: Bool { standing.withLock { if case .shutOut = $0 { true } else { false } } }

  var isWithdrawn: Bool { standing.withLock { if case .withdrawn = $0 { true } else { false } } }

  /// Why it got no leave, where that is another reason than a refusal elsewhere; the password was not sent.
  package func denial(at endpoint: Endpoint) -> RemoteError? {
    switch standing.withLock({ $0 }) {
    case .barred:
      RemoteError(
        .logonRefused,
        "\(endpoint.name): it gave no answer to the password before, and is not sent it again; see what is wrong there")
    case .withdrawn: RemoteError(.dropped, "\(endpoint.name): interrupted before the password was sent")
    default: nil
    }
  }

  package func mayBeSent(to machine: MachineMarks) async -> Bool {
    if case .inside = standing.withLock({ $0 }) { return true }
    var applicant = endpoint
    applicant.marks = machine
    seen.withLock { $0 = applicant }
    let now: Standing =
      switch await gate.enter(applicant, on: clock) {
      case .refused: .shutOut
      case .barred: .barred
      case .withdrawn: .withdrawn
      case .goes(let isNew): .inside(isNew: isNew)
      }
    standing.withLock { $0 = now }
    if case .inside = now { return true }
    return false
  }

  /// The machine is logged on to; `credential`: what it took.
  package func end(taken credential: RemoteError.Credential?) {
    end((credential ?? .password) == .password ? .accepted : .inconclusive)
  }

  /// The logon failed.
  package func end(_ error: RemoteError) {
    guard error.mayHaveRefusedPassword else { return end(.inconclusive) }
    end(error.kind == .logonRefused ? .refused(error.message) : .unanswered(error.message))
  }

  private func end(_ verdict: LogonGate.Verdict) {
    let last = standing.withLock { standing in
      let last = standing
      if case .inside = standing { standing = .outside }
      return last
    }
    switch (last, verdict) {
    case (.inside(let isNew), _): gate.settle(verdict, of: applicant, isNew: isNew)
    case (_, .refused(let text)), (_, .unanswered(let text)): gate.shut(text)
    default: break
    }
  }
}

extension LogonGate {
  /// Leave for one logon to a machine, whose `end` must be called. The caller's task lives on the clock.
  ///
  /// `isWithdrawn`: nothing more is to be sent for it; asked again at `recall`.
  package func turn(
    for endpoint: Endpoint, to purpose: Purpose = .work, on clock: any Timekeeper,
    unless isWithdrawn: @escaping @Sendable () -> Bool = { false }
  ) -> LogonTurn {
    // One address is one machine, under whatever names.
    let machine = MachineMarks.canonical(endpoint.address ?? endpoint.name)
    return LogonTurn(self, Applicant(machine: machine, purpose: purpose, isWithdrawn: isWithdrawn), on: clock)
  }

  /// Connects to an endpoint, the password going out only with leave. The caller's task lives on the clock.
  ///
  /// - Returns: nil where the password was refused elsewhere, or where `isWithdrawn`: it was not sent here.
  package func logOn(
    to endpoint: Endpoint, by connector: any HostConnector, within limit: Duration, for purpose: Purpose = .work,
    on clock: any Timekeeper, unless isWithdrawn: @escaping @Sendable () -> Bool = { false }
  ) async throws(RemoteError) -> (any Host)? {
    let turn = turn(for: endpoint, to: purpose, on: clock, unless: isWithdrawn)
    do throws(RemoteError) {
      let host = try await connector.connect(to: endpoint, within: limit, asking: turn)
      turn.end(taken: host.credential)
      return host
    } catch {
      if turn.isShutOut { return nil }
      // Not where only the task was cancelled.
      if turn.isWithdrawn, isWithdrawn() { return nil }
      if let denial = turn.denial(at: endpoint) { throw denial }
      turn.end(error)
      throw error
    }
  }
}
