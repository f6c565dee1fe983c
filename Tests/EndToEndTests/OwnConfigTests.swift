import Foundation
import Testing

/// The config folder through the built program: what others could have put there is not used, by whatever way it is named.
@Suite struct OwnConfigTests {
  private let folder = TemporaryFolder.newPath("config")
  private var config: String { folder + "/config" }
  private var marker: String { folder + "/ran" }
  private static let other: uid_t = 65_534

  private func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Program.End {
    try await Program(
      Program.apexsh, ["--state-dir", folder + "/state"] + arguments, in: folder, environment: environment
    ).end()
  }

  /// A context whose password comes from a command, as an attacker would put it there.
  private func plant() throws {
    try FileManager.default.createDirectory(atPath: config + "/contexts", withIntermediateDirectories: true)
    for path in [folder, config, config + "/contexts"] {
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }
    let text = "set server lab:\nset transport lab\nset password --from-command 'touch \(marker); echo x'\n"
    try text.write(toFile: config + "/contexts/hq.apx", atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: config + "/contexts/hq.apx")
  }

  /// By each way to a context: 74, the words, and nothing was run.
  private func expectRefusal(_ words: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let option = ["--config-dir", config]
    for (arguments, environment) in [
      (option + ["--lab", "--agents", "3", "--context", "hq", "list-mismatched"], [:]),
      (option + ["--lab", "--agents", "3", "-c", "context use hq; list-mismatched"], [:]),
      (option + ["--lab", "--agents", "3", "list-mismatched"], ["APEXSH_CONTEXT": "hq"]),
      (["--lab", "--agents", "3", "--context", "hq", "connect"], ["APEXSH_CONFIG_DIR": config]),
      (option + ["context", "list"], [:]), (option + ["context", "save", "new"], [:]),
    ] as [([String], [String: String])] {
      let end = try await run(arguments, environment)
      let failed = end.code == 74 && end.errors.contains(words)
      #expect(failed || arguments.last == "new" && words.contains("hq.apx"), "\(end)", sourceLocation: sourceLocation)
    }
    #expect(!FileManager.default.fileExists(atPath: marker), sourceLocation: sourceLocation)
  }

  @Test func aContextOfOurOwnIsUsed() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    let end = try await run([
      "--config-dir", config, "--lab", "--agents", "3", "--context", "hq", "-c", "show context; list-mismatched",
    ])
    #expect(end.output.contains("context hq"), "\(end)")
    #expect(FileManager.default.fileExists(atPath: marker), "its command is what the others are about")
  }

  @Test func aFolderThatOthersMayWriteIsClosedAndSaid() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: config)
    let end = try await run(["--config-dir", config, "--lab", "--agents", "3", "context", "list"])
    #expect(end.code == 0 && end.errors.contains("could be written by others; it was closed to them"), "\(end)")
    let mode = try FileManager.default.attributesOfItem(atPath: config)[.posixPermissions] as? Int
    #expect(mode == 0o700)
  }

  @Test func aFileThatOthersMayWrite() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: config + "/contexts/hq.apx")
    try await expectRefusal("hq.apx can be written by others and was not used")
  }

  @Test func aParentThatOthersMayWrite() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
    let end = try await Program(
      Program.apexsh, ["--state-dir", folder + "/state", "--config-dir", config, "--context", "hq", "connect"],
      in: folder
    ).end()
    #expect(end.code == 74 && end.errors.contains("could be replaced by others"), "\(end)")
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"), arguments: ["", "/contexts"])
  func aFolderOfSomebodyElse(part: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    try #require(chown(config + part, Self.other, Self.other) == 0)
    try await expectRefusal("belongs to somebody else; use --state-dir or --config-dir")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func aFileOfSomebodyElse() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    try #require(chown(config + "/contexts/hq.apx", Self.other, Self.other) == 0)
    try await expectRefusal("hq.apx belongs to somebody else and was not used")
  }

  @Test(arguments: ["", "/contexts", "/contexts/hq.apx"])
  func links(part: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    let real = folder + "/real"
    try FileManager.default.moveItem(atPath: config + part, toPath: real)
    try FileManager.default.createSymbolicLink(atPath: config + part, withDestinationPath: real)
    try await expectRefusal(part.hasSuffix("apx") ? "hq.apx is a link" : "is a link; name the folder itself")
  }

  /// Whom to trust, and the way to machines, are taken from nobody else either.
  @Test(arguments: ["known_hosts", "ssh_config"])
  func whatTheTransportReads(name: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    let file = config + "/" + name
    try "Host *\n  ProxyCommand touch \(marker)\n".write(toFile: file, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
    let end = try await run(["--config-dir", config, "connect", "ssh://admin@127.0.0.1:9/C:/PCCSRV"])
    #expect(end.code == 74 && end.errors.contains("\(name) can be written by others"), "\(end)")
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test func theUsersOwnSSHConfig() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try plant()
    try FileManager.default.createDirectory(atPath: folder + "/.ssh", withIntermediateDirectories: true)
    let file = folder + "/.ssh/config"
    try "Host *\n  ProxyCommand touch \(marker)\n".write(toFile: file, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
    let end = try await run(["--config-dir", config, "connect", "ssh://admin@127.0.0.1:9/C:/PCCSRV"])
    #expect(end.code == 74 && end.errors.contains(".ssh/config can be written by others"), "\(end)")
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  /// As in a cron job. The command looks only, so that nothing is made in the account's home.
  @Test func withoutHOMEItIsTheAccountsHome() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for home in [[], ["HOME="]] {
      let end = try await Program("/usr/bin/env", ["-i"] + home + [Program.apexsh, "context", "list"], in: folder).end()
      #expect(end.code == 0 && end.errors.isEmpty, "\(end)")
    }
  }
}
