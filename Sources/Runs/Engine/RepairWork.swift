package import ApexOne
package import Remote

/// A file to put on an endpoint.
package struct StagedFile: Sendable, Hashable {
  package var name: String
  package var bytes: [UInt8]
  /// Lower-case hex, made once for all endpoints.
  package let sha256: String
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    self.sha256 = Plan.sha256(bytes)
  }
}

/// What a run carries to each endpoint, in memory only: files, the command with its secrets, and what proves it.
package struct RepairWork: Sendable {
  /// The certificate that agents must hold at the end.
  package var certificate: AuthenticationCertificate
  package var expectations: LookExpectations
  /// The files for one kind of machine, in the order they are put.
  package var files: @Sendable (EndpointArchitecture) -> [StagedFile]
  /// The command for one kind of machine, run in the folder that holds the files.
  package var command: @Sendable (EndpointArchitecture, WindowsPath) throws(RemoteError) -> RemoteCommand
  /// Judges the evidence: the look before, the looks since, the tool's end where it was seen.
  package var decide: @Sendable (AgentFacts, [ProofLook], CommandResult?) -> ProofDecision
  /// The command installs an agent: looks after it read everything anew (a transfer changes services and certificate
  /// only), and its exit codes can ask for patience.
  package var installs: Bool
  /// The command that removes an installed agent first, by the look; nil where none is removed.
  package var removal: (@Sendable (AgentFacts) throws(RemoteError) -> RemoteCommand)?
  /// What the command needs of each connection.
  package var needs: HostAbilities = [.run, .files]
  /// Why the run goes on only when its first agent is proved: nobody documents that the way works, or an agent is
  /// removed by it; nil where it needn't.
  package var provesFirst: String?
  /// Why a tool without effect in the first wave stops the run.
  package var noEffect = "a wrong unload password would be wrong everywhere"
  /// What must stand in nothing that is kept of an endpoint's words: every secret of the session that is known.
  package var secrets: [Secret] = []
  /// What the site has learned its tools to mean: shown, and followed by nothing.
  package var toolResults = ToolResults.none
  /// Reads the certificate to deploy again, before each wave.
  package var currentCertificate: @Sendable () async throws -> AuthenticationCertificate

  package init(
    certificate: AuthenticationCertificate, expectations: LookExpectations,
    files: @escaping @Sendable (EndpointArchitecture) -> [StagedFile],
    command: @escaping @Sendable (EndpointArchitecture, WindowsPath) throws(RemoteError) -> RemoteCommand,
    decide: @escaping @Sendable (AgentFacts, [ProofLook], CommandResult?) -> ProofDecision, installs: Bool = false,
    currentCertificate: @escaping @Sendable () async throws -> AuthenticationCertificate
  ) {
    self.certificate = certificate
    self.expectations = expectations
    self.files = files
    self.command = command
    self.decide = decide
    self.installs = installs
    self.currentCertificate = currentCertificate
  }
}
