import ApexOne
import Commands
import Foundation
import Lab
import Remote
import Runs
import Synchronization

/// Registers the lab as one more transport: a server, endpoints, a clock and secrets of its own.
final class LabTransport: Sendable {
  private let options: LabOptions
  private let fleet = Mutex<LabFleet?>(nil)

  init(_ options: LabOptions) { self.options = options }

  var kind: TransportKind {
    TransportKind(
      scheme: "lab", endpoints: { _ in try self.open().connector }, server: { _ in try self.open().server },
      place: { request in try self.place(request.address) })
  }

  /// The fleet is made when it is first asked for, and lasts as long as the process.
  private func open() throws -> LabFleet {
    try fleet.withLock { fleet in
      if let fleet { return fleet }
      guard let recipe = FaultRecipe(named: options.faults) else {
        let names = FaultRecipe.all.map(\.name).joined(separator: ", ")
        throw CommandError(.misuse, "the lab has no faults '\(options.faults)'; there are: \(names)")
      }
      do {
        let made = try LabFleet(
          agents: options.agents, seed: UInt64(bitPattern: Int64(options.seed)), faults: recipe,
          directory: options.folder,
          clock: VirtualClock(start: start, grain: .milliseconds(20), writeTime: .milliseconds(500)))
        fleet = made
        return made
      } catch {
        throw CommandError(.unusableInput, "\(error)")
      }
    }
  }

  /// The time at which a kept lab was left: it goes on there, so that what is known of it doesn't lie ahead of its clock.
  private var start: Double {
    guard let path = journalPath, access(path, F_OK) == 0, let journal = try? Journal.toLookAt(path),
      let latest = try? journal.latestMoment()
    else { return VirtualClock.usualStart }
    return max(VirtualClock.usualStart, latest)
  }

  private var journalPath: String? { options.folder.map { $0 + "/journal.sqlite" } }

  private func place(_ address: String) throws -> ServerPlace {
    let fleet = try open()
    let isKept = options.folder != nil
    let identity = "lab:\(options.agents)/\(options.faults)/\(options.seed)"
    return ServerPlace(
      address: try ServerAddress("lab:"), identity: identity,
      layout: ServerLayout(root: fleet.serverPath.text), clock: fleet.clock,
      journal: journalPath ?? "lab.sqlite",
      secrets: [
        .password: fleet.secrets.password, .unloadPassword: fleet.secrets.unloadPassword,
        .uninstallPassword: fleet.secrets.uninstallPassword,
      ],
      user: fleet.secrets.user, transport: "lab", isRehearsal: true,
      // A lab that nothing keeps is new in each process: lists of the last one say nothing about it.
      prepare: { journal in if !isKept { try journal.forgetLists(server: identity) } })
  }
}
