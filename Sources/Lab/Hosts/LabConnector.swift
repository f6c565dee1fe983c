package import Remote

/// Connects to machines of a lab: takes the time that a real connection takes, checks the account, and fails where the
/// machine's fault says so.
struct LabConnector: HostConnector {
  let kind = "lab"
  var abilities: HostAbilities { LabConnector.abilities(in: fleet) }
  var offersPassword: Bool { fleet.logsOnByPassword }
  let shells = [FarShell.cmd]

  let fleet: LabFleet
  let user: String
  let password: Secret

  static func abilities(in fleet: LabFleet) -> HostAbilities {
    fleet.logsOnByPassword ? [.run, .files, .network] : [.run, .files]
  }

  func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Host {
    try await connect(to: endpoint, within: limit, asking: FreeLeave())
  }

  func connect(
    to endpoint: Endpoint, within limit: Duration, asking leave: any PasswordLeave
  ) async throws(RemoteError) -> any Host {
    let machine = try await reach(endpoint, within: limit, isLogon: true)
    guard fleet.logsOnByPassword else { return LabHost(machine, of: fleet) }
    var marks = MachineMarks()
    marks.add(hostKey: "lab \(machine.identity.name)")
    guard await leave.mayBeSent(to: marks) else { throw .passwordNotSent(to: endpoint) }
    do throws(RemoteError) { try await spend(machine.identity.logonTime, endpoint) } catch {
      throw RemoteError(error.kind, error.message, credential: .password)
    }
    let isDown = machine.state(at: fleet.clock.date) { $0.isDown }
    if isDown { throw RemoteError(.dropped, "\(endpoint.name): the connection ended while logging on") }
    guard fleet.logons.admit(user, password) else {
      throw RemoteError(
        .logonRefused, "\(endpoint.name): the password of \(user) was refused",
        credential: .password)
    }
    return LabHost(machine, of: fleet)
  }

  func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    _ = try await reach(endpoint, within: limit, isLogon: false)
  }

  /// The machine that answers under that name or address, after the time this takes.
  private func reach(
    _ endpoint: Endpoint, within limit: Duration, isLogon: Bool
  ) async throws(RemoteError) -> SimulatedWindows {
    let limit = Double(limit.wholeNanoseconds) / 1e9
    guard let machine = try find(endpoint) else {
      try await spend(min(0.2, limit), endpoint)
      throw RemoteError(.unreachable, "\(endpoint.name): no such name")
    }
    let identity = machine.identity
    if identity.fault == .offline, identity.isOtherVariant {
      throw try await silence(endpoint, limit)
    }
    if identity.fault == .offline || Double(fleet.clock.now.wholeNanoseconds) / 1e9 < identity.wakes {
      try await spend(min(3, limit), endpoint)
      throw RemoteError(.unreachable, "\(endpoint.name): no route to the host")
    }
    let time = isLogon ? identity.connectTime : identity.latency
    guard time <= limit else { throw try await silence(endpoint, limit) }
    try await spend(isLogon && fleet.logsOnByPassword ? time - identity.logonTime : time, endpoint)
    let isDown = machine.state(at: fleet.clock.date) { $0.isDown }
    if isDown { throw RemoteError(.unreachable, "\(endpoint.name): no route to the host") }
    if isLogon, identity.fault == .hostKeyChanged {
      throw RemoteError(
        .hostKeyChanged, "\(endpoint.name): its host key is not the one that is trusted")
    }
    return machine
  }

  private func find(_ endpoint: Endpoint) throws(RemoteError) -> SimulatedWindows? {
    let name = endpoint.address ?? endpoint.name
    do {
      if let index = fleet.index(of: name) { return try fleet.machine(index) }
      if name.isSame(as: LabServerSettings.shortName) || name.isSame(as: LabServerSettings.name) {
        return fleet.serverWindows
      }
      guard let index = AgentSpec.index(ofAddress: name), index < fleet.count else { return nil }
      return try fleet.machine(index)
    } catch {
      throw RemoteError(.local, error.description)
    }
  }

  private func silence(_ endpoint: Endpoint, _ limit: Double) async throws(RemoteError)
    -> RemoteError
  {
    try await spend(limit, endpoint)
    return RemoteError(.timedOut, "\(endpoint.name): no answer within \(Int(limit)) s")
  }

  private func spend(_ seconds: Double, _ endpoint: Endpoint) async throws(RemoteError) {
    await fleet.clock.pass(.nanoseconds(Int64(seconds * 1e9)))
    if Task.isCancelled { throw RemoteError(.dropped, "\(endpoint.name): connecting was given up") }
  }
}

extension LabFleet {
  /// Reaches every endpoint, and the server under its name, with the lab's own account.
  package var connector: any HostConnector {
    connector(user: secrets.user, password: secrets.password)
  }

  /// The same with an account of one's own choosing, which may be refused.
  package func connector(user: String, password: Secret) -> any HostConnector {
    LabConnector(fleet: self, user: user, password: password)
  }

  /// A connection to the server, logged on.
  package var server: any Host { LabHost(serverWindows, of: self) }

  /// Where the server's `PCCSRV` folder is.
  package var serverPath: WindowsPath { WindowsPath(ProductNames.serverFolder) }
}
