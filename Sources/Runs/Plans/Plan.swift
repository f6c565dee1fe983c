package import ApexOne
import Crypto
import Foundation

/// Which of the article's two repairs a plan carries out.
package enum Remedy: String, Sendable, Hashable, Codable { case transfer, reinstall }

/// A file that will be put on endpoints, known by its hash.
package struct PlannedFile: Sendable, Hashable, Codable {
  package var name: String
  package var size: Int
  /// Lower-case hex.
  package var sha256: String
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.size = bytes.count
    self.sha256 = Plan.sha256(bytes)
  }

  /// Its hash was made when it was staged.
  package init(_ file: StagedFile) {
    name = file.name
    size = file.bytes.count
    sha256 = file.sha256
  }
}

/// The package of a reinstallation, as a person is shown it.
package struct PlannedPackage: Sendable, Hashable, Codable {
  package var agent: AgentPackage
  package var size: Int
  /// Lower-case hex.
  package var sha256: String

  package init(_ agent: AgentPackage, _ file: StagedFile) {
    self.agent = agent
    size = file.bytes.count
    sha256 = file.sha256
  }
}

/// Why a plan leaves an agent alone.
package struct Refusal: Sendable, Hashable, Codable {
  package var cause: Cause
  package var text: String
  package init(_ cause: Cause, _ text: String) {
    self.cause = cause
    self.text = text
  }
}

package struct PlannedAgent: Sendable, Hashable, Codable {
  package var name: String
  package var address: String?
  package var refusal: Refusal?
  /// What runs had done with it when the plan was made: `run 7: failed`; no part of the digest.
  package var known: String?
  package init(name: String, address: String? = nil, refusal: Refusal? = nil, known: String? = nil) {
    self.name = name
    self.address = address
    self.refusal = refusal
    self.known = known
  }
}

/// What a repair would do to each selected agent; made without touching an endpoint.
///
/// Two plans with the same agents, files, server and options have the same digest, whenever they were made.
package struct Plan: Sendable, Hashable, Codable {
  package var remedy: Remedy
  /// The server's identity: its address without account.
  package var server: String
  /// What agents call the server (IpXfer's `-s`).
  package var serverName: String
  package var serverAliases: [String] = []
  package var httpPort: Int?
  package var httpsPort: Int?
  package var agentPort: Int?
  package var product: String
  package var certificateSHA256: String
  package var certificateSerial: String
  package var files: [PlannedFile]
  /// The command run on an endpoint with secrets as dots; the program's bitness may be open.
  package var command: String
  /// The command that removes an installed agent before, likewise; nil where none is removed.
  package var uninstallCommand: String?
  package var options: RunOptions
  package var agents: [PlannedAgent]
  /// When the list was taken, seconds since 1970; not a part of the digest.
  package var listTaken: Double?
  /// Nil in plans of journals before version 2; of the digest only what it allows.
  package var recipe: PlanRecipe?
  /// What a reinstallation installs; its hash is among the files', so it is not a part of the digest.
  package var package: PlannedPackage?

  package init(
    remedy: Remedy, server: String, serverName: String, product: String, certificate: AuthenticationCertificate,
    files: [PlannedFile], command: String, options: RunOptions, agents: [PlannedAgent]
  ) {
    self.remedy = remedy
    self.server = server
    self.serverName = serverName
    self.product = product
    self.certificateSHA256 = certificate.sha256
    self.certificateSerial = certificate.serial
    self.files = files
    self.command = command
    self.options = options
    self.agents = agents
  }

  /// Agents that the plan refuses.
  package var refused: Int { agents.reduce(0) { $0 + ($1.refusal == nil ? 0 : 1) } }
  /// The number that confirms the plan: planned less refused.
  package var count: Int { agents.count - refused }

  /// All that is run on an endpoint, in order.
  package var commands: String { uninstallCommand.map { "\($0), then \(command)" } ?? command }

  /// 16 hex digits over everything but times.
  package var digest: String {
    var copy = self
    (copy.listTaken, copy.recipe, copy.package) = (nil, nil, nil)
    // What a person allowed, and beside which certificate, can't be put into a plan's file afterwards.
    if recipe?.certificateDiffers == true {
      copy.recipe = PlanRecipe()
      copy.recipe?.certificateDiffers = true
      copy.recipe?.ownCertificateSHA256 = recipe?.ownCertificateSHA256
    }
    for index in copy.agents.indices where copy.agents[index].known != nil { copy.agents[index].known = nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(copy) else { preconditionFailure("a plan is always encodable") }
    return String(Plan.sha256([UInt8](bytes)).prefix(16))
  }

  package static func sha256(_ bytes: [UInt8]) -> String { digits(SHA256.hash(data: bytes)) }

  static func digits(_ digest: SHA256.Digest) -> String {
    var text = ""
    text.reserveCapacity(64)
    for byte in digest {
      let digits = String(byte, radix: 16)
      text += digits.count == 1 ? "0" + digits : digits
    }
    return text
  }
}
