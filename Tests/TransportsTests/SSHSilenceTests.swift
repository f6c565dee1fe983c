import CLibssh
import Foundation
import Remote
import Testing

@testable import Transports

@Suite("SSH against a far side that stops answering") struct SSHSilenceTests {
  private let endpoint = Endpoint(name: "WS-001")

  private func connector(_ server: ScriptedSSHServer, _ folder: TestFolder) async throws -> SSHConnector {
    try await server.connector(endpoint, trustedIn: folder, user: nil)
  }

  /// A channel that is not answered, a program whose start is not, one that does not end.
  @Test(arguments: [SSH_REQUEST_CHANNEL_OPEN, SSH_REQUEST_CHANNEL, nil] as [ssh_requests_e?])
  func `whatever is not answered ends with its time and with its task`(silentAt: ssh_requests_e?) async throws {
    for isCancelled in [false, true] {
      let (server, folder) = (try ScriptedSSHServer(connections: 2, silentAt: silentAt), try TestFolder())
      let host = try await connector(server, folder).connect(to: endpoint, within: .seconds(120))
      let limit = Duration.seconds(isCancelled ? 3_600 : 1)
      let task = Task {
        await remoteError {
          try await host.cutting(after: limit, on: WallClock(), late: RemoteError(.timedOut, "late")) {
            () throws(RemoteError) in
            // A file and two programs wait, each on a channel of its own.
            async let other = remoteError { try await host.run(RemoteCommand("silent", [])) }
            async let file = remoteError { try await host.list(WindowsPath("C:")) }
            let result: Result<CommandResult, RemoteError>
            do throws(RemoteError) { result = .success(try await host.run(RemoteCommand("silent", []))) } catch {
              result = .failure(error)
            }
            _ = await (other, file)
            _ = try result.get()
          }
        }
      }
      if isCancelled { task.cancel() }
      #expect(await task.value?.kind == (isCancelled ? .dropped : .timedOut))
      await host.close()
    }
  }

  @Test func `a refused channel says that nothing ran`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2, channels: 1), try TestFolder())
    let host = try await connector(server, folder).connect(to: endpoint, within: .seconds(120))
    #expect(try await host.run(RemoteCommand("exit", ["0"])).exitCode == 0)
    let error = await remoteError { try await host.run(RemoteCommand("exit", ["0"])) }
    #expect(error?.kind == .channelRefused && error?.nothingRan == true, "\(String(describing: error))")
    await host.close()
    let broken = try await connector(try ScriptedSSHServer(connections: 2), folder).connect(
      to: endpoint, within: .seconds(120))
    // Sent, and the connection lost over it: that may have run.
    let lost = await remoteError { try await broken.run(RemoteCommand("drop", [])) }
    #expect(lost?.kind == .dropped && lost?.nothingRan == false)
    await broken.close()
  }

  @Test func `local files that hang end when they are cut`() async throws {
    let pool = WorkerPool(limit: 1)
    let gate = DispatchSemaphore(value: 0)
    pool.submit { gate.wait() }
    let host = FileHost(FileMount("/tmp"), runs: false, pool: pool)
    let folder = FileMount("/tmp").windowsPath("/tmp")
    let error = await remoteError {
      try await host.cutting(after: .milliseconds(50), on: WallClock(), late: RemoteError(.timedOut, "late")) {
        () throws(RemoteError) in try await host.list(folder)
      }
    }
    gate.signal()
    #expect(error?.kind == .timedOut)
  }
}
