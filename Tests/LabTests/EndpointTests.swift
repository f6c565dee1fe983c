import Foundation
import Testing

@testable import Lab
@testable import Remote

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One machine of a lab on disk behind a command line, as sshd's `ForceCommand` sees it; no SSH here.
@Suite struct EndpointTests {
  /// Runs a line `FOLDER|PROGRAM|ARGUMENT…` at a machine; gives what it printed and its exit code.
  private static func run(_ words: [String], in folder: String?, at agent: String, _ lab: String)
    async throws -> (
      code: Int32, output: String, errors: String
    )
  {
    let endpoint = try LabEndpoint(directory: lab, agent: agent) { line in
      let words = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return [.init(folder: words[0].isEmpty ? nil : words[0], words: Array(words.dropFirst()))]
    }
    let files = [lab + "/out-\(UUID().uuidString)", lab + "/err-\(UUID().uuidString)"]
    let descriptors = files.map { open($0, O_RDWR | O_CREAT, 0o600) }
    defer { for descriptor in descriptors { close(descriptor) } }
    let line = ([folder ?? ""] + words).joined(separator: "|")
    let code = await endpoint.serve(line, to: .init(output: descriptors[0], errors: descriptors[1]))
    let texts = files.map {
      String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self)
    }
    return (code, texts[0], texts[1])
  }

  @Test func aToolIsPlayedInWallTimeAndItsStateStays() async throws {
    try await DiskTests.withFolder { lab in
      try LabFleet.prepareDirectory(lab, agents: 3, speed: 200)
      let fleet = try LabFleet.open(lab)
      let spec = try #require(fleet.spec(of: "WS-002"))
      let tool = spec.architecture == .x86 ? "IpXfer.exe" : "IpXfer_x64.exe"
      let root = lab + "/agents/WS-002/C:/Windows/stage"
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
      let server = lab + "/agents/apexone/C:/Program Files (x86)/Trend Micro/Apex One/PCCSRV"
      try FileManager.default.copyItem(
        atPath: server + "/Admin/Utility/IpXfer/" + tool, toPath: root + "/" + tool)
      try FileManager.default.copyItem(
        atPath: server + "/Pccnt/Common/OfcNTCer.dat", toPath: root + "/OfcNTCer.dat")
      let before = try await EndpointTests.run(
        ["sc.exe", "queryex", "tmlisten"], in: nil, at: "WS-002", lab)
      #expect(before.code == 0)
      #expect(before.output.contains("4  RUNNING"))
      let words = [
        #"C:\Windows\stage\"# + tool, "-s", fleet.serverName, "-p", "8080", "-sp", "4343", "-c",
        "\(fleet.agentPort)", "-e", #"C:\Windows\stage\OfcNTCer.dat"#, "-pwd",
        fleet.secrets.unloadPassword.reveal { $0 },
      ]
      let result = try await EndpointTests.run(words, in: #"C:\Windows\stage"#, at: "WS-002", lab)
      #expect(result.code == 0)
      try await fleet.clock.sleep(for: .seconds(60))
      let after = try await EndpointTests.run(
        ["sc.exe", "queryex", "tmlisten"], in: nil, at: "WS-002", lab)
      #expect(after.output.contains("4  RUNNING"))
      #expect(after.output != before.output)
      let folder = spec.architecture == .x86 ? "Program Files" : "Program Files (x86)"
      let certificate = lab + "/agents/WS-002/C:/\(folder)/Trend Micro/Security Agent/OfcNTCer.dat"
      #expect(FileManager.default.contents(atPath: certificate) == Data(fleet.serverCertificate))
    }
  }

  @Test func theServersListIsMadeToo() async throws {
    try await DiskTests.withFolder { lab in
      try LabFleet.prepareDirectory(lab, agents: 3, speed: 200)
      let folder =
        #"C:\Program Files (x86)\Trend Micro\Apex One\PCCSRV\Admin\Utility\CertificateManager"#
      let words = ["CertificateManager.exe", "-l", #"C:\Windows\Temp\list.csv"#]
      #expect(try await EndpointTests.run(words, in: folder, at: "apexone", lab).code == 0)
      let list =
        FileManager.default.contents(atPath: lab + "/agents/apexone/C:/Windows/Temp/list.csv")
        ?? Data()
      #expect(String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline).count == 4)
      #expect(try await EndpointTests.run(words, in: nil, at: "apexone", lab).code == 1)
    }
  }

  @Test func errorsAreThoseOfWindows() async throws {
    try await DiskTests.withFolder { lab in
      try LabFleet.prepareDirectory(lab, agents: 1)
      let unknown = try await EndpointTests.run(["nonsense"], in: nil, at: "WS-001", lab)
      #expect(unknown.code == 1)
      #expect(unknown.errors.hasPrefix("'nonsense' is not recognized"))
      let service = try await EndpointTests.run(
        ["sc.exe", "query", "nothing"], in: nil, at: "WS-001", lab)
      #expect(service.code == 1060)
      #expect(throws: LabError.self) {
        try LabEndpoint(directory: lab, agent: "WS-002") { _ in [] }
      }
    }
  }

  @Test func severalProgramsOfALineRunInOrder() async throws {
    try await DiskTests.withFolder { lab in
      try LabFleet.prepareDirectory(lab, agents: 1)
      let endpoint = try LabEndpoint(directory: lab, agent: "WS-001") { try CommandLineParsing.calls($0) }
      let file = lab + "/output"
      let descriptor = open(file, O_RDWR | O_CREAT, 0o600)
      defer { close(descriptor) }
      let looks = [
        RemoteCommand("nonsense", []), RemoteCommand("sc.exe", ["queryex", "tmlisten"]),
        RemoteCommand("sc.exe", ["query", "x"]),
      ]
      let sequence = try #require(try CommandSequence(looks, shell: .cmd))
      let line = sequence.line.reveal { $0 }
      let code = await endpoint.serve(line, to: .init(output: descriptor, errors: -1))
      let output = [UInt8](FileManager.default.contents(atPath: file) ?? Data())
      let results = try #require(
        sequence.results(of: CommandResult(exitCode: UInt32(code), output: output)))
      #expect(String(decoding: results[0].output, as: UTF8.self).contains("is not recognized"))
      #expect(ServiceOutput(results[1]).isRunning)
      #expect(ServiceOutput(results[2]).isMissing)
    }
  }

  @Test func aConnectionThatIsGoneEndsTheProcess() async throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    defer { close(writer) }
    await withCheckedContinuation { continuation in
      let watch = ConnectionWatch(output: writer) { continuation.resume() }
      withExtendedLifetime(watch) { _ = close(reader) }
    }
  }
}
