import ApexOne
import Remote
import Runs

/// What `check server` reads of a server, piece by piece: one that is missing or broken hides no other.
struct ServerEvidence: Sendable {
  /// Nil where the folder has no settings that can be read; `factsProblem` says why.
  var facts: ServerFacts?
  var factsProblem: String?
  var certificate: Piece<AuthenticationCertificate>
  /// The IpXfer folder.
  var tools: Piece<[PlannedFile]>
  var certificateManager: Piece<PlannedFile>
  /// When the newest file of the folders that were listed was written, by the server's clock; seconds since 1970.
  var newestFile: Double?

  enum Piece<Value: Sendable>: Sendable {
    case found(Value)
    /// A sentence.
    case missing(String)
    case privateKey(String)

    var value: Value? { if case .found(let value) = self { value } else { nil } }

    var result: Result<Value, ServerError> {
      switch self {
      case .found(let value): .success(value)
      case .missing(let text), .privateKey(let text): .failure(ServerError(.unusable, text))
      }
    }
  }

  /// Bytes of `CertificateManager.exe` that are read for its hash.
  private static let programLimit = 64 << 20

  /// Throws only where the server can't be reached at all, or breaks off.
  static func gather(_ host: any Host, _ layout: ServerLayout) async throws(ServerError) -> ServerEvidence {
    let certificate = try await self.certificate(host, layout)
    let manager = try await self.manager(host, layout)
    var evidence = ServerEvidence(certificate: certificate, tools: .missing(""), certificateManager: manager)
    let reader = ServerReader(host: host, layout: layout)
    do throws(ServerError) {
      let facts = try await reader.read(certificate: certificate.result).facts
      evidence.facts = facts
      evidence.tools = facts.tools.isEmpty ? .missing(facts.toolsProblem ?? "no files there") : .found(facts.tools)
    } catch {
      if error.kind != .unusable { throw error }
      evidence.factsProblem = error.description
      evidence.tools = try await tools(reader)
    }
    evidence.newestFile = try await newestFile(host, layout)
    return evidence
  }

  private static func certificate(
    _ host: any Host, _ layout: ServerLayout
  ) async throws(ServerError) -> Piece<AuthenticationCertificate> {
    let bytes: [UInt8]
    do throws(RemoteError) {
      bytes = try await host.get(WindowsPath(layout.certificate), limit: AuthenticationCertificate.sizeLimit)
    } catch {
      return .missing(try sentence(error, layout.shown(layout.certificate)))
    }
    do throws(CertificateError) {
      return .found(try AuthenticationCertificate(bytes: bytes))
    } catch {
      let text = "\(layout.shown(layout.certificate)): \(error)"
      return error.isPrivateKey ? .privateKey(text) : .missing(text)
    }
  }

  private static func manager(
    _ host: any Host, _ layout: ServerLayout
  ) async throws(ServerError) -> Piece<PlannedFile> {
    do throws(RemoteError) {
      let bytes = try await host.get(WindowsPath(layout.certificateManager), limit: programLimit)
      return .found(PlannedFile(name: ServerLayout.certificateManagerName, bytes: bytes))
    } catch {
      return .missing(try sentence(error, layout.shown(layout.certificateManager)))
    }
  }

  private static func tools(_ reader: ServerReader) async throws(ServerError) -> Piece<[PlannedFile]> {
    do throws(ServerError) {
      return .found(try await reader.tools().map { PlannedFile(name: $0.name, bytes: $0.bytes) })
    } catch {
      if error.kind == .refused || error.isOfConnection { throw error }
      return .missing(error.description)
    }
  }

  private static func newestFile(_ host: any Host, _ layout: ServerLayout) async throws(ServerError) -> Double? {
    var newest: Int64?
    for folder in [layout.root, layout.ipXferFolder, layout.certificateManagerFolder] {
      do throws(RemoteError) {
        for entry in try await host.list(WindowsPath(folder)) where entry.kind == .file {
          if let modified = entry.modified { newest = max(newest ?? modified, modified) }
        }
      } catch {
        // A folder that can't be listed tells nothing of the clock.
        _ = try sentence(error, folder)
      }
    }
    return newest.map(Double.init)
  }

  /// Why one piece is missing; throws where the connection itself is gone.
  private static func sentence(_ error: RemoteError, _ path: String) throws(ServerError) -> String {
    switch error.kind {
    case .notFound: return "\(path): not there"
    case .tooLarge, .accessDenied, .unsupported: return "\(path): \(error.message)"
    default: throw ServerError(error, doing: path)
    }
  }

  /// Every tool that was read, for the journal.
  var plannedTools: [PlannedFile] { (tools.value ?? []) + [certificateManager.value].compactMap(\.self) }
}
