import ApexOne
import Commands
import Foundation
import Remote
import Synchronization
import Transports

/// Registers SSH: endpoints through a template, the server through its address.
///
/// Whom to trust stands in `known_hosts` of the config folder, then in `~/.ssh/known_hosts`, which is only read. How to
/// reach a host stands in `~/.ssh/config`, or in `ssh_config` of the config folder where that file is.
enum SSHTransport {
  /// `clock`: the time that runs live on, where that is not the wall clock's.
  static func kind(clock: (any Timekeeper)? = nil) -> TransportKind {
    var place: (@Sendable (TransportRequest) throws -> ServerPlace)?
    if let clock { place = { try timed($0, by: clock) } }
    return TransportKind(
      scheme: "ssh", endpoints: { try SSHEndpoints(endpoints($0)) }, server: { try await server($0) }, place: place)
  }

  private static func timed(_ request: TransportRequest, by clock: any Timekeeper) throws -> ServerPlace {
    var place = try ServerPlace(try ServerAddress(request.address))
    place.clock = clock
    return place
  }

  /// Connections to agents, addressed by the transport's template.
  static func endpoints(_ request: TransportRequest) throws -> SSHConnector {
    let link: TransportLink
    do throws(AddressError) {
      link = try TransportLink(request.address)
    } catch {
      throw CommandError(.misuse, "\(error)")
    }
    let connector = SSHConnector(try configuration(request, user: request.user)) { endpoint throws(RemoteError) in
      try target(endpoint, link)
    }
    try read(connector, request)
    return connector
  }

  /// An address that was given for an agent wins; a name that would lead elsewhere is not followed.
  private static func target(_ endpoint: Endpoint, _ link: TransportLink) throws(RemoteError) -> SSHTarget {
    do throws(AddressError) {
      let place: TransportLink.Target
      if let address = endpoint.address {
        place = try link.target(address: address)
      } else if let name = AgentName(endpoint.name) {
        place = try link.target(for: name)
      } else {
        throw AddressError(.agentName, "\(endpoint.name.debugDescription) is not an agent's name")
      }
      return SSHTarget(host: place.host, port: UInt16(place.port ?? 22))
    } catch {
      throw RemoteError(.unsupported, "\(endpoint.name): \(error)")
    }
  }

  private static func server(_ request: TransportRequest) async throws -> any Remote.Host {
    let address: ServerAddress
    do throws(AddressError) {
      address = try ServerAddress(request.address)
    } catch {
      throw CommandError(.misuse, "\(error)")
    }
    guard let host = address.host else { throw CommandError(.misuse, "\(request.address) names no host") }
    let target = SSHTarget(host: host, port: UInt16(address.port ?? 22))
    let connector = SSHConnector(try configuration(request, user: address.user ?? request.user)) { _ in target }
    try read(connector, request)
    let endpoint = Endpoint(name: host)
    let (limit, leave) = (request.settings.timeoutConnect, request.leave ?? FreeLeave())
    do throws(RemoteError) {
      return try await connector.connect(to: endpoint, within: limit, asking: leave)
    } catch {
      guard error.kind == .hostKeyUnknown else { throw HostKeyAdvice.add(to: error, server: host) }
      try await HostKeyQuestion(connector: connector, request: request).ask(about: endpoint, after: error)
      return try await connector.connect(to: endpoint, within: limit, asking: leave)
    }
  }

  private static let said = Mutex<Set<String>>([])

  /// A mistake in the configuration file stops everything before anything is reached; what has no effect is said once.
  private static func read(_ connector: SSHConnector, _ request: TransportRequest) throws {
    let note: String?
    do throws(RemoteError) { note = try connector.readConfiguration() } catch {
      throw CommandError(.unusableInput, OutputText.visible(error.message))
    }
    guard let note, let console = request.console, said.withLock({ $0.insert(note).inserted }) else { return }
    console.note(OutputText.visible(note))
  }

  private static func configuration(_ request: TransportRequest, user: String?) throws(CommandError) -> SSHConfiguration
  {
    var configuration = SSHConfiguration()
    // Before the time for a look or for all files is up: then it is known what the endpoint was silent at.
    configuration.stall = min(configuration.stall, request.settings.timeoutCopy / 2)
    let own = request.folders.config
    let home = LocalPath.home
    configuration.user = user
    configuration.identityFiles = [request.identityFile].compactMap(\.self)
    configuration.password = request.password
    configuration.knownHostsFiles = [own + "/known_hosts"] + [home.map { $0 + "/.ssh/known_hosts" }].compactMap(\.self)
    let ownConfig = own + "/ssh_config"
    if try request.folders.existingConfig() != nil {
      for file in [own + "/known_hosts", ownConfig] { try OwnFile.check(file) }
    }
    configuration.configFile = access(ownConfig, F_OK) == 0 ? ownConfig : home.map { $0 + "/.ssh/config" }
    // It may name a command to connect by; OpenSSH refuses one of others, too.
    if let file = configuration.configFile, file != ownConfig { try OwnFile.check(file, followsLinks: true) }
    // An encrypted key of the home folder would be an error; where a password is there, it is what was meant.
    if request.password == nil, let home {
      configuration.usualIdentityFiles = ["id_ed25519", "id_ecdsa", "id_rsa"].map { home + "/.ssh/" + $0 }
    }
    return configuration
  }
}
