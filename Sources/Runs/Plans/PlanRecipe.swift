/// What a plan was made from beside the server, the agents and the options: enough to make it again, for `apply`,
/// `resume` and `retry`. It holds no secret. Of the digest only that the certificate may differ, and beside which
/// one, is a part: the rest comes of it.
package struct PlanRecipe: Sendable, Hashable, Codable {
  /// The support case whose certificate is deployed.
  package var caseNumber: Int?
  /// The agents have no unload password.
  package var noUnloadPassword = false
  /// The certificate to deploy may differ from the server's own.
  package var certificateDiffers = false
  /// SHA-256 of the server's own certificate when the plan was made: the one that another may differ from. Nil where none
  /// was known, and in plans of older versions.
  package var ownCertificateSHA256: String?
  /// How a reinstallation brings the agent there; nil for a package.
  package var method: ReinstallMethod?
  /// Remove the agent before installing; nil in plans that know nothing of it.
  package var uninstallFirst: Bool?
  /// The full path of the package on our side.
  package var package: String?
  /// What the package may call its product though that is no name of the agent.
  package var otherProduct: String?
  /// It was made of plain names where there was no list (`--unlisted`); nil in plans that know nothing of it.
  package var withoutList: Bool?
  /// More arguments for the installer.
  package var arguments: [String] = []

  package init() {}
}

/// How a reinstallation brings the agent to an endpoint.
package enum ReinstallMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// An Agent Packager package that is put there and run.
  case package
  /// AutoPcc, which the endpoint runs from the server's share.
  case autopcc
}

extension Plan {
  /// In what this plan, made anew, differs from what `old` was made of; one sentence a difference, none where it would
  /// do the same. Agents and options are not compared: they come from `old`.
  package func differences(from old: Plan) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ before: String?, _ now: String?) {
      if before != now { found.append("\(what) was \(before ?? "none"), now \(now ?? "none")") }
    }
    compare("the server", old.server, server)
    compare("server-name", old.serverName, serverName)
    compare("server-aliases", old.serverAliases.joined(separator: ","), serverAliases.joined(separator: ","))
    // A reinstallation's plan of an older version knows none.
    if old.remedy == .transfer || old.httpPort != nil {
      compare("http-port", old.httpPort.map(String.init), httpPort.map(String.init))
    }
    compare("https-port", old.httpsPort.map(String.init), httpsPort.map(String.init))
    compare("agent-port", old.agentPort.map(String.init), agentPort.map(String.init))
    compare("product", old.product, product)
    if old.certificateSHA256 != certificateSHA256 {
      found.append("the certificate to deploy was serial \(old.certificateSerial), now \(certificateSerial)")
    }
    let (before, now) = (hashes(old.files), hashes(files))
    for name in Set(before.keys).union(now.keys).sorted() where before[name] != now[name] {
      let what = before[name] == nil ? "is new" : now[name] == nil ? "is gone" : "is another file"
      // The certificate has been named.
      if name != "OfcNTCer.dat" { found.append("\(name) \(what)") }
    }
    if found.isEmpty { compare("the command", old.commands, commands) }
    return found
  }

  private func hashes(_ files: [PlannedFile]) -> [String: String] {
    Dictionary(files.map { ($0.name, $0.sha256) }, uniquingKeysWith: { $1 })
  }
}
