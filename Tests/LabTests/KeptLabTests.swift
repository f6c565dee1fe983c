import Foundation
import Remote
import Testing

@testable import Lab

/// What a lab on disk keeps of machines that no SSH server serves: lines in a few logs, whoever writes them.
@Suite struct KeptLabTests {
  private static func logs(_ lab: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: lab + "/changes").map { lab + "/changes/" + $0 }
  }

  private static func size(_ lab: String) throws -> Int {
    try logs(lab).reduce(0) { $0 + (FileManager.default.contents(atPath: $1)?.count ?? 0) }
  }

  /// Connects on the clock of a fleet that has just opened the lab.
  private static func open(_ lab: String, _ name: String, _ body: (Workbench, any Remote.Host) async throws -> Void)
    async throws
  {
    let bench = Workbench(try LabFleet.open(lab, clock: VirtualClock()))
    try await bench.fleet.clock.living { try await body(bench, try await bench.connect(name)) }
  }

  /// To make files and folders for each agent took more time than all else.
  @Test func repairsMakeNoFilesForEachAgent() async throws {
    try await DiskTests.withFolder { lab in
      let bench = try Workbench(200, directory: lab)
      try await bench.fleet.clock.living {
        let server = bench.fleet.server
        let list = FileManager.default.subpaths(atPath: lab)?.count ?? 0
        for name in bench.fleet.names {
          let host = try await bench.connect(name)
          try await bench.stage(name, host)
          #expect(try await host.run(bench.transfer(name)).exitCode == 0)
        }
        #expect((FileManager.default.subpaths(atPath: lab)?.count ?? 0) - list <= 64 + 5)
        await server.close()
      }
      try await KeptLabTests.open(lab, "WS-001") { bench, _ in
        let left = try await bench.list()
        #expect(left.isEmpty)
      }
    }
  }

  @Test func filesAndFoldersComeBackAsTheyWere() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 3, directory: lab)
      let odd = WindowsPath(#"C:\Windows\Temp\100 %25 Zoë.txt"#)
      var ini = WindowsPath("")
      try await KeptLabTests.open(lab, "WS-002") { bench, host in
        ini = bench.agentFolder("WS-002").appending("ofcscan.ini")
        try await host.removeFile(ini)
        try await host.put([7], to: odd)
        try await host.put([UInt8](repeating: 9, count: 5_000), to: WindowsPath(#"C:\Windows\Temp\long.bin"#))
        try await host.put([], to: WindowsPath(#"C:\Windows\Temp\empty"#))
        // Another spelling is the same file, which keeps its own.
        try await host.put([8], to: WindowsPath(#"c:\windows\temp\LONG.bin"#))
        try await host.makeFolder(WindowsPath(#"C:\Windows\apexsh-a"#))
        try await host.put([1], to: WindowsPath(#"C:\Windows\apexsh-a\x"#))
        try await host.removeFile(WindowsPath(#"C:\Windows\apexsh-a\x"#))
        try await host.removeFolder(WindowsPath(#"C:\Windows\apexsh-a"#))
      }
      try await KeptLabTests.open(lab, "WS-002") { bench, host in
        #expect(try await host.entry(at: ini) == nil)
        #expect(try await host.get(odd, limit: 10) == [7])
        let temp = try await host.list(WindowsPath(#"C:\Windows\Temp"#))
        #expect(temp.map(\.name) == ["100 %25 Zoë.txt", "empty", "long.bin"])
        #expect(temp.map(\.size) == [1, 0, 1])
        #expect(bench.fleet.leftovers(of: "WS-002").isEmpty)
      }
      // The same as real files.
      _ = try LabEndpoint(directory: lab, agent: "WS-002") { _ in [] }
      let root = lab + "/agents/WS-002/"
      #expect(FileManager.default.contents(atPath: root + odd.forward) == Data([7]))
      #expect(!FileManager.default.fileExists(atPath: root + ini.forward))
      #expect(FileManager.default.fileExists(atPath: root + "C:/Windows/System32/sc.exe"))
    }
  }

  /// A process that was killed while it wrote leaves half a line.
  @Test func halfALineAtTheEndDoesNotCount() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 1, directory: lab)
      let temp = WindowsPath(#"C:\Windows\Temp"#)
      try await KeptLabTests.open(lab, "WS-001") { _, host in try await host.put([1], to: temp.appending("a")) }
      let log = try #require(try KeptLabTests.logs(lab).first)
      let whole = try #require(FileManager.default.contents(atPath: log))
      for length in 1..<whole.count {
        try (whole + whole.prefix(length)).write(to: URL(fileURLWithPath: log))
        try await KeptLabTests.open(lab, "WS-001") { _, host in
          #expect(try await host.list(temp).map(\.name) == ["a"])
          try await host.put([2], to: temp.appending("b"))
        }
        try await KeptLabTests.open(lab, "WS-001") { _, host in
          let names = try await host.list(temp).map(\.name)
          #expect(names == ["a", "b"])
        }
      }
    }
  }

  @Test func aDamagedLineDoesNotCount() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 1, directory: lab)
      let temp = WindowsPath(#"C:\Windows\Temp"#)
      try await KeptLabTests.open(lab, "WS-001") { _, host in
        try await host.put([UInt8](repeating: 5, count: 999), to: temp.appending("a"))
      }
      let log = try #require(try KeptLabTests.logs(lab).first)
      let damage =
        "WS-001\tstate\t{\nWS-001\tnonsense\nnonsense\n\nWS-001\tfile\t1\tC:\\x\t#../../lab.json\nWS-001\t\u{0}\n"
      let whole = try #require(FileManager.default.contents(atPath: log))
      try (whole + Data(damage.utf8)).write(to: URL(fileURLWithPath: log))
      try await KeptLabTests.open(lab, "WS-001") { bench, host in
        #expect(try await host.list(temp).map(\.name) == ["a"])
        #expect(try await bench.service("tmlisten", host).state == 4)
        try await host.removeFile(temp.appending("a"))
      }
      try await KeptLabTests.open(lab, "WS-001") { _, host in
        let left = try await host.list(temp)
        #expect(left.isEmpty)
      }
    }
  }

  /// One fleet and a machine behind an SSH server at the same time: each sees what the other does.
  @Test func aMachineMayMoveUnderASession() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 2, directory: lab)
      try await KeptLabTests.open(lab, "WS-001") { bench, host in
        let temp = WindowsPath(#"C:\Windows\Temp"#)
        try await host.put([1], to: temp.appending("a"))
        _ = try LabEndpoint(directory: lab, agent: "WS-001") { _ in [] }
        let real = lab + "/agents/WS-001/C:/Windows/Temp/"
        #expect(FileManager.default.contents(atPath: real + "a") == Data([1]))
        try Data([2]).write(to: URL(fileURLWithPath: real + "b"))
        #expect(try await host.get(temp.appending("B"), limit: 9) == [2])
        try await host.put([3], to: temp.appending("c"))
        #expect(FileManager.default.contents(atPath: real + "c") == Data([3]))
        try await bench.stage("WS-001", host)
        #expect(try await host.run(bench.transfer("WS-001")).exitCode == 0)
        #expect(try await bench.list() == ["WS-002"])
      }
    }
  }

  /// The folder of a move that a kill cut short is no machine yet.
  @Test func aMoveThatWasCutShortIsDoneAgain() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 1, directory: lab)
      let file = WindowsPath(#"C:\Windows\Temp\a"#)
      try await KeptLabTests.open(lab, "WS-001") { _, host in try await host.put([1], to: file) }
      let root = lab + "/agents/WS-001"
      try FileManager.default.createDirectory(atPath: root + "/C:/Windows", withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: URL(fileURLWithPath: root + "/state.json"))
      try await KeptLabTests.open(lab, "WS-001") { _, host in
        let bytes = try await host.get(file, limit: 9)
        #expect(bytes == [1])
      }
      _ = try LabEndpoint(directory: lab, agent: "WS-001") { _ in [] }
      #expect(FileManager.default.contents(atPath: root + "/C:/Windows/Temp/a") == Data([1]))
      try await KeptLabTests.open(lab, "WS-001") { bench, host in
        let bytes = try await host.get(file, limit: 9)
        #expect(bytes == [1])
        #expect(try await bench.service("tmlisten", host).state == 4)
      }
    }
  }

  /// A lab that is rehearsed on for years stays small; a second session keeps up with a log that is begun anew.
  @Test func logsStaySmall() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 1, directory: lab)
      let other = try LabFleet.open(lab, clock: VirtualClock())
      let watched = try other.machine(0)
      let machine = try LabFleet.open(lab, clock: VirtualClock()).machine(0)
      let kept = WindowsPath(#"C:\Windows\Temp\kept"#)
      try machine.write([UInt8](repeating: 1, count: 9_999), to: kept, at: 1)
      let filler = [UInt8](repeating: 2, count: 250)
      for round in 0..<15_000 {
        let file = WindowsPath(#"C:\Windows\Temp\"# + "\(round)")
        try machine.write(filler, to: file, at: 1)
        if round % 1_000 == 0 {
          let seen = try watched.read(file)
          #expect(seen == filler)
        }
        try machine.removeFile(file)
      }
      #expect(try KeptLabTests.size(lab) < 5 << 20)
      for machine in [watched, try LabFleet.open(lab, clock: VirtualClock()).machine(0)] {
        #expect(try machine.read(kept).count == 9_999)
        #expect(try machine.list(WindowsPath(#"C:\Windows\Temp"#)).count == 1)
      }
    }
  }

  /// Two sessions at one machine: no change of either is lost.
  @Test func sessionsAtOneMachineLoseNothing() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 1, directory: lab)
      let machines = try (0..<4).map { _ in try LabFleet.open(lab, clock: VirtualClock()).machine(0) }
      await withTaskGroup(of: Void.self) { group in
        for (place, machine) in machines.enumerated() {
          group.addTask {
            for number in 0..<100 {
              try? machine.write([1], to: WindowsPath(#"C:\Windows\Temp\"# + "\(place)-\(number)"), at: 1)
              machine.state(at: 1) { $0.toolRuns = ($0.toolRuns ?? 0) + 1 }
            }
          }
        }
      }
      for machine in machines {
        #expect(try machine.list(WindowsPath(#"C:\Windows\Temp"#)).count == 400)
        #expect(machine.state(at: 1) { $0.toolRuns } == 400)
      }
    }
  }

  /// What can't be kept didn't happen, and is said.
  @Test func whatCanNotBeKeptIsAnError() async throws {
    try await DiskTests.withFolder { lab in
      _ = try LabFleet(agents: 1, directory: lab)
      let machine = try LabFleet.open(lab, clock: VirtualClock()).machine(0)
      try FileManager.default.removeItem(atPath: lab)
      let file = WindowsPath(#"C:\Windows\Temp\a"#)
      let error = #expect(throws: RemoteError.self) { try machine.write([1], to: file, at: 1) }
      #expect(error?.kind == .noSpace && error?.message.contains("could not keep this on disk") == true)
      #expect(machine.entry(file) == nil)
    }
  }
}
