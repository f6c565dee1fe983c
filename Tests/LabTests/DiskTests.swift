import Foundation
import Lab
import Remote
import Testing

/// A lab on disk: its state outlives the fleet that made it, and files are real files.
@Suite struct DiskTests {
  /// Runs `body` with a folder of its own that is gone afterwards.
  static func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = TemporaryFolder.newPath("lab")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func whatIsRepairedStaysRepaired() async throws {
    try await DiskTests.withFolder { folder in
      let first = try Workbench(5, directory: folder)
      var pid = 0
      try await first.fleet.clock.living {
        let host = try await first.connect("WS-003")
        pid = try await first.service("tmlisten", host).pid
        try await first.stage("WS-003", host)
        #expect(try await host.run(first.transfer("WS-003")).exitCode == 0)
      }
      let second = Workbench(try LabFleet.open(folder, clock: VirtualClock()))
      try await second.fleet.clock.living {
        let host = try await second.connect("WS-003")
        #expect(try await second.certificate("WS-003", host) == second.fleet.serverCertificate)
        // What was pending in the first session has happened since.
        let listener = try await second.service("tmlisten", host)
        #expect(listener.state == 4 && listener.pid != pid)
        #expect(try await second.service("ntrtscan", host).state == 4)
        #expect(try await second.list() == ["WS-001", "WS-002", "WS-004", "WS-005"])
        #expect(try await host.list(Workbench.stage).count == 2)
      }
      // Behind an SSH server it is real files.
      _ = try LabEndpoint(directory: folder, agent: "WS-003") { _ in [] }
      let place = folder + "/agents/WS-003/C:/Windows/apexsh-test/OfcNTCer.dat"
      #expect(FileManager.default.contents(atPath: place) == Data(second.fleet.serverCertificate))
      #expect(!FileManager.default.fileExists(atPath: folder + "/agents/WS-001"))
    }
  }

  @Test func filesBehaveAsInMemory() async throws {
    try await DiskTests.withFolder { folder in
      let bench = try Workbench(5, directory: folder)
      try await bench.fleet.clock.living {
        let host = try await bench.connect("WS-001")
        let stage = Workbench.stage
        try await host.makeFolder(stage)
        let error = await #expect(throws: RemoteError.self) {
          try await host.makeFolder(WindowsPath(#"c:\windows\APEXSH-TEST"#))
        }
        #expect(error?.kind == .alreadyExists)
        try await host.put([1, 2], to: stage.appending("A.bin"))
        #expect(
          try await host.get(WindowsPath(#"c:\windows\apexsh-test\a.BIN"#), limit: 10) == [1, 2])
        #expect(try await host.list(stage).map(\.name) == ["A.bin"])
        #expect(try await host.list(stage).map(\.size) == [2])
        for outside in [#"C:\..\..\lab.json"#, #"C:\Windows\../../../x"#, #"D:\x"#] {
          let error = await #expect(throws: RemoteError.self) {
            try await host.get(WindowsPath(outside), limit: 1 << 16)
          }
          #expect(error?.kind == .notFound)
        }
        await #expect(throws: RemoteError.self) { try await host.removeFolder(stage) }
        try await host.removeFile(stage.appending("a.bin"))
        try await host.removeFolder(stage)
        await #expect(throws: RemoteError.self) { try await host.list(stage) }
      }
    }
  }

  @Test func aFolderHoldsOneLab() async throws {
    try await DiskTests.withFolder { folder in
      _ = try LabFleet(agents: 5, directory: folder)
      _ = try LabFleet(agents: 5, directory: folder)
      for other in [
        { try LabFleet(agents: 6, directory: folder) },
        { try LabFleet(agents: 5, seed: 2, directory: folder) },
        { try LabFleet(agents: 5, faults: .typical, directory: folder) },
      ] {
        let error = #expect(throws: LabError.self) { try other() }
        #expect(error?.description.contains("holds a lab of 5 agents, seed 1, faults none") == true)
      }
      try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/lab.json"))
      #expect(throws: LabError.self) { try LabFleet(agents: 5, directory: folder) }
      #expect(throws: LabError.self) { try LabFleet.open(folder + "/nowhere") }
    }
  }

  @Test func preparingMakesEveryMachine() async throws {
    try await DiskTests.withFolder { folder in
      try LabFleet.prepareDirectory(
        folder, agents: 4, faults: FaultRecipe(.certificateMissing), speed: 50)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/agents").sorted()
      #expect(names == ["WS-001", "WS-002", "WS-003", "WS-004", "apexone"])
      for name in names {
        #expect(
          FileManager.default.fileExists(
            atPath: folder + "/agents/\(name)/C:/Windows/System32/reg.exe"))
      }
      let ini =
        folder + "/agents/apexone/C:/Program Files (x86)/Trend Micro/Apex One/PCCSRV/ofcscan.ini"
      let text = String(
        decoding: FileManager.default.contents(atPath: ini) ?? Data(), as: UTF8.self)
      #expect(text.contains("Master_DomainName=apexone.contoso.local\r\n"))
      #expect(text.contains("Unload_Pwd=!CRYPT!"))
      let fleet = try LabFleet.open(folder)
      #expect(fleet.count == 4)
      #expect(fleet.faults == FaultRecipe(.certificateMissing))
    }
  }

  @Test func twoFleetsOnOneMachineLoseNothing() async throws {
    try await DiskTests.withFolder { folder in
      let one = try Workbench(2, directory: folder)
      let two = try Workbench(2, directory: folder)
      await withTaskGroup(of: Void.self) { group in
        for bench in [one, two] {
          group.addTask {
            try? await bench.fleet.clock.living {
              let host = try await bench.connect("WS-002")
              for _ in 0..<20 { _ = try await bench.service("tmlisten", host) }
              let tray = bench.agentFolder("WS-002").appending("PccNTMon.exe").text
              _ = try await host.run(
                RemoteCommand(tray, ["-n", .secret(bench.fleet.secrets.unloadPassword)]))
            }
          }
        }
      }
      try await one.fleet.clock.living {
        try await one.wait(100)
        let host = try await one.connect("WS-002")
        #expect(try await one.service("tmlisten", host).state == 1)
      }
    }
  }
}
