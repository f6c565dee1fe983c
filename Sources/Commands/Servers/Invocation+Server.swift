package import ApexOne
package import Remote
package import Runs

extension Invocation {
  /// The server that the settings name. Throws 64, with the way to name one, where they don't.
  package func place() throws -> ServerPlace {
    guard let text = settings.server else {
      throw CommandError(.misuse, "no server is set; give one by: connect ADDRESS, set server ADDRESS, or --server")
    }
    return try place(of: text)
  }

  package func place(of text: String) throws -> ServerPlace {
    let address: ServerAddress
    do throws(AddressError) { address = try NotThereYet.address(text) } catch {
      throw CommandError(.misuse, "\(error)")
    }
    let kind = try services.transport(address.scheme.rawValue)
    return try kind.place?(request(text)) ?? ServerPlace(address)
  }

  /// The journal of the current server; without one, that of real servers.
  package func journal() throws -> Journal {
    guard settings.server != nil else { return try journal(of: nil) }
    return try journal(of: try place())
  }

  package func journal(of place: ServerPlace?) throws -> Journal {
    let name = place?.journal ?? ServerPlace.journalName
    let path = name.hasPrefix("/") ? name : try folders.readyState(isLooking: isLooking) + "/" + name
    if isLooking { return try services.journals.journalToLookAt(at: path) { try place?.prepare($0) } }
    return try services.journals.journal(at: path) { try place?.prepare($0) }
  }

  /// A connection to the server, logged on; in a task that lives on the server's clock. Close it.
  package func openServer(_ place: ServerPlace) async throws -> any Host {
    guard let open = try services.transport(place.address.scheme.rawValue).server else {
      throw CommandError(
        .serverUnavailable, "\(place.address.scheme.rawValue): can't reach a server; use ssh, file or lab")
    }
    var request = request(settings.server ?? place.identity)
    request.password = try await secret(.password, place)
    // The account may be that of runs and looks that go on.
    var gate: LogonGate?
    if let password = request.password { gate = try await serverLogonGate(place, password) }
    let turn = gate?.turn(for: Endpoint(name: place.identity), to: .server, on: place.clock)
    request.leave = turn
    do {
      let host = try await open(request)
      turn?.end(taken: host.credential)
      return host
    } catch {
      if let error = error as? RemoteError {
        turn?.end(error)
        throw ServerError(connecting: turn?.denial(at: Endpoint(name: place.identity)) ?? error)
      }
      turn?.end(RemoteError(.local, "\(error)"))
      throw error
    }
  }

  /// Does `work` on a connection to the server, on the server's clock.
  ///
  /// `limit`: for all of it, `timeout-copy` unless the work has one of its own that ends before. ^C cuts the connection
  /// a moment later: work that notices it first puts things in order.
  package func withServer<T: Sendable>(
    _ place: ServerPlace, within limit: Duration? = nil, _ work: (any Host) async throws -> T
  ) async throws -> T {
    place.clock.begin()
    defer { place.clock.end() }
    let limit = limit ?? settings.timeoutCopy
    do {
      let host = try await openServer(place)
      let late = ServerError(
        .unavailable,
        "\(place.identity): the server answered for \(Int(limit.seconds)) s and did not come to an end, or stopped "
          + "answering; raise timeout-copy, or see: check server")
      let result: Result<T, any Error>
      do {
        result = .success(
          try await host.cutting(after: limit, on: place.clock, grace: .milliseconds(300), late: late as any Error) {
            try await work(host)
          })
      } catch { result = .failure(error) }
      await host.close()
      // What was cut short may look as if all were there.
      try Task.checkCancellation()
      return try result.get()
    } catch {
      // What a ^C cut short is no fault of the server's.
      throw Task.isCancelled ? CancellationError() : error
    }
  }

  /// A secret that was given, else one that comes with the server.
  package func secret(_ key: SecretKey, _ place: ServerPlace) async throws -> Secret? {
    if let secret = try await secrets.secret(key) { return secret }
    let given = place.secrets[key]
    if secrets.isRefused(key, given) { throw CommandError.refused(key, "of this server") }
    return given
  }

  /// What reaches the endpoints of a server.
  package func connector(_ place: ServerPlace) async throws -> any HostConnector {
    let chain = settings.transports.isEmpty ? [place.transport].compactMap(\.self) : settings.transports
    guard !chain.isEmpty else {
      throw CommandError(
        .misuse, "no transport is set; set one, for example: set transport ssh://{agent}.contoso.local")
    }
    var connectors: [any HostConnector] = []
    for link in chain {
      let scheme = String(link.prefix { $0 != ":" })
      guard let open = try services.transport(scheme).endpoints else {
        throw CommandError(.misuse, "\(scheme): can't reach endpoints")
      }
      var request = request(link)
      request.user = settings.user ?? place.user
      request.password = try await secret(.password, place)
      connectors.append(try await open(request))
    }
    return connectors.count == 1 ? connectors[0] : ConnectorChain(connectors)
  }

  /// The agents known of a server, read from the journal.
  package func inventory(_ place: ServerPlace) throws -> Inventory {
    try inventory(of: place.identity, in: try journal(of: place))
  }

  package func inventory(
    of identity: String, in journal: Journal, parsed: (list: MismatchList, number: Int)? = nil
  ) throws -> Inventory {
    do {
      return try Inventory(journal: journal, server: identity, parsed: parsed) { path throws(SelectionUnavailable) in
        try lines.lines(path)
      }
    } catch let error as MismatchListError {
      throw CommandError(.unusableInput, "the newest list can't be read any more: \(error); take one: list-mismatched")
    }
  }

  private func request(_ address: String) -> TransportRequest {
    TransportRequest(
      address: address, user: settings.user, identityFile: settings.identityFile, password: nil, folders: folders,
      settings: settings, console: console)
  }
}

extension ServerError: PresentableError {
  package var message: String { description }
  package var exitCode: ExitCode {
    switch kind {
    case .unavailable: .serverUnavailable
    case .refused: .refused
    case .unusable: .unusableInput
    }
  }
}

extension JournalError: PresentableError {
  package var message: String { description }
  package var exitCode: ExitCode {
    switch self {
    case .owned, .claimed: .refused
    default: .ownFiles
    }
  }
}

extension SelectionError: PresentableError {
  package var message: String { description }
  package var exitCode: ExitCode {
    if case .unavailable = reason { return .unusableInput }
    if case .malformedLine = reason { return .unusableInput }
    return .misuse
  }
}

extension RemedyError: PresentableError {
  package var message: String { description }
  package var exitCode: ExitCode { kind == .setting ? .misuse : .refused }
}
