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
    let (configuration, shell, pool, knownHosts, customs) = (configuration, shell, pool, knownHosts, customs)
    return try await attempt(endpoint, limit) { opening throws(RemoteError) in
      let check = HostKeyCheck(route: opening.route, cache: knownHosts)
      let session = try opening.session(preferring: check.knownTypes())
      try check.check(session.hostKey())
      let credential = try SSHLogon(session: session, configuration: configuration).logOn()
      session.wire.phase = .open
      session.stopBlocking()
      return SSHConnection(
        session, by: credential, shell: shell, customs: customs, stall: configuration.stall, pool: pool)
    }
  }

  package func withoutPassword(for endpoint: Endpoint) -> (any HostConnector)? {
    guard configuration.password != nil, let target = try? target(endpoint),
      let route = try? SSHRoute(endpoint, target: target, configuration, configs), route.hasKeys || configuration.gssapi
    else { return nil }
    var keysOnly = self
    keysOnly.configuration.password = nil
    return keysOnly
  }

  package func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    try await attempt(endpoint, limit) { opening throws(RemoteError) in
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
    return try await attempt(endpoint, limit) { opening throws(RemoteError) in
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

  /// Does blocking work on a thread of the pool and answers in time, whatever that thread hangs in.
  private func attempt<T: Sendable>(
    _ endpoint: Endpoint, _ limit: Duration, _ body: @escaping @Sendable (SSHOpening) throws(RemoteError) -> T
  ) async throws(RemoteError) -> T {
    let route = try SSHRoute(endpoint, target: target(endpoint), configuration, configs)
    let opening = SSHOpening(route: route, wire: Wire(), limit: limit)
    let reply = Reply<T>()
    let watch = Watchdog.shared.arm(limit) {
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
    let cancel = RemoteError(.dropped, "\(endpoint.name): connecting was cancelled")
    let result: Result<T, RemoteError> = await withTaskCancellationHandler {
      do throws(RemoteError) { return .success(try await reply.value()) } catch { return .failure(error) }
    } onCancel: {
      opening.wire.cut(cancel)
      reply.give(.failure(cancel))
    }
    return try result.get()
  }
}
