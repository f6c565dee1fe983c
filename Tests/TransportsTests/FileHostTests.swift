import Foundation
import Remote
import Testing

@testable import Transports

@Suite("The server as local files")
struct FileHostTests {
  private func mounted() throws -> (TestFolder, FileMount) {
    let folder = try TestFolder()
    for path in ["mnt", "mnt/c"] {
      try FileManager.default.createDirectory(atPath: folder.file(path), withIntermediateDirectories: false)
    }
    return (folder, FileMount(folder.file("mnt/c/PCCSRV")))
  }

  @Test func `keeps the contract, without programs and with them`() async throws {
    let (folder, mount) = try mounted()
    try await ContractSuite(host: FileHost(mount, runs: false), folder: WindowsPath(#"C:\"#), exiting: nil).check()
    let script = try folder.write("#!/bin/sh\necho out; echo err >&2; exit $1\n", to: "mnt/c/tool.exe")
    chmod(script, 0o755)
    try await ContractSuite(host: FileHost(mount, runs: true), folder: WindowsPath(#"C:\"#)) {
      RemoteCommand(#"C:\tool.exe"#, [.plain(String($0))], in: WindowsPath(#"C:\"#))
    }.check()
  }

  @Test func `paths go both ways`() throws {
    let mount = FileMount("/mnt/c/Program Files/Apex One/PCCSRV")
    let path = mount.windowsPath("/mnt/c/Program Files/Apex One/PCCSRV")
    #expect(path.text == #"C:\Program Files\Apex One\PCCSRV"#)
    #expect(try mount.localPath(path) == "/mnt/c/Program Files/Apex One/PCCSRV")
    #expect(try mount.localPath(WindowsPath(#"D:\x"#)) == "/mnt/d/x")
    let plain = FileMount("/srv/copy/PCCSRV")
    #expect(try plain.localPath(plain.windowsPath("/srv/copy/PCCSRV/Admin")) == "/srv/copy/PCCSRV/Admin")
    #expect(throws: RemoteError.self) { try plain.localPath(WindowsPath(#"\srv\copy"#)) }
  }

  @Test func `errors show paths as local ones`() throws {
    let error = #expect(throws: RemoteError.self) {
      try FileMount("/tmp/x/C:/PCCSRV").localPath(WindowsPath(#"X:\C:\PCCSRV"#))
    }
    #expect(error?.description.contains("/tmp/x/C:/PCCSRV") == true, "\(error.map(String.init(describing:)) ?? "")")
    #expect(error?.description.contains("\\") == false)
  }

  @Test(arguments: [#"C:\..\x"#, #"C:\a\..\..\x"#, #"C:\.\x"#, #"C:\\x"#, #"C:\a:b"#, "x", #"\\server\x"#, #"CC:\x"#])
  func `no path leads out`(path: String) {
    #expect(throws: RemoteError.self) { try FileMount("/mnt/c/PCCSRV").localPath(WindowsPath(path)) }
  }

  @Test func `a link in a file's place is not followed`() async throws {
    let (folder, mount) = try mounted()
    symlink(try folder.write("secret", to: "outside"), folder.file("mnt/c/link"))
    let host = FileHost(mount)
    #expect(await remoteError { try await host.get(WindowsPath(#"C:\link"#), limit: 100) } != nil)
    #expect(await remoteError { try await host.put([1], to: WindowsPath(#"C:\link"#)) } != nil)
    #expect(try folder.read("outside") == "secret")
    #expect(try await host.list(WindowsPath(#"C:\"#)).first?.kind == .link)
  }

  @Test func `abort ends a program`() async throws {
    let (folder, mount) = try mounted()
    let started = folder.file("started")
    let script = "#!/bin/sh\necho $$ > '\(started).new'\nmv '\(started).new' '\(started)'\nexec sleep 600\n"
    chmod(try folder.write(script, to: "mnt/c/slow.exe"), 0o755)
    let host = FileHost(mount, runs: true)
    async let error = remoteError { try await host.run(RemoteCommand(#"C:\slow.exe"#, [])) }
    while access(started, F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
    let process = try #require(pid_t(try folder.read("started").split(separator: "\n")[0]))
    #expect(kill(process, 0) == 0)
    host.abort()
    #expect(await error?.kind == .dropped)
    while kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(errno == ESRCH)
  }

  @Test func `an address that isn't there is unreachable`() async {
    let connector = FileConnector("/nowhere/mnt/c/PCCSRV")
    let error = await remoteError { try await connector.connect(to: Endpoint(name: "hq"), within: .seconds(1)) }
    #expect(error?.kind == .unreachable)
  }
}
