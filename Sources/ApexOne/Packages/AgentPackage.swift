/// An agent package as the Agent Packager makes it, an MSI or an EXE, told by its bytes and not by its name.
package struct AgentPackage: Sendable, Hashable, Codable {
  package enum Form: String, Sendable, Hashable, Codable, CaseIterable {
    case msi, exe

    package var ending: String { "." + rawValue }
    package var title: String { self == .msi ? "Windows Installer package" : "Windows program" }
  }

  /// The file's name on our side, without its folder.
  package let name: String
  package let form: Form
  /// The kind of machine that it says it is for.
  package let architecture: EndpointArchitecture
  /// Nil where it can't be read.
  package let version: String?
  /// What an MSI calls its product; from outside, to be made visible.
  package let productName: String?

  package static let otherEnding = "a package is an .msi or .exe of the Agent Packager"

  /// Throws where the bytes are not what the name's ending says, are cut short, would install nothing, or don't say which
  /// machine they are for.
  /// - Parameter otherProduct: what an MSI may call its product though that is no name of the agent.
  package init(name: String, bytes: [UInt8], otherProduct: String? = nil) throws(PackageError) {
    guard let form = Form.allCases.first(where: { name.lowercased().hasSuffix($0.ending) }) else {
      throw PackageError(AgentPackage.otherEnding)
    }
    self.name = name
    self.form = form
    if bytes.isEmpty { throw PackageError("the file is empty") }
    switch form {
    case .msi:
      let database = try Self.database(bytes)
      architecture = Self.architecture(platform: database.platform)
      (version, productName) = (database.version, database.productName)
      try Self.check(product: database.productName ?? "", otherProduct)
    case .exe:
      let program = try Self.program(bytes)
      architecture = Self.architecture(machine: program.machine)
      (version, productName) = (program.version, nil)
    }
  }

  // What the vendor has called the agent, and what is another product of his.
  private static let agentNames = ["officescan", "apex one", "apexone", "security agent", "ウイルスバスター", "防毒墙"]
  private static let otherNames = ["server", "deep security"]

  private static func check(product: String, _ allowed: String?) throws(PackageError) {
    let name = product.lowercased()
    if let allowed, allowed.lowercased() == name { return }
    let isAgent = agentNames.contains { name.contains($0) } && !otherNames.contains { name.contains($0) }
    if isAgent { return }
    throw PackageError(
      "it installs \"\(product)\", which is no name of the agent; where it is the agent, say --other-product '\(product)'"
    )
  }

  private static func database(_ bytes: [UInt8]) throws(PackageError) -> InstallerDatabase {
    let file: CompoundFile
    do throws(CompoundFile.Problem) { file = try CompoundFile(bytes) } catch {
      guard error == .otherForm else { throw PackageError(error) }
      let what = bytes.starts(with: [0x4D, 0x5A]) ? ": it is a program; if it is a package, call it .exe" : ""
      throw PackageError("it is no Windows Installer package (no OLE compound file)\(what)")
    }
    return try InstallerDatabase(file)
  }

  private static func program(_ bytes: [UInt8]) throws(PackageError) -> PortableExecutable {
    do throws(PortableExecutable.Problem) { return try PortableExecutable(bytes) } catch {
      switch error {
      case .otherForm:
        let isInstaller = bytes.starts(with: CompoundFile.signature)
        throw PackageError(
          "it is no Windows program (no PE file)"
            + (isInstaller ? ": it is a Windows Installer package; call it .msi" : ""))
      case .cutShort: throw PackageError("it is cut short: its headers tell of more than there is; copy it again")
      case .malformed: throw PackageError("it is no Windows program that can be run: its headers can't be right")
      case .otherSystem:
        throw PackageError("it is a driver or a program of another system (PE subsystem), and no Windows program")
      case .library: throw PackageError("it is a library (DLL), and no program that can be run")
      }
    }
  }

  /// Microsoft's `Template` summary property.
  private static func architecture(platform: String) -> EndpointArchitecture {
    switch platform.lowercased() {
    case "intel", "": .x86
    case "x64", "amd64": .x64
    case "intel64": .other("IA64")
    case "arm64": .other("ARM64")
    default: .other(platform)
    }
  }

  /// Microsoft's machine types of a PE file.
  private static func architecture(machine: Int) -> EndpointArchitecture {
    switch machine {
    case 0x14C: .x86
    case 0x8664: .x64
    case 0xAA64: .other("ARM64")
    case 0x1C4: .other("ARM")
    case 0x200: .other("IA64")
    default: .other("machine type 0x" + String(machine, radix: 16))
    }
  }
}

extension EndpointArchitecture {
  /// Windows runs what is made for this kind on `machine`. A 32-bit package or program runs on x64 too (the Agent
  /// Packager's may be so whatever agent is in them); an agent, which has drivers, is emulated nowhere.
  package func runs(on machine: EndpointArchitecture) -> Bool {
    switch (self, machine) {
    case (.x86, .x86), (.x86, .x64), (.x64, .x64): true
    case (.other(let own), .other(let other)): own.uppercased() == other.uppercased()
    default: false
    }
  }
}

/// Why a file can't be an agent package; the sentence goes on after the file's name.
package struct PackageError: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }

  init(_ problem: CompoundFile.Problem) {
    switch problem {
    case .otherForm: description = "it is no Windows Installer package (no OLE compound file)"
    case .cutShort: description = "it is cut short: it tells of more than there is; copy it again"
    case .malformed: description = "it is no Windows Installer package that can be read: its tables can't be right"
    }
  }
}
