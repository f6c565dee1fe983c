import Foundation
package import Remote

/// Reaches Windows machines by SSH.
package struct SSHConnector: HostConnector {
  /// Where an endpoint is: the transport's template, put to use by the caller.
  package typealias Targeting = @Sendable (Endpoint) throws(RemoteError) -> SSHTarget

  package let kind = "ssh"
  /// A key that is named is tried before the password, and most likely taken; the connection knows what was.
  package var abilities: HostAbilities {
    configuration.password != nil && configuration.identityFiles.isEmpty ? [.run, .files, .network] : [.run, .files]
  }
  package var offersPassword: Bool { configuration.password != nil }
  package var shells: [FarShell] { shell.map { [$0] } ?? FarShell.overSSH }

  private var configuration: SSHConfiguration
  /// The far side's shell where it is known beforehand; nil to ask each connection.
  private let shell: FarShell?
  private let pool: WorkerPool
  private let target: Targeting
  private let knownHosts = KnownHostsCache()
  private let customs = ShellCustoms()
  private let configs = SSHConfigCache()

  package init(
    _ configuration: SSHConfiguration, shell: FarShell? = nil, pool: WorkerPool = .shared,
    target: @escaping Targeting
  ) {
    self.configuration = configuration
    self.shell = shell
    self.pool = pool
    self.target = target
  }

  /// Reads the configuration file, once for all connections. What has no effect here, in one sentence; nil where
  /// everything has.
  package func readConfiguration() throws(RemoteError) -> String? {
    guard let file = configuration.configFile else { return nil }
    return try configs.file(file).note
  }

  package func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    try await connect(to: endpoint, within: limit, asking: FreeLeave())
  }

  package func connect(
    to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
  ) async throws(RemoteError) -> any Remote.Host {
    var begun = try await begin(endpoint, limit)
    if let credential = begun.credential { return open(begun, by: credential) }
    let asked = ContinuousClock.now
    guard await leave.mayBeSent(to: begun.marks) else {
      giveUp(begun)
      throw .passwordNotSent(to: endpoint)
    }
    if ContinuousClock.now - asked > SSHConnector.patience {
      giveUp(begun)
      begun = try await begin(endpoint, limit)
      if let credential = begun.credential { return open(begun, by: credential) }
    }
    let logon = begun.logon
    return open(begun, by: try await attempt(begun.opening) { _ throws(RemoteError) in try logon.byPassword() })
  }

  /// A server hangs up on whoever is connected for long and not logged on (`LoginGraceTime`, two minutes of old): after
  /// so long a wait for leave it is connected to anew.
  private static let patience = Duration.seconds(20)

  /// A connection that is trusted, and logged on where something else than the password was taken.
  private struct Begun: Sendable {
    var opening: SSHOpening
    var logon: SSHLogon
    var credential: RemoteError.Credential?
    var marks: MachineMarks
  }

  private func begin(_ endpoint: Endpoint, _ limit: Duration) async throws(RemoteError) -> Begun {
    let (configuration, knownHosts) = (configuration, knownHosts)
    return try await attempt(try opening(endpoint, limit)) { opening throws(RemoteError) in
      let check = HostKeyCheck(route: opening.route, cache: knownHosts)
      let session = try opening.session(preferring: check.knownTypes())
      let key = try session.hostKey()
      try check.check(key)
      let logon = SSHLogon(session: session, configuration: configuration)
      return Begun(
        opening: opening, logon: logon, credential: try logon.withoutPassword(), marks: opening.marks(key))
    }
  }

  private func open(_ begun: Begun, by credential: RemoteError.Credential) -> SSHConnection {
    begun.opening.wire.phase = .open
    begun.logon.session.stopBlocking()
    return SSHConnection(
      begun.logon.session, by: credential, shell: shell, customs: customs, stall: configuration.stall, pool: pool)
  }

  private func giveUp(_ begun: Begun) {
    pool.submit { begun.logon.session.free() }
  }

  package func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    try await attempt(try opening(endpoint, limit)) { opening throws(RemoteError) in
      try opening.dial()
      // Through a proxy only the far side's first bytes say that something is there.
      if opening.route.proxyCommand != nil { try opening.greet() }
      opening.wire.release()
    }
  }

  /// The key that the server shows, without logging on and without trusting it; of a type that is known for it, where
  /// there is one, so that it can be compared.
  package func scanHostKey(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> HostKey {
    let knownHosts = knownHosts
    return try await attempt(try opening(endpoint, limit)) { opening throws(RemoteError) in
      let check = HostKeyCheck(route: opening.route, cache: knownHosts)
      let session = try opening.session(preferring: check.knownTypes())
      defer { session.free() }
      return try session.hostKey()
    }
  }

  /// The names under which known_hosts files list an endpoint; the first is the one to add keys under.
  package func knownHostsNames(_ endpoint: Endpoint) throws(RemoteError) -> [String] {
    try SSHRoute(endpoint, target: target(endpoint), configuration, configs).knownNames
  }

  private func opening(_ endpoint: Endpoint, _ limit: Duration) throws(RemoteError) -> SSHOpening {
    SSHOpening(
      route: try SSHRoute(endpoint, target: target(endpoint), configuration, configs), wire: Wire(), limit: limit)
  }

  /// Does blocking work on a thread of the pool and answers within the opening's limit, whatever that thread hangs in.
  private func attempt<T: Sendable>(
    _ opening: SSHOpening, _ body: @escaping @Sendable (SSHOpening) throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    let route = opening.route
    let reply = Reply<T>()
    let watch = Watchdog.shared.arm(opening.limit) {
      let error = opening.lateness
      opening.wire.cut(error)
      reply.give(.failure(error))
    }
    pool.submit {
      let result: Result<T, RemoteError>
      do throws(RemoteError) {
        try LibSSH.load(for: route.label)
        result = .success(try body(opening))
      } catch {
        result = .failure(error)
      }
      watch.disarm()
      reply.give(result)
    }
    let result: Result<T, RemoteError> = await withTaskCancellationHandler {
      do throws(RemoteError) { return .success(try await reply.value()) } catch { return .failure(error) }
    } onCancel: {
      opening.wire.cut(opening.cancellation)
      reply.give(.failure(opening.cancellation))
    }
    do throws(RemoteError) { return try result.get() } catch { throw route.explained(error) }
  }
}
