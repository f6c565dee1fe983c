package import ApexOne
package import Remote

/// Reads a server's folder: its ini, certificate and tools. Changes nothing there.
package struct ServerReader: Sendable {
  package let host: any Host
  package let layout: ServerLayout

  package init(host: any Host, layout: ServerLayout) {
    self.host = host
    self.layout = layout
  }

  package struct Reading: Sendable {
    package var facts: ServerFacts
    package var certificate: AuthenticationCertificate?
    /// The IpXfer folder's files, or why there are none.
    package var tools: Result<[StagedFile], ServerError>
    /// The ini with dots for its secrets, for a support case.
    package var redactedINI: String
  }

  /// Bytes of the tool folder that are accepted in all.
  package static let toolsLimit = 256 << 20

  /// What `connect` finds out. Throws where this is no server's folder, or it could not be reached.
  ///
  /// - Parameter fetched: what a caller has found of the server's certificate already; it is fetched where this is nil.
  package func read(
    certificate fetched: Result<AuthenticationCertificate, ServerError>? = nil
  ) async throws(ServerError) -> Reading {
    var facts = ServerFacts(root: layout.shown(layout.root))
    let ini = try await readINI()
    let settings = ServerSettings(ini)
    facts.serverName = settings.serverName.map { .init(text: $0.value, place: $0.place) }
    facts.httpPort = settings.httpPort.map { .init(text: "\($0.value)", place: $0.place) }
    facts.httpsPort = settings.httpsPort.map { .init(text: "\($0.value)", place: $0.place) }
    facts.agentPort = settings.agentPort.map { .init(text: "\($0.value)", place: $0.place) }
    facts.patternVersion = settings.patternVersion.map { .init(text: $0.value, place: $0.place) }
    facts.product = layout.product
    facts.problems = settings.problems.map(\.description) + ini.notes
    var certificate: AuthenticationCertificate?
    do throws(ServerError) {
      let read: AuthenticationCertificate
      if let fetched { read = try fetched.get() } else { read = try await self.certificate() }
      certificate = read
      facts.certificate = ServerFacts.Certificate(read, place: layout.shown(layout.certificate))
    } catch {
      if error.kind != .unusable { throw error }
      facts.certificateProblem = error.description
    }
    facts.hasCertificateManager = try await has(layout.certificateManagerFolder, ServerLayout.certificateManagerName)
    let tools: Result<[StagedFile], ServerError>
    do throws(ServerError) {
      let files = try await self.tools()
      facts.tools = files.map(PlannedFile.init)
      tools = .success(files)
    } catch {
      if error.kind == .refused || error.isOfConnection { throw error }
      facts.toolsProblem = error.description
      tools = .failure(error)
    }
    return Reading(facts: facts, certificate: certificate, tools: tools, redactedINI: ini.redacted())
  }

  /// The server's `ofcscan.ini`, held in memory while it is parsed.
  private func readINI() async throws(ServerError) -> OfcscanINI {
    let bytes: [UInt8]
    do {
      bytes = try await host.get(WindowsPath(layout.settings), limit: OfcscanINI.sizeLimit)
    } catch {
      if error.kind == .notFound {
        throw ServerError(
          .unusable, "\(layout.shown(layout.root)): no ofcscan.ini there, so it is not a server's PCCSRV folder")
      }
      throw ServerError(error, doing: layout.shown(layout.settings))
    }
    do throws(OfcscanINIError) {
      return try OfcscanINI(bytes: bytes)
    } catch {
      throw ServerError(.unusable, "\(layout.shown(layout.settings)): \(error)")
    }
  }

  /// The server's own certificate, fetched now.
  package func certificate() async throws(ServerError) -> AuthenticationCertificate {
    let bytes: [UInt8]
    do {
      bytes = try await host.get(WindowsPath(layout.certificate), limit: AuthenticationCertificate.sizeLimit)
    } catch {
      switch error.kind {
      case .notFound: throw ServerError(.unusable, "\(layout.shown(layout.certificate)): not there; see: check server")
      case .tooLarge:
        throw ServerError(
          .unusable,
          "\(layout.shown(layout.certificate)): over \(AuthenticationCertificate.sizeLimit >> 10) KiB, so no certificate"
        )
      default: throw ServerError(error, doing: layout.shown(layout.certificate))
      }
    }
    do throws(CertificateError) {
      return try AuthenticationCertificate(bytes: bytes)
    } catch {
      throw ServerError(.unusable, "\(layout.shown(layout.certificate)): \(error)")
    }
  }

  /// The IpXfer folder's files, fetched now.
  package func tools() async throws(ServerError) -> [StagedFile] {
    let folder = WindowsPath(layout.ipXferFolder)
    do throws(RemoteError) {
      var files: [StagedFile] = []
      var left = ServerReader.toolsLimit
      for entry in try await host.list(folder) where entry.kind == .file {
        let bytes = try await host.get(folder.appending(entry.name), limit: left)
        left -= bytes.count
        files.append(StagedFile(name: entry.name, bytes: bytes))
      }
      if !files.contains(where: { IpXferTool.isProgram($0.name) }) {
        throw RemoteError(.notFound, "no IpXfer.exe and no IpXfer_x64.exe there")
      }
      return files.sorted { $0.name < $1.name }
    } catch {
      throw ServerError(error, doing: layout.shown(folder.text))
    }
  }

  private func has(_ folder: String, _ name: String) async throws(ServerError) -> Bool {
    do {
      return try await host.list(WindowsPath(folder)).contains { $0.name.lowercased() == name.lowercased() }
    } catch {
      if error.kind == .notFound { return false }
      throw ServerError(error, doing: layout.shown(folder))
    }
  }
}
