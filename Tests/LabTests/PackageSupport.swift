import ApexOne
import Foundation
import Lab
import Testing

/// Packages of the lab, and what is said of one.
enum PackageSample {
  static func lab(_ form: AgentPackage.Form, _ machine: AgentSpec.Architecture = .x64) -> [UInt8] {
    LabPackage(
      server: "apexone.contoso.local", httpPort: 8080, httpsPort: 4343, agentPort: 21112, version: "14.0.12980",
      certificate: [UInt8](repeating: 7, count: 900), architecture: machine
    ).make(form)
  }

  static func problem(_ bytes: [UInt8], _ name: String) -> String {
    do {
      let package = try AgentPackage(name: name, bytes: bytes)
      return "taken as \(package)"
    } catch { return "\(error)" }
  }
}

/// Other people's programs.
enum PackageTool {
  static func exists(_ name: String) -> Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + name) }

  static func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "apexsh-package-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  static func run(_ name: String, _ arguments: [String], in folder: String) throws -> String {
    String(decoding: try bytes(name, arguments, in: folder), as: UTF8.self)
  }

  static func bytes(_ name: String, _ arguments: [String], in folder: String) throws -> [UInt8] {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/" + name)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(name) \(arguments.joined(separator: " ")) failed")
    return Array(bytes)
  }

  static let wix = """
    <?xml version="1.0" encoding="utf-8"?>
    <Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
      <Product Name="Sample Security Agent" Id="*" UpgradeCode="8a2e24c8-0a6c-4d9d-9e3c-2f6b1d5a7c11" Language="1033"
          Version="14.0.12980" Manufacturer="Contoso">
        <Package InstallerVersion="200" Compressed="yes"/>
        <Media Id="1" Cabinet="a.cab" EmbedCab="yes"/>
        <Directory Id="TARGETDIR" Name="SourceDir">
          <Component Id="Main" Guid="8a2e24c8-0a6c-4d9d-9e3c-2f6b1d5a7c12"><File Id="f" Source="a.wxs"/></Component>
        </Directory>
        <Feature Id="Default" Level="1"><ComponentRef Id="Main"/></Feature>
      </Product>
    </Wix>
    """
}
