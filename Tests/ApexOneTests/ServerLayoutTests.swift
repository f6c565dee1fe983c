import Testing

@testable import ApexOne

/// Paths of a server as a person knows them.
@Suite struct ServerLayoutTests {
  @Test func aLocalFoldersPathsAreShownAsLocalOnes() {
    let wsl = ServerLayout(root: #"C:\Program Files (x86)\Trend Micro\Apex One\PCCSRV"#, drives: "/mnt")
    #expect(wsl.shown(wsl.settings) == "/mnt/c/Program Files (x86)/Trend Micro/Apex One/PCCSRV/ofcscan.ini")
    let mounted = ServerLayout(root: "/srv/PCCSRV", drives: "")
    #expect(mounted.shown(mounted.root) == "/srv/PCCSRV")
    #expect(mounted.shown(mounted.certificate) == "/srv/PCCSRV/Pccnt/Common/OfcNTCer.dat")
    let far = ServerLayout(root: #"C:\PCCSRV"#)
    #expect(far.shown(far.settings) == #"C:\PCCSRV\ofcscan.ini"#)
  }
}
