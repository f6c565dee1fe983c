import ApexOne
import Remote
import Runs

/// One connection to an endpoint and one look, changing nothing; its password goes out as the gate allows.
struct GatedLook: Sendable {
  let connector: any HostConnector
  /// One for all looks of a command.
  let gate: LogonGate
  let clock: any Timekeeper
  /// What the agent's certificate is held against.
  let readings: CertificateReadings
  let connectLimit: Duration
  let workLimit: Duration
  let notes: InspectionNotes

  /// The caller's task lives on the clock. Nil where the password was refused to somebody else before: this one was not
  /// tried.
  func facts(of endpoint: Endpoint) async throws(RemoteError) -> AgentFacts? {
    try await look(at: endpoint) { facts, _ throws(RemoteError) in facts }
  }

  /// The same; `judge` makes something of the facts while the connection stands.
  func look<T: Sendable>(
    at endpoint: Endpoint, _ judge: (AgentFacts, any Host) async throws(RemoteError) -> T
  ) async throws(RemoteError) -> T? {
    guard let host = try await gate.logOn(to: endpoint, by: connector, within: connectLimit, on: clock) else {
      return nil
    }
    let late = RemoteError(.timedOut, "\(endpoint.name): looking took longer than \(Int(workLimit.seconds)) s")
    let result: Result<T, RemoteError>
    do throws(RemoteError) {
      result = .success(
        try await host.cutting(after: workLimit, on: clock, late: late) { () throws(RemoteError) in
          let facts = try await EndpointLook.facts(host, against: readings)
          notes.keep(facts, of: endpoint.name)
          return try await judge(facts, host)
        })
    } catch {
      result = .failure(error)
    }
    await host.close()
    return try result.get()
  }
}
