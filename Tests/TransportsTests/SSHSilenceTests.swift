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

  @Test func `a channel that is closed in the place of an answer may have run it`() async throws {
    let (server, folder) = (try ScriptedSSHServer(connections: 2), try TestFolder())
    let host = try await connector(server, folder).connect(to: endpoint, within: .seconds(120))
    let error = await remoteError { try await host.run(RemoteCommand("shut", [])) }
    #expect(error?.kind == .dropped && error?.nothingRan == false, "\(String(describing: error))")
    await host.close()
  }

  /// A program that isn't begun when the connection is cut never was; one that runs may have done anything.
  @Test(.enabled(if: OpenSSHServer.isInstalled, "needs openssh-server"))
  func `SFTP that says nothing did nothing, whatever else runs on that connection`() async throws {
    let folder = try TestFolder()
    let script = try folder.write("exec sleep 600\n", to: "sftp")
    let server = try await OpenSSHServer.start(settings: ["Subsystem sftp /bin/sh \(script)"])
    var configuration = try server.configuration()
    configuration.stall = .seconds(3)
    let host = try await server.connector(configuration).connect(to: server.endpoint, within: .seconds(60))
    async let program = remoteError {
      try await host.run(OpenSSHServer.shell("echo > \(folder.file("begun")); sleep 600"))
    }
    while access(folder.file("begun"), F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
    let error = await remoteError { try await host.list(WindowsPath("C:")) }
    #expect(error?.kind == .timedOut && error?.nothingRan == true, "\(String(describing: error))")
    #expect(error?.message.contains("its SFTP said nothing for 3 s") == true)
    let cut = await program
    #expect(cut?.kind == .timedOut && cut?.nothingRan == false, "\(String(describing: cut))")
    let late = await remoteError { try await host.run(OpenSSHServer.shell("exit 0")) }
    #expect(late?.nothingRan == true)
    await host.close()
  }

  @Test func `a program that can't be started here never ran`() async throws {
    let host = FileHost(FileMount("/tmp"), runs: true)
    let error = await remoteError { try await host.run(RemoteCommand("no-such-program-here", [])) }
    #expect(error?.kind == .notFound && error?.nothingRan == true, "\(String(describing: error))")
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
