import ApexOne
import Remote
import Runs

/// The endpoints that a selection stands for, and what reads their host keys.
struct TrustTargets: Sendable {
  struct Target: Sendable {
    var agent: AgentName
    /// Names in known_hosts; the first is the one to add keys under. Empty where there can't be one.
    var names: [String]
    /// Why it has no names.
    var problem: String?
  }

  var scanner: any HostKeyScanner
  var targets: [Target]

  /// `takesList`: take a list where there is none yet.
  static func read(
    _ selection: SelectionText, allowingUnlisted: Bool, takesList: Bool, in invocation: Invocation
  ) async throws -> TrustTargets {
    // A mistake in the selection must not cost half an hour of the server's time.
    let needsList = try takesList && !(allowingUnlisted && Selection(selection.text).isPlainNames)
    let place = try invocation.place()
    let scanner = try scanner(place, invocation)
    let inventory = try await needsList ? invocation.listedInventory(place) : invocation.inventory(place)
    let result = try invocation.select(selection, in: inventory, allowingUnlisted: allowingUnlisted)
    let targets = (result.agents.map(\.name) + result.unlisted).map { agent in
      do throws(RemoteError) {
        return Target(agent: agent, names: try scanner.names(of: Endpoint(name: agent.text)))
      } catch {
        return Target(agent: agent, names: [], problem: error.message)
      }
    }
    return TrustTargets(scanner: scanner, targets: targets)
  }

  /// The first link of the transport that is SSH: only its hosts have keys of this kind.
  private static func scanner(_ place: ServerPlace, _ invocation: Invocation) throws -> any HostKeyScanner {
    let chain =
      invocation.settings.transports.isEmpty
      ? [place.transport].compactMap(\.self) : invocation.settings.transports
    guard let link = chain.first(where: { $0.prefix { $0 != ":" } == "ssh" }) else {
      let now = chain.isEmpty ? "no transport is set" : "the transport is \(chain.joined(separator: ","))"
      throw CommandError(
        .misuse, "\(now); host keys are SSH's: set transport ssh://{agent}.contoso.local, with your domain")
    }
    return try invocation.services.trustServices().scanner(
      TransportRequest(
        address: link, user: nil, identityFile: nil, password: nil, folders: invocation.folders,
        settings: invocation.settings))
  }
}
