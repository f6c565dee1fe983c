import ApexOne
import Foundation
import Lab
import Testing

@testable import Commands

/// `show server` and `show certificate`.
@Suite struct CertificatesTests {
  @Test func theServersOwnCertificate() async throws {
    let rig = try await CommandRig(agents: 1)
    let own = try AuthenticationCertificate(bytes: rig.fleet.serverCertificate)
    let first = try await rig.run("show certificate --format json")
    #expect(first.said.contains("read from the server now"))
    let object = try #require(try first.objects().first)
    #expect(Set(object.keys) == Set(ShowCertificate.manual.jsonKeys))
    #expect(object["serial"] as? String == own.serial && object["sha256"] as? String == own.sha256)
    #expect(object["subject"] as? String == own.subject)
    let times = try [#require(object["not_before"] as? String), #require(object["not_after"] as? String)]
    #expect(times.allSatisfy { $0.hasSuffix("Z") && $0.utf8.count == 20 })
    #expect(object["key_of"] as? [String] == [CommandRig.identity])
    let again = try await rig.run("show certificate")
    #expect(again.said.contains("--refresh reads it again"))
    #expect(try await rig.run("show certificate --refresh").said.contains("now"))
  }

  @Test func theCertificateThatWasSet() async throws {
    let rig = try await CommandRig(agents: 1)
    _ = try rig.folders.readyState()
    let path = rig.folder + "/state/other.dat"
    try Data(rig.fleet.olderCertificate).write(to: URL(fileURLWithPath: path))
    _ = try await rig.run("show server")
    try await rig.state.set(.certificate, path, from: .set)
    let result = try await rig.run("show certificate --format json")
    let older = try AuthenticationCertificate(bytes: rig.fleet.olderCertificate)
    #expect(try result.objects().first?["sha256"] as? String == older.sha256)
    #expect(result.said.contains("the server's serial is"))
    #expect(try await rig.run("check server").rows.contains { $0[0] == "certificate-setting" && $0[1] == "amber" })
  }

  @Test func aServerWithoutOneIs65() async throws {
    let rig = try await CommandRig(agents: 1, server: { AlteredHost($0, ["ofcntcer.dat": .missing]) })
    let result = try await rig.run("show certificate")
    #expect(result.code == .unusableInput && result.said.contains("OfcNTCer.dat"))
    let without = try await CommandRig(agents: 1, isConnected: false)
    #expect(try await without.run("show certificate").code == .misuse)
    #expect(try await without.run("show server").code == .misuse)
  }

  @Test func theServerWithItsSources() async throws {
    let rig = try await CommandRig(agents: 1)
    let rows = try await rig.run("show server").rows
    let port = try #require(rows.first { $0[0] == "agent-port" })
    #expect(port[1] == "\(rig.fleet.agentPort)" && port[2].hasPrefix("ofcscan.ini:"))
    #expect(rows.contains { $0[0] == "product" && $0[1] == "apex-one" })
    #expect(rows.contains { $0[0] == "tools" && $0[1].contains("IpXfer_x64.exe") })
    try await rig.state.set(.agentPort, "12345", from: .set)
    let said = try await rig.run("show server").said
    #expect(said.contains("agent-port 12345 (set) is used instead of \(rig.fleet.agentPort)"))
  }

  @Test func hiddenCharactersAreMadeVisible() async throws {
    let ini = "[S]\nMaster_DomainName=apexone\u{202E}\nMaster_DomainPort=8080\nClient_LocalServer_Port=21112\n"
    let rig = try await CommandRig(agents: 1, server: { AlteredHost($0, ["ofcscan.ini": .bytes(Array(ini.utf8))]) })
    for line in ["show server", "check server"] {
      let result = try await rig.run(line)
      #expect(!(result.output + result.said).contains("\u{202E}"), "\(line)")
    }
  }
}
