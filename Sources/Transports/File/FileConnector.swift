import Foundation
package import Remote

/// Gives the one host that a `file:` address names.
package struct FileConnector: HostConnector {
  package let kind = "file"
  package let offersPassword = false
  package let shells = [FarShell.program]
  package var abilities: HostAbilities { runs ? [.run, .files] : .files }
  private let path: String
  private let runs: Bool
  private let pool: WorkerPool

  /// `path`: the local path of the address.
  package init(_ path: String, runs: Bool = FileHost.runsWindowsPrograms, pool: WorkerPool = .shared) {
    self.path = path
    self.runs = runs
    self.pool = pool
  }

  package func connect(to endpoint: Endpoint, within limit: Duration) async throws(RemoteError) -> any Remote.Host {
    try await probe(endpoint, within: limit)
    return FileHost(FileMount(path), runs: runs, pool: pool)
  }

  package func probe(_ endpoint: Endpoint, within limit: Duration) async throws(RemoteError) {
    guard access(path, F_OK) == 0 else {
      throw RemoteError(.unreachable, "\(endpoint.name): \(path) is not there: \(systemText(errno))")
    }
  }
}
