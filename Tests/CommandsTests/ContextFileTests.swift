import Foundation
import Testing

@testable import Commands

/// Saved contexts: what is written is what is read, and it is for us alone.
@Suite struct ContextFileTests {
  private func folders() -> Folders {
    let root = TemporaryFolder.newPath("contexts")
    return Folders(state: root + "/state", config: root + "/config")
  }

  @Test func roundTrip() throws {
    let folders = folders()
    defer { try? FileManager.default.removeItem(atPath: folders.config) }
    var context = ContextFile()
    context.settings = [
      .server: "ssh://a@apexone/C:/Program Files (x86)/it's/PCCSRV", .waves: "1,20", .user: "CONTOSO\\ad \"x\"",
    ]
    context.secrets = [.password: .command("pass show 'a b' | head -1"), .unloadPassword: .environment("UNLOAD")]
    let name = try #require(ContextName(argument: "hq"))
    try context.save(name, in: folders)
    #expect(try ContextFile.load(name, in: folders) == context)
    #expect(ContextFile.names(in: folders) == ["hq"])
    let attributes = try FileManager.default.attributesOfItem(atPath: folders.config + "/contexts/hq.apx")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let folder = try FileManager.default.attributesOfItem(atPath: folders.config)
    #expect(folder[.posixPermissions] as? Int == 0o700)
    #expect(try ContextFile.remove(name, in: folders))
    #expect(try !ContextFile.remove(name, in: folders))
  }

  @Test func aTypedSecretIsNeverWritten() {
    var context = ContextFile()
    context.secrets = [.password: .entered, .unloadPassword: .given("lab")]
    #expect(context.text.isEmpty)
  }

  @Test(arguments: [
    ("set parallel 4\nhelp\n", 2), ("set password P@ssw0rd\n", 1), ("set nothing 3\n", 1), ("# x\n\nset waves 0\n", 3),
    ("set parallel 4; set retries 2\n", 1), ("set user 'x\n", 1), ("set parallel 4 | cat\n", 1),
  ])
  func refusedWithItsLine(text: String, line: Int) {
    let error = #expect(throws: CommandError.self) { try ContextFile(text, path: "hq.apx") }
    #expect(error?.exitCode == .unusableInput)
    #expect(error?.message.hasPrefix("hq.apx:\(line): ") == true)
    #expect(error?.message.contains("P@ssw0rd") == false)
  }

  @Test(arguments: ["", ".hidden", "../x", "a/b", "-x", "a b", String(repeating: "a", count: 65)])
  func noNames(text: String) { #expect(ContextName(argument: text) == nil) }

  @Test func aFolderThatIsALinkIsRefused() throws {
    let folders = folders()
    let root = String(folders.config.dropLast("/config".count))
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: root + "/real", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folders.config, withDestinationPath: root + "/real")
    let error = #expect(throws: CommandError.self) { try folders.readyConfig() }
    #expect(error?.exitCode == .ownFiles)
    try Data().write(to: URL(fileURLWithPath: folders.state))
    #expect(throws: CommandError.self) { try folders.readyState() }
  }
}
