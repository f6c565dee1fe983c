import ApexOne
import Foundation
import Lab
import Testing

/// Packages in which not all of an agent is, or something else: none may be what an agent is removed for.
@Suite struct AgentPackageContentTests {
  /// Packages that would install nothing, or something else: none may be what an agent is removed for.
  @Test(
    .enabled(if: PackageTool.exists("wixl") && PackageTool.exists("msibuild"), "wixl or msibuild is not installed"),
    arguments: [
      ("UPDATE `Media` SET `Cabinet` = ''", "without a cabinet"),
      ("UPDATE `Media` SET `Cabinet` = 'a.cab'", "a cabinet beside it (a.cab)"),
      ("UPDATE `Media` SET `Cabinet` = '#b.cab'", "cabinet b.cab is not in it"),
      ("UPDATE `Media` SET `LastSequence` = 0", "LastSequence"),
      ("DELETE FROM `Media`", "LastSequence"), ("DELETE FROM `File`", "File table is empty"),
      ("UPDATE `File` SET `Sequence` = 7", "file number 7"),
      ("UPDATE `File` SET `Attributes` = 8192", "in no cabinet"),
      ("DELETE FROM `Component`", "Component table"), ("DELETE FROM `Feature`", "Feature table"),
      ("DELETE FROM `FeatureComponents`", "FeatureComponents table"),
      ("DELETE FROM `Property` WHERE `Property` = 'ProductCode'", "no ProductCode"),
      ("DELETE FROM `Property` WHERE `Property` = 'ProductName'", "no ProductName"),
      ("DELETE FROM `Property` WHERE `Property` = 'ProductVersion'", "no ProductVersion"),
      ("UPDATE `Property` SET `Value` = 'none' WHERE `Property` = 'ProductCode'", "no GUID"),
      (
        "UPDATE `Property` SET `Value` = '7-Zip 24.08' WHERE `Property` = 'ProductName'",
        "--other-product '7-Zip 24.08'"
      ),
      (
        "UPDATE `Property` SET `Value` = 'Deep Security Agent' WHERE `Property` = 'ProductName'", "no name of the agent"
      ),
      ("UPDATE `Property` SET `Value` = 'Trend Micro Apex One Server' WHERE `Property` = 'ProductName'", "no name of"),
      ("UPDATE `Property` SET `Value` = 'Trend Micro OfficeScan Agent' WHERE `Property` = 'ProductName'", "taken as"),
      ("UPDATE `Property` SET `Value` = 'Trend Micro Apex One' WHERE `Property` = 'ProductName'", "taken as"),
    ])
  func whatWouldInstallNothingIsRefused(change: String, meant: String) throws {
    let said = PackageSample.problem(
      try Self.wixl(then: { _ = try PackageTool.run("msibuild", ["a.msi", "-q", change], in: $0) }), "a.msi")
    #expect(said.contains(meant), "\(said)")
  }

  @Test(.enabled(if: PackageTool.exists("wixl") && PackageTool.exists("msibuild"), "wixl or msibuild is not installed"))
  func whatIsInThePackageIsMeasured() throws {
    func changed(_ arguments: String...) throws -> [UInt8] {
      try Self.wixl(then: { _ = try PackageTool.run("msibuild", ["a.msi"] + arguments, in: $0) })
    }
    let platforms = PackageSample.problem(try changed("-s", "Agent", "Contoso", "Intel,x64;1033"), "a.msi")
    #expect(platforms.contains("several kinds of machine (Intel, x64)"), "\(platforms)")
    // The cabinet is there, and is none, or not all of it.
    let none = PackageSample.problem(try changed("-a", "a.cab", "a.wxs"), "a.msi")
    #expect(none.contains("a.cab is no cabinet"), "\(none)")
    let folder = try PackageTool.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cabinet = try Self.wixl(then: { folder in
      try Data(PackageTool.bytes("msiinfo", ["extract", "a.msi", "a.cab"], in: folder)).write(
        to: URL(fileURLWithPath: folder + "/a.msi"))
    })
    for (name, bytes, meant) in [
      ("whole", cabinet, "taken as"), ("short", Array(cabinet.dropLast()), "cut short"),
      ("empty", Array(cabinet[..<28]) + [0, 0] + cabinet[30...], "0 of 1 files"),
    ] {
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
      let said = PackageSample.problem(try changed("-a", "a.cab", folder + "/" + name), "a.msi")
      #expect(said.contains(meant), "\(name): \(said)")
    }
  }

  @Test func anotherNameOfTheAgentCanBeAllowed() throws {
    var bytes = PackageSample.lab(.msi)
    let place = try #require(bytes.firstRange(of: Array("Lab Security Agent".utf8)))
    bytes.replaceSubrange(place, with: Array("Endpoint Protector".utf8))
    #expect(PackageSample.problem(bytes, "Agent.msi").contains("\"Endpoint Protector\""))
    let package = try AgentPackage(name: "Agent.msi", bytes: bytes, otherProduct: "endpoint protector")
    #expect(package.productName == "Endpoint Protector")
    #expect(throws: PackageError.self) { try AgentPackage(name: "Agent.msi", bytes: bytes, otherProduct: "Endpoint") }
  }

  /// What can't be run, though the file begins as a program does.
  @Test func programsThatCantBeRunAreRefused() {
    let whole = PackageSample.lab(.exe)
    func changed(_ change: (inout [UInt8]) -> Void) -> String {
      var bytes = whole
      change(&bytes)
      return PackageSample.problem(bytes, "Agent.exe")
    }
    #expect(changed { $0[64 + 6] = 0 }.contains("can't be right"))
    // The signature's place (the fifth table) is behind the end: what was signed is not all here.
    let table = 64 + 24 + 112 + 4 * 8
    let signed = changed { bytes in
      for (place, value) in [(table, bytes.count), (table + 4, 512)] {
        for index in 0..<4 { bytes[place + index] = UInt8(value >> (8 * index) & 255) }
      }
    }
    #expect(signed.contains("cut short"), "\(signed)")
    // No section has a byte in the file.
    let hollow = changed { bytes in
      for section in 0..<2 { for index in 0..<4 { bytes[64 + 24 + 240 + 40 * section + 16 + index] = 0 } }
    }
    #expect(hollow.contains("can't be right"), "\(hollow)")
  }

  /// A package of wixl after `change` did something to `a.msi` in its folder.
  private static func wixl(then change: (String) throws -> Void) throws -> [UInt8] {
    let folder = try PackageTool.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(PackageTool.wix.utf8).write(to: URL(fileURLWithPath: folder + "/a.wxs"))
    _ = try PackageTool.run("wixl", ["-o", "a.msi", "a.wxs"], in: folder)
    try change(folder)
    return try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/a.msi")))
  }
}
