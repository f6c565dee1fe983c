import Foundation
import Testing

@testable import Commands

/// Our own folders and files are used only where nobody else can have put something there.
@Suite struct OwnershipTests {
  private let root = TemporaryFolder.newPath("ownership")
  /// An account that is not ours: only root can give something away.
  private static let other: uid_t = 65_534
  private static let isRoot = geteuid() == 0

  private func make(_ folder: String, mode: Int = 0o700) throws -> String {
    let path = root + "/" + folder
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func refusal(_ folder: String) -> String {
    let error = #expect(throws: CommandError.self) { try Folders.existing(folder) }
    #expect(error?.exitCode == .ownFiles)
    return error?.message ?? ""
  }

  @Test(arguments: [0o777, 0o770, 0o722, 0o755, 0o1777])
  func aFolderThatOthersMayUseIsClosed(mode given: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let folder = try make("config", mode: given)
    let folders = Folders(state: root + "/state", config: folder)
    let said = folders.closeToOthers()
    // Whether a group counts depends on who is in it.
    if given & 0o020 == 0 || given & 0o002 != 0 { #expect(said.count == (given & 0o002 == 0 ? 0 : 1), "\(said)") }
    #expect(try folders.existingConfig() == folder)
    #expect(try mode(folder) == 0o700)
    #expect(folders.closeToOthers().isEmpty)
  }

  @Test func aLinkIsRefusedHoweverItIsSpelt() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let real = try make("real")
    let link = root + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
    for spelling in [link, link + "/", link + "//", link + "/.", link + "/./"] {
      let folders = Folders(state: spelling, config: spelling)
      #expect(throws: CommandError.self, "\(spelling)") { try folders.existingConfig() }
      #expect(throws: CommandError.self, "\(spelling)") { try folders.readyState() }
    }
  }

  @Test(arguments: [0o777, 0o733, 0o757])
  func aParentThatOthersMayWriteIsRefused(mode: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let parent = try make("shared", mode: mode)
    let folder = try make("shared/own/config")
    #expect(refusal(folder).contains("shared on the way to it can be written by others"))
    // What is in a sticky folder stays its owner's.
    try FileManager.default.setAttributes([.posixPermissions: mode | 0o1000], ofItemAtPath: parent)
    #expect(try Folders.existing(folder) == folder)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: parent)
    #expect(try Folders.existing(folder) == folder)
  }

  @Test func aLinkOnTheWayIsFollowedToWhereItLeads() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    _ = try make("shared", mode: 0o777)
    _ = try make("shared/config")
    let good = try make("good/config")
    try FileManager.default.createSymbolicLink(atPath: root + "/way", withDestinationPath: "good/../shared")
    try FileManager.default.createSymbolicLink(atPath: root + "/fine", withDestinationPath: root + "/good")
    #expect(refusal(root + "/way/config").contains("can be written by others"))
    #expect(try Folders.existing(root + "/fine/config") != nil)
    // Not as it is written: what others may write could lead elsewhere by then.
    #expect(refusal(root + "/way/../good/config").contains("shared on the way to it"))
    #expect(try Folders.existing(good) == good)
    try FileManager.default.createSymbolicLink(atPath: root + "/loop", withDestinationPath: "loop")
    #expect(throws: CommandError.self) { try Folders.existing(root + "/loop/config") }
  }

  @Test(.enabled(if: isRoot, "only root can give a folder away"))
  func whatBelongsToSomebodyElseIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let foreign = try make("foreign")
    let inside = try make("foreign/config")
    try #require(chown(foreign, Self.other, Self.other) == 0)
    #expect(refusal(foreign).contains("belongs to somebody else; use --state-dir or --config-dir"))
    #expect(refusal(inside).contains("foreign on the way to it belongs to somebody else"))
    let own = try make("own")
    try FileManager.default.createSymbolicLink(atPath: root + "/theirs", withDestinationPath: own)
    try #require(lchown(root + "/theirs", Self.other, Self.other) == 0)
    _ = try make("own/config")
    #expect(refusal(root + "/theirs/config").contains("theirs on the way to it belongs to somebody else"))
  }

  @Test func filesThatOthersCouldHaveWritten() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let file = try make("config") + "/known_hosts"
    try Data("words".utf8).write(to: URL(fileURLWithPath: file))
    func fails() -> String {
      let reading = #expect(throws: CommandError.self) { try OwnFile.read(file, limit: 100) }
      let checking = #expect(throws: CommandError.self) { try OwnFile.check(file) }
      #expect(reading?.exitCode == .ownFiles && reading?.message == checking?.message)
      return reading?.message ?? ""
    }
    for mode in [0o600, 0o644, 0o400] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      #expect(try OwnFile.read(file, limit: 100) == Array("words".utf8))
      try OwnFile.check(file)
    }
    for mode in [0o666, 0o602] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      #expect(fails().contains("can be written by others and was not used") && fails().contains("chmod go-w"))
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    if Self.isRoot {
      try #require(chown(file, Self.other, Self.other) == 0)
      #expect(fails().contains("belongs to somebody else"))
      try #require(chown(file, 0, 0) == 0)
    }
    try FileManager.default.moveItem(atPath: file, toPath: file + "-real")
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file + "-real")
    #expect(fails().contains("is a link"))
    try OwnFile.check(file, followsLinks: true)
    try OwnFile.check(root + "/nothing")
  }

  @Test func contextsOfAnOddFolderAreNotUsed() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let folders = Folders(state: root + "/state", config: root + "/config")
    let name = try #require(ContextName(argument: "hq"))
    try ContextFile().save(name, in: folders)
    #expect(ContextFile.names(in: folders) == ["hq"])
    // Somebody put a folder of theirs behind the name.
    try FileManager.default.moveItem(atPath: root + "/config/contexts", toPath: root + "/elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: root + "/config/contexts", withDestinationPath: root + "/elsewhere")
    #expect(ContextFile.names(in: folders).isEmpty)
    #expect(throws: CommandError.self) { try ContextFile.load(name, in: folders) }
    #expect(throws: CommandError.self) { try ContextFile.remove(name, in: folders) }
    #expect(throws: CommandError.self) { try ContextFile().save(name, in: folders) }
  }

  @Test func theAccountHasAHome() throws {
    let account = try #require(Account.current)
    #expect(!account.name.isEmpty && account.home?.hasPrefix("/") != false)
  }
}
