import ApexOne
import Foundation
import Remote
import Runs
import Synchronization

/// The gates of one session: whatever uses one password at the same time goes through the same one, however many runs
/// and looks go on. One account is spelled in several ways (`admin`, `CONTOSO\admin`, `admin@contoso.local`), so its
/// name tells no accounts apart.
package final class LogonGates: Sendable {
  private struct Living { weak var gate: LogonGate? }

  private let gates = Mutex<[Secret: Living]>([:])
  /// Passwords that a person wants sent although their account was refused as often as it may be.
  private let allowed = Mutex<Set<Secret>>([])

  package init() {}

  /// The gate that somebody still goes through; nil where there is none. One that is shut is that of a password as it
  /// was, which has been given anew since.
  func living(_ password: Secret, atOnce: Int?) -> LogonGate? {
    gates.withLock { gates in
      gates = gates.filter { $0.value.gate != nil }
      guard let gate = gates[password]?.gate, gate.refusal == nil else { return nil }
      if let atOnce { gate.narrow(to: atOnce) }
      return gate
    }
  }

  /// That gate, or a new one: `make` makes it.
  func gate(_ password: Secret, atOnce: Int?, make: () -> LogonGate) -> LogonGate {
    if let gate = living(password, atOnce: atOnce) { return gate }
    let gate = make()
    return gates.withLock { gates in
      // Somebody may have been quicker.
      if let other = gates[password]?.gate, other.refusal == nil { return other }
      gates[password] = Living(gate: gate)
      return gate
    }
  }

  func allow(_ password: Secret) { allowed.withLock { _ = $0.insert(password) } }
  func isAllowed(_ password: Secret) -> Bool { allowed.withLock { $0.contains(password) } }
}

extension Invocation {
  /// The gate that logons to a server's endpoints go through; `atOnce` where it is not as the settings say. Throws 77
  /// where the account was refused so often a short time ago that it is not logged on with.
  func logonGate(
    _ place: ServerPlace, for connector: any HostConnector, atOnce: Int? = nil
  ) async throws -> LogonGate {
    guard connector.offersPassword, let password = try await secret(.password, place) else { return LogonGate() }
    let account = settings.user ?? place.user ?? NSUserName()
    return try await logonGate(of: password, account: account, place, atOnce: atOnce ?? settings.logonsInFlight)
  }

  /// The same for the server's own machine.
  func serverLogonGate(_ place: ServerPlace, _ password: Secret) async throws -> LogonGate {
    // Nobody else logs on to a server.
    guard place.address.scheme == .ssh else { return LogonGate() }
    let account = place.address.user ?? settings.user ?? place.user ?? NSUserName()
    return try await logonGate(of: password, account: account, place, atOnce: nil)
  }

  private func logonGate(
    of password: Secret, account: String, _ place: ServerPlace, atOnce: Int?
  ) async throws -> LogonGate {
    if let gate = services.gates.living(password, atOnce: atOnce) { return gate }
    // A journal that can't be opened, or can't be written, hinders whoever changes anything by itself.
    let journal = try? self.journal(of: place)
    let most = LogonGate.most(atOnce ?? LogonGate.usualAtOnce)
    let spent = try await recentRefusals(account, place, journal, most, password)
    return services.gates.gate(password, atOnce: atOnce) { [secrets, clock = place.clock] in
      LogonGate(
        atOnce: atOnce ?? LogonGate.usualAtOnce, spent: spent,
        failed: { try? journal?.keep(refusalOf: account, at: clock.date) },
        refused: { secrets.refuse(.password, password) })
    }
  }

  /// How many logons of the account were refused a short time ago, said where any were. Where it may be refused no more,
  /// a person is asked; throws 77 where nobody is there, or doesn't want it.
  private func recentRefusals(
    _ account: String, _ place: ServerPlace, _ journal: Journal?, _ most: Int, _ password: Secret
  ) async throws -> Int {
    guard let recent = try? journal?.refusals(of: account, at: place.clock.date) else { return 0 }
    if services.gates.isAllowed(password) { return recent.count }
    let times = recent.count == 1 ? "once" : "\(recent.count) times"
    let age = TimeText.age(place.clock.date - recent.last)
    let what =
      "logons of \(OutputText.visible(account)) by password were refused, or may have been, \(times) in the last 30 min "
      + "(the last one \(age) ago)"
    let left = most - recent.count
    if left > 0 {
      let more = left == 1 ? "one more refusal is" : "\(left) more refusals are"
      console.note("\(what): at most \(more) risked now, so that the account is not locked")
      return recent.count
    }
    if settings.despiteRefusals {
      console.note("\(what); logging on all the same, singly (despite-refusals)")
      return recent.count
    }
    let wait = TimeText.age(max(60, RecentRefusals.window - (place.clock.date - recent.last)))
    let refusal =
      "\(what); another one may lock the account: wait \(wait), log on with a key, or: set despite-refusals yes; "
      + "nothing was sent"
    guard console.traits.isInteractive else { throw CommandError(.refused, refusal) }
    console.note("\(what); another one may lock the account")
    let answer = try await console.ask("type yes to log on all the same, singly: ")
    guard answer?.lowercased().filter({ !$0.isWhitespace }) == "yes" else { throw CommandError(.refused, refusal) }
    services.gates.allow(password)
    return recent.count
  }
}
