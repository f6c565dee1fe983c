import Foundation
import Remote
import Testing

@testable import Transports

/// Logging on by password at a real sshd, with a real account of this machine. Making one takes root; elsewhere than in
/// CI the test is skipped without it.
@Suite(
  "A password at a real sshd",
  .enabled(
    if: OpenSSHServer.isInstalled && (geteuid() == 0 || getenv("CI") != nil),
    "needs openssh-server, and root to make an account"),
  .serialized)
struct SSHPasswordTests {
  private func configuration(_ server: OpenSSHServer, _ account: LocalAccount, password: String) throws
    -> SSHConfiguration
  {
    var configuration = try server.configuration()
    configuration.user = account.name
    configuration.identityFiles = []
    configuration.password = Secret(password)
    return configuration
  }

  private static let settings = [
    "PasswordAuthentication yes", "AuthenticationMethods password", "MaxAuthTries 6", "LogLevel VERBOSE",
  ]

  @Test func `the right one logs on and a program runs as that account`() async throws {
    let account = try LocalAccount()
    defer { account.remove() }
    let server = try await OpenSSHServer.start(settings: Self.settings)
    let connector = server.connector(try configuration(server, account, password: LocalAccount.password))
    let host = try await connector.connect(to: server.endpoint, within: .seconds(60))
    let result = try await host.run(OpenSSHServer.shell("id -un"))
    #expect(String(decoding: result.output, as: UTF8.self) == account.name + "\n")
    #expect(result.exitCode == 0)
    #expect(host.abilities.contains(.network) && connector.abilities.contains(.network))
    await host.close()
    #expect(try server.log().filter { $0.contains("Accepted password for \(account.name)") }.count == 1)
    #expect(try !server.log().contains { $0.contains(LocalAccount.password) })
  }

  @Test func `a wrong one is offered once, and by no other method`() async throws {
    let account = try LocalAccount()
    defer { account.remove() }
    let settings = ["PasswordAuthentication yes", "KbdInteractiveAuthentication yes"] + Self.settings.dropFirst(2)
    let server = try await OpenSSHServer.start(settings: settings)
    let connector = server.connector(try configuration(server, account, password: "wr0ng-P@ss"))
    let error = await remoteError { try await connector.connect(to: server.endpoint, within: .seconds(60)) }
    #expect(error?.kind == .logonRefused && error?.credential == .password, "\(String(describing: error))")
    #expect(error?.message.contains("the password of \(account.name) was refused") == true)
    #expect(error?.message.contains("wr0ng-P@ss") == false)
    // OpenSSH counts what would lock the account.
    #expect(try server.log().filter { $0.contains("Failed ") && !$0.contains("Failed none") }.count == 1)
    #expect(try server.log().contains { $0.contains("Failed password for \(account.name)") })
  }

  /// A server that has counted one refusal too many hangs up in place of saying no.
  @Test func `a wrong one that is one try too many is refused all the same`() async throws {
    let account = try LocalAccount()
    defer { account.remove() }
    let server = try await OpenSSHServer.start(
      settings: ["PasswordAuthentication yes", "MaxAuthTries 2", "LogLevel VERBOSE"])
    var configuration = try configuration(server, account, password: "wr0ng-P@ss")
    configuration.identityFiles = [try server.folder.makeKey("unknown")]
    let error = await remoteError {
      try await server.connector(configuration).connect(to: server.endpoint, within: .seconds(60))
    }
    #expect(error?.kind == .logonRefused && error?.credential == .password, "\(String(describing: error))")
    #expect(error?.message.contains("MaxAuthTries") == true, "\(error?.message ?? "")")
  }
}

/// An account of this machine for one test: no home folder, a password that is no secret, void from tomorrow on in case
/// that nobody removes it.
final class LocalAccount: Sendable {
  static let password = "P@ssw0rd"
  let name = "apexsh-" + UUID().uuidString.prefix(8).lowercased()

  struct Failure: Error { let text: String }

  init() throws {
    let hash = try LocalAccount.run("/usr/bin/openssl", ["passwd", "-6", LocalAccount.password])
    let tomorrow = Date(timeIntervalSinceNow: 2 * 86_400).formatted(.iso8601.year().month().day())
    for attempt in 1...20 {
      do {
        _ = try LocalAccount.run(
          "/usr/sbin/useradd",
          [
            "--no-create-home", "--no-user-group", "--shell", "/bin/sh", "--expiredate", tomorrow, "--password",
            hash.trimmingCharacters(in: .whitespacesAndNewlines), name,
          ])
        return
      } catch {
        // The file of accounts is locked while anybody changes it.
        if attempt == 20 { throw error }
        usleep(100_000)
      }
    }
  }

  func remove() {
    for _ in 1...20 {
      if (try? LocalAccount.run("/usr/sbin/userdel", [name])) != nil { return }
      usleep(100_000)
    }
    Issue.record("the account \(name) could not be removed")
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(text: "\(program): \(said)") }
    return text
  }
}
