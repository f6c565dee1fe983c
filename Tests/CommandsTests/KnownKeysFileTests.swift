import Foundation
import Testing

@testable import Commands

/// The one writer of known_hosts: whatever changes it at the same time, no line is lost.
@Suite struct KnownKeysFileTests {
  private let services = TrustServices(entry: TrustBench.entry, scanner: { _ in FakeScanner([:]) })

  private func withFolders(_ body: (Folders, KnownKeysFile) async throws -> Void) async throws {
    let folder = try TemporaryFolder("known-keys")
    let folders = Folders(state: folder.path + "/state", config: folder.path + "/config")
    try await body(folders, KnownKeysFile(folders: folders, services: services))
  }

  @Test func manyAtOnceLoseNoLine() async throws {
    try await withFolders { folders, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for process in 0..<8 {
          group.addTask {
            // One file object a task: what holds between them holds between processes, since each opens the lock anew.
            let file = KnownKeysFile(folders: folders, services: services)
            for number in 0..<12 {
              if number % 2 == 0 {
                try file.trust("WS-\(process)-\(number)", TrustBench.key("\(process)\(number)"))
              } else {
                try file.update { keys in
                  keys.add(
                    ["ws-\(process)-\(number)"], TrustBench.key("\(process)\(number)"), date: "2026-01-01T00:00:00Z")
                }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      let file = KnownKeysFile(folders: folders, services: services)
      let names = Set(try file.load().plainNames)
      #expect(names == Set((0..<8).flatMap { process in (0..<12).map { "ws-\(process)-\($0)" } }))
      #expect(try file.load().lines.count == 96)
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folders.config) == ["known_hosts"])
    }
  }

  @Test func whatIsTrustedIsKeptOnceAndMarkedAsOurs() async throws {
    try await withFolders { folders, file in
      try file.trust("APEXONE.contoso.local", TrustBench.key("one"))
      try file.trust("apexone.contoso.local", TrustBench.key("one"))
      let lines = try file.load().lines
      #expect(lines.count == 1 && lines[0].added != nil)
      #expect(lines[0].text.hasPrefix("apexone.contoso.local ssh-ed25519 AAAAone apexsh:"))
    }
  }

  /// The answer was to a host that was unknown: while it was asked for, another process may have learned more.
  @Test(arguments: ["apexone ssh-ed25519 AAAAother\n", "@revoked apexone ssh-ed25519 AAAAone\n"])
  func whatWasLearnedMeanwhileIsNotOverruled(line: String) async throws {
    try await withFolders { folders, file in
      _ = try folders.readyConfig()
      try OwnFile.replace(file.path, with: Array(line.utf8))
      let error = #expect(throws: CommandError.self) { try file.trust("apexone", TrustBench.key("one")) }
      #expect(error?.exitCode == .refused && error?.message.contains("apexone has got another key") == true)
      #expect(try file.load().text == line)
    }
  }
}
