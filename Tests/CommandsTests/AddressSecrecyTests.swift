import Foundation
import Testing

@testable import Commands

/// A password that somebody puts into an address is refused, repeated in no message and kept in no history.
@Suite struct AddressSecrecyTests {
  private static let addresses = [
    "ssh://admin:P@ssw0rd@apexone/C:/PCCSRV", "ssh://admin:P/ssw0rd@apexone/C:/PCCSRV",
    "sshh://admin:P@ssw0rd@apexone/C:/PCCSRV", "smb://CONTOSO\\admin:P@ssw0rd@apexone/ofcscan",
  ]

  @Test(arguments: addresses)
  func isNotRepeated(address: String) async throws {
    let rig = try await CommandRig(agents: 1, isConnected: false)
    for line in ["set server '\(address)'", "connect '\(address)'"] {
      let result = try await rig.run(line)
      #expect(result.code == .misuse && !(result.said + result.output).contains("ssw0rd"), "\(result)")
    }
    #expect(SetSetting.secrecy(of: ["server", address]) == .secret)
    #expect(SetSetting.secrecy(of: ["transport", "ssh://admin:P@ssw0rd@{agent}"]) == .secret)
    #expect(Connect.secrecy(of: [address]) == .secret)
    #expect(await rig.state.settings.server == nil)
  }

  @Test(arguments: ["ssh://admin@apexone:22/C:/PCCSRV", "lab:", "file:///mnt/c/PCCSRV", "ssh://[::1]:22/C:/PCCSRV"])
  func othersAreKept(address: String) {
    #expect(SetSetting.secrecy(of: ["server", address]) == .open)
    #expect(Connect.secrecy(of: [address]) == .open)
  }
}

@Suite struct LocalPipeTests {
  @Test func bothEndsAreClosedInChildren() throws {
    let pipe = try LocalPipe()
    defer { pipe.close() }
    for end in [pipe.reading, pipe.writing] { #expect(fcntl(end, F_GETFD) & FD_CLOEXEC != 0) }
  }
}
