import ApexOne
import Foundation
import Lab
import Testing

/// What an agent package is, told by its bytes: real ones of Debian's wixl and mingw, the lab's, damaged and hostile ones.
@Suite struct AgentPackageTests {
  @Test(arguments: [
    (AgentSpec.Architecture.x64, EndpointArchitecture.x64), (.x86, .x86), (.arm64, .other("ARM64")),
  ])
  func theLabsAreReal(machine: AgentSpec.Architecture, expected: EndpointArchitecture) throws {
    let msi = try AgentPackage(name: "Agent.MSI", bytes: PackageSample.lab(.msi, machine))
    #expect(msi.form == .msi && msi.architecture == expected && msi.version == "14.0.12980")
    #expect(msi.name == "Agent.MSI" && msi.productName == "Lab Security Agent")
    let exe = try AgentPackage(name: "Agent.exe", bytes: PackageSample.lab(.exe, machine))
    #expect(exe.form == .exe && exe.architecture == expected && exe.version == "14.0.12980.0")
  }

  @Test(arguments: [
    ("Agent.msi", "hello", "no OLE compound file"), ("Agent.exe", "hello", "no PE file"), ("Agent.msi", "", "empty"),
    ("Agent.zip", "hello", ".msi or .exe"),
    ("Agent.exe", "MZ and then words, and no header at all, and more of it ....", "no PE"),
  ])
  func whatIsNoneIsSaid(name: String, text: String, meant: String) {
    #expect(
      PackageSample.problem(Array(text.utf8), name).contains(meant), "\(PackageSample.problem(Array(text.utf8), name))")
  }

  @Test func aWrongEndingNamesTheRightOne() {
    #expect(PackageSample.problem(PackageSample.lab(.exe), "Agent.msi").contains("call it .exe"))
    #expect(PackageSample.problem(PackageSample.lab(.msi), "Agent.exe").contains("call it .msi"))
  }

  /// A copy that broke off.
  @Test(arguments: AgentPackage.Form.allCases) func whatIsCutShortIsNeverTaken(form: AgentPackage.Form) {
    let whole = PackageSample.lab(form)
    for length in stride(from: 0, to: whole.count - 512, by: 37) {
      let said = PackageSample.problem(Array(whole[..<length]), "Agent" + form.ending)
      #expect(!said.hasPrefix("taken"), "\(length) of \(whole.count): \(said)")
    }
    #expect(PackageSample.problem(Array(whole[..<(whole.count - 600)]), "Agent" + form.ending).contains("cut short"))
  }

  /// Whatever is in it, it is judged within its bytes and in time.
  @Test(arguments: AgentPackage.Form.allCases) func noDamageIsFollowed(form: AgentPackage.Form) {
    var random = SystemRandomNumberGenerator()
    let whole = PackageSample.lab(form)
    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        // Numbers stand mostly in the first and the directory's sectors.
        let place =
          Bool.random(using: &random)
          ? Int.random(in: 0..<1_024, using: &random) : Int.random(in: 0..<whole.count, using: &random)
        bytes[min(place, whole.count - 1)] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF].randomElement(using: &random) ?? 0
      }
      _ = try? AgentPackage(name: "Agent" + form.ending, bytes: bytes)
    }
  }

  @Test func chainsAndTreesThatGoRoundEnd() throws {
    let whole = PackageSample.lab(.msi)
    // The directory's first sector follows itself.
    var looped = whole
    let directory = Int(looped[48])
    looped[512 + 4 * directory] = UInt8(directory)
    #expect(PackageSample.problem(looped, "Agent.msi").contains("can't be right"))
    var tree = whole
    let entry = (directory + 1) * 512 + 128
    tree[entry + 68] = 1
    tree[entry + 69] = 0
    tree[entry + 70] = 0
    tree[entry + 71] = 0
    #expect(PackageSample.problem(tree, "Agent.msi").contains("can't be right"))
  }

  @Test func whatIsNoPackageIsNamed() throws {
    let patch = Self.changed(PackageSample.lab(.msi), rootClass: 0x86)
    #expect(PackageSample.problem(patch, "Agent.msi").contains("a Windows Installer patch"))
    var document = PackageSample.lab(.msi)
    for place in document.indices.dropLast() where document[place] == 0x40 && document[place + 1] == 0x48 {
      document[place] = 0x41
    }
    #expect(PackageSample.problem(document, "Agent.msi").contains("no Windows Installer database"))
    var library = PackageSample.lab(.exe)
    library[64 + 22 + 1] |= 0x20
    #expect(PackageSample.problem(library, "Agent.exe").contains("library"))
  }

  /// Of the largest stream nothing is read, and all of it must be there.
  @Test func everyStreamIsMeasured() {
    let text = LabPackage(
      server: "apexone.contoso.local", httpPort: 8080, httpsPort: 4343, agentPort: 21112, version: "14.0.12980",
      certificate: [UInt8](repeating: 7, count: 20_000))
    let whole = text.make(.msi)
    #expect(PackageSample.problem(whole, "Agent.msi").hasPrefix("taken"))
    func word(_ bytes: [UInt8], _ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
    func set(_ bytes: inout [UInt8], _ place: Int, _ value: Int) {
      for index in 0..<4 { bytes[place + index] = UInt8(value >> (8 * index) & 255) }
    }
    // The table of sectors is the first sector; the largest stream is the last chain.
    let table = 512
    let last = (0..<128).last { word(whole, table + 4 * $0) != 0xFFFF_FFFF } ?? 0
    // Its chain ends one sector early.
    var short = whole
    set(&short, table + 4 * (last - 1), 0xFFFF_FFFE)
    #expect(
      PackageSample.problem(short, "Agent.msi").contains("cut short"), "\(PackageSample.problem(short, "Agent.msi"))")
    // Its second sector is moved to the end, and the file is cut within: the stream's middle is missing.
    let first = (0..<last).last { word(whole, table + 4 * $0) == 0xFFFF_FFFE }.map { $0 + 1 } ?? 0
    var moved = whole + whole[((first + 2) * 512)..<((first + 3) * 512)]
    set(&moved, table + 4 * first, last + 1)
    set(&moved, table + 4 * (last + 1), first + 2)
    set(&moved, table + 4 * (first + 1), 0xFFFF_FFFF)
    #expect(
      PackageSample.problem(moved, "Agent.msi").hasPrefix("taken"), "\(PackageSample.problem(moved, "Agent.msi"))")
    for gone in [1, 100, 511] {
      let said = PackageSample.problem(Array(moved.dropLast(gone)), "Agent.msi")
      #expect(said.contains("cut short"), "\(gone): \(said)")
    }
  }

  /// Subsystems: native (drivers), Windows CE, EFI, boot.
  @Test(arguments: [0, 1, 7, 9, 10, 11, 16]) func programsOfOtherSystemsAreRefused(system: UInt8) {
    var program = PackageSample.lab(.exe)
    #expect(program[64 + 24 + 68] == 3)
    program[64 + 24 + 68] = 2
    #expect(PackageSample.problem(program, "Agent.exe").hasPrefix("taken"))
    program[64 + 24 + 68] = system
    #expect(
      PackageSample.problem(program, "Agent.exe").contains("no Windows program"),
      "\(PackageSample.problem(program, "Agent.exe"))")
  }

  private static func changed(_ bytes: [UInt8], rootClass: UInt8) -> [UInt8] {
    var bytes = bytes
    bytes[(Int(bytes[48]) + 1) * 512 + 80] = rootClass
    return bytes
  }

  @Test func whichMachineRunsWhich() {
    let arm = EndpointArchitecture.other("ARM64")
    #expect(EndpointArchitecture.x86.runs(on: .x86) && EndpointArchitecture.x86.runs(on: .x64))
    #expect(EndpointArchitecture.x64.runs(on: .x64) && !EndpointArchitecture.x64.runs(on: .x86))
    #expect(!EndpointArchitecture.x86.runs(on: arm) && !EndpointArchitecture.x64.runs(on: arm) && arm.runs(on: arm))
  }

  // MARK: - Real ones

  @Test(
    .enabled(if: PackageTool.exists("wixl"), "wixl is not installed"),
    arguments: [("x64", EndpointArchitecture.x64), ("x86", .x86)])
  func packagesOfWixlAreRead(machine: String, expected: EndpointArchitecture) throws {
    let folder = try PackageTool.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(PackageTool.wix.utf8).write(to: URL(fileURLWithPath: folder + "/a.wxs"))
    _ = try PackageTool.run("wixl", ["-a", machine, "-o", "a.msi", "a.wxs"], in: folder)
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/a.msi")))
    let package = try AgentPackage(name: "a.msi", bytes: bytes)
    #expect(package.architecture == expected && package.version == "14.0.12980", "\(package)")
    #expect(package.productName == "Sample Security Agent")
  }

  @Test(.enabled(if: PackageTool.exists("wixl"), "wixl is not installed"))
  func aCabinetBesideThePackageIsRefused() throws {
    let folder = try PackageTool.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = PackageTool.wix.replacingOccurrences(of: "EmbedCab=\"yes\"", with: "EmbedCab=\"no\"")
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/a.wxs"))
    _ = try PackageTool.run("wixl", ["-o", "a.msi", "a.wxs"], in: folder)
    let said = PackageSample.problem(try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/a.msi"))), "a.msi")
    #expect(said.contains("a.cab") && said.contains("embedded"), "\(said)")
  }

  /// The lab's package is one to other people's tools too.
  @Test(.enabled(if: PackageTool.exists("msiinfo"), "msiinfo is not installed")) func msiinfoReadsTheLabs() throws {
    let folder = try PackageTool.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(PackageSample.lab(.msi)).write(to: URL(fileURLWithPath: folder + "/a.msi"))
    #expect(try PackageTool.run("msiinfo", ["suminfo", "a.msi"], in: folder).contains("Template: x64;1033"))
    let table = try PackageTool.run("msiinfo", ["export", "a.msi", "Property"], in: folder)
    #expect(table.contains("ProductVersion\t14.0.12980"), "\(table)")
  }

  @Test(.enabled(if: PackageTool.exists("x86_64-w64-mingw32-gcc"), "mingw is not installed"))
  func programsOfMingwAreRead()
    throws
  {
    let folder = try PackageTool.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("int main(void) { return 0; }\n".utf8).write(to: URL(fileURLWithPath: folder + "/a.c"))
    let resource = "1 VERSIONINFO\nFILEVERSION 14,0,12980,7\nBEGIN\nEND\n"
    try Data(resource.utf8).write(to: URL(fileURLWithPath: folder + "/a.rc"))
    _ = try PackageTool.run("x86_64-w64-mingw32-windres", ["a.rc", "-O", "coff", "-o", "a.res"], in: folder)
    _ = try PackageTool.run("x86_64-w64-mingw32-gcc", ["a.c", "a.res", "-o", "a.exe"], in: folder)
    _ = try PackageTool.run("x86_64-w64-mingw32-gcc", ["a.c", "-o", "bare.exe"], in: folder)
    _ = try PackageTool.run("x86_64-w64-mingw32-gcc", ["-shared", "a.c", "-o", "a.dll"], in: folder)
    func bytes(_ name: String) throws -> [UInt8] {
      try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
    let package = try AgentPackage(name: "a.exe", bytes: try bytes("a.exe"))
    #expect(package.architecture == .x64 && package.version == "14.0.12980.7", "\(package)")
    #expect(try AgentPackage(name: "bare.exe", bytes: try bytes("bare.exe")).version == nil)
    #expect(PackageSample.problem(try bytes("a.dll"), "a.exe").contains("library"))
  }
}
