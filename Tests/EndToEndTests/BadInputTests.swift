import Foundation
import Lab
import Testing

/// Everything wrong that a person may give, through the built program: a clear sentence, the right exit code, and
/// nothing changed.
@Suite struct BadInputTests {
  /// Runs `arguments`; checks the code, the words, that no result was printed, and that the journal knows what it knew.
  private func refuses(
    _ server: FileServer, _ arguments: [String], settings: [String] = [], code: Int32, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try await server.known()
    let end = try await server.apexsh(arguments, settings: settings)
    #expect(end.code == code, "\(end)", sourceLocation: sourceLocation)
    #expect(end.output.isEmpty, "\(end)", sourceLocation: sourceLocation)
    for word in words { #expect(end.errors.contains(word), "\(end.errors)", sourceLocation: sourceLocation) }
    #expect(end.lines(of: \.errors).allSatisfy { $0.hasPrefix("apexsh: ") }, "\(end)", sourceLocation: sourceLocation)
    #expect(try await server.known() == before, sourceLocation: sourceLocation)
  }

  private let transfer = ["--no-unload-password", "--confirm", "3"]

  // MARK: the server

  @Test func aServerPathThatIsNone() async throws {
    let server = try FileServer()
    for (path, code, words) in [
      ("file:///nowhere/PCCSRV", 69, "not there"), ("file:///tmp", 65, "not a server's PCCSRV folder"),
      ("ssh://apexone.contoso.local", 64, "full path of the PCCSRV folder"), ("C:/PCCSRV", 64, "begins with ssh://"),
      ("lab:x", 64, "nothing after it"), ("file://apexone/PCCSRV", 64, "three slashes"), ("", 64, "server"),
    ] as [(String, Int32, String)] {
      let end = try await server.bare(["connect", path])
      #expect(end.code == code && end.output.isEmpty, "\(path): \(end)")
      #expect(end.errors.contains(words), "\(path): \(end.errors)")
    }
  }

  @Test func halfAnIni() async throws {
    let server = try FileServer()
    try await server.list()
    let ini = try #require(FileManager.default.contents(atPath: server.root + "/ofcscan.ini"))
    let cut = try #require(ini.range(of: Data("Client_LocalServer_Port".utf8)))
    try server.replace("ofcscan.ini", Array(ini[..<(cut.lowerBound + 8)]))
    let connected = try await server.apexsh(["connect"])
    #expect(connected.code == 0, "\(connected)")
    #expect(connected.output.contains("agents not known: set agent-port PORT"))
    #expect(connected.errors.contains("ofcscan.ini has no Client_LocalServer_Port; set agent-port"))
    try await refuses(server, ["transfer", "all"] + transfer, code: 64, "agent-port is not known", "set agent-port")
  }

  @Test func aServerNameThatIsASwitch() async throws {
    let server = try FileServer()
    try await server.list()
    let path = server.root + "/ofcscan.ini"
    let ini = String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    for name in ["-e x", "a&b", "$(reboot)", "a\u{1B}[2Jb"] {
      let changed = ini.replacingOccurrences(
        of: "Master_DomainName=apexone.contoso.local", with: "Master_DomainName=\(name)")
      #expect(changed != ini)
      try server.replace("ofcscan.ini", Array(changed.utf8))
      let connected = try await server.apexsh(["connect"])
      #expect(connected.code == 0 && connected.output.contains("name not known: set server-name NAME"), "\(connected)")
      #expect(!(connected.output + connected.errors).contains("\u{1B}"))
      try await refuses(
        server, ["transfer", "all"] + transfer, code: 64, "server-name is not known", "set server-name")
    }
  }

  /// What is right all the same: a server that is known by its address.
  @Test func aServerKnownByItsAddress() async throws {
    let server = try FileServer()
    try await server.list()
    let path = server.root + "/ofcscan.ini"
    let ini = String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    for (text, name) in [("10.20.0.5", "10.20.0.5"), ("[2001:DB8::5]", "2001:db8::5")] {
      let changed = ini.replacingOccurrences(
        of: "Master_DomainName=apexone.contoso.local", with: "Master_DomainName=\(text)")
      try server.replace("ofcscan.ini", Array(changed.utf8))
      let connected = try await server.apexsh(["connect"])
      #expect(connected.code == 0 && connected.output.contains("\(name) ("), "\(connected)")
      let plan = try await server.apexsh(
        ["transfer", "all", "--no-unload-password", "--dry-run"], settings: ["server-aliases=[2001:db8::5],10.20.0.5"])
      #expect(plan.code == 0 && plan.output.contains("-s \(name) -p"), "\(plan)")
    }
  }

  // MARK: lists

  @Test func filesThatAreNoLists() async throws {
    let server = try FileServer()
    try await server.list()
    let cut = "Computer Name,Note\nWS-001,x\nWS-002,\"never closed\nWS-003,y\n"
    for (name, bytes, words) in [
      ("page.csv", Array("\n<!DOCTYPE html><html>".utf8), "line 2: not a list of agents but a web page"),
      ("cut.csv", Array(cut.utf8), "line 3: a quote opens here and never closes"),
      ("binary.csv", [0x50, 0x4B, 3, 4, 0, 0, 0, 0, 1, 2], "not a list of agents"),
      ("no host.csv", Array("IP Address,Port\n10.0.0.1,80\n10.0.0.2,81\n".utf8), "--host-column"),
    ] as [(String, [UInt8], String)] {
      let path = try server.file(name, bytes)
      try await refuses(server, ["list-mismatched", "--from", path], code: 65, name, words)
    }
    try await refuses(server, ["list-mismatched", "--from", server.folder + "/none.csv"], code: 65, "no such file")
    try await refuses(server, ["list-mismatched", "--from", server.folder], code: 65, "not a plain file")
    try await refuses(server, ["list-mismatched"], code: 69, "use --from FILE")
  }

  /// Fields of no content: as many as bytes. The program must not hold more for each than the byte itself.
  @Test func listsOfCommasTakeLittleMemory() async throws {
    let server = try FileServer()
    let size = 40 << 20
    func read(_ row: [UInt8]) async throws -> Program.End {
      let head = Array("Computer,IP Address\nWS-001,10.0.0.1\n".utf8)
      var bytes = head
      bytes.reserveCapacity(size + row.count)
      while bytes.count < size { bytes += row }
      let path = try server.file("commas.csv", bytes)
      let words = ["--state-dir", server.folder + "/a state", "list-mismatched", "--from", path, "--format", "tsv"]
      // KB of data of its own: under five times the file, and what the program takes without one: 18 threads' stacks, too.
      let limited = "ulimit -d \(5 * size / 1_024 + 40_000 + 18 * 8_192) && exec \"$@\""
      return try await Program("/bin/bash", ["-c", limited, "bash", Program.apexsh] + words, in: server.folder).end()
    }
    let commas = [UInt8](repeating: 0x2C, count: 5_000)
    for row in [commas + [0x0A], Array("x".utf8) + commas + [0x0A], Array("WS-002".utf8) + commas] {
      let end = try await read(row)
      #expect(end.code == 0 && end.lines.first?.hasPrefix("WS-001\t") == true, "\(end.errors.prefix(600))")
    }
  }

  @Test func anEmptyListDoesNotTakeTheNewestsPlace() async throws {
    let server = try FileServer()
    let empty = try server.file("empty list.csv", "")
    // Where there is nothing to lose it is what the contract says: 0 agents, said loudly.
    let first = try await server.apexsh(["list-mismatched", "--from", empty])
    #expect(first.code == 0 && first.output.isEmpty && first.errors.contains("0 agents, which proves nothing"))
    try await server.list()
    for text in ["", "\r\n", "Computer Name,IP Address\r\n", "Computer Name,IP\n-e,1\n$(id),2\n"] {
      try server.file("empty list.csv", text)
      let before = try await server.known()
      let shown = try await server.apexsh(["list-mismatched", "--from", empty])
      #expect(shown.code == 0 && shown.output.isEmpty, "\(shown)")
      #expect(shown.errors.contains("was NOT taken") && shown.errors.contains("of 3 agents, stays the newest"))
      #expect(try await server.known() == before)
      try await refuses(server, ["list-mismatched", "WS-001", "--from", empty], code: 65, "nothing to select")
    }
    let kept = try await server.apexsh(["list-mismatched", "--from", empty, "--keep-empty"])
    #expect(kept.code == 0, "\(kept)")
    #expect(try await server.apexsh(["list", "agents", "@mismatched"]).errors.contains("@mismatched holds no agents"))
  }

  @Test func namesThatCouldDoSomething() async throws {
    let server = try FileServer()
    let names = ["-e", "WS 1", "WS&1", "$(reboot)", "`id`", "a\u{1B}[2Jb", "a;b", "..", "a/b", "\u{202E}WS"]
    let rows = names.map { "\"\($0)\",10.0.0.1\n" }.joined()
    let path = try server.file("odd names.csv", "Computer Name,IP Address\nWS-001,10.0.0.9\n" + rows)
    let end = try await server.apexsh(["list-mismatched", "--from", path, "--format", "tsv"])
    #expect(end.code == 0 && end.lines.count == 1 && end.lines[0].hasPrefix("WS-001\t"), "\(end)")
    #expect(end.errors.contains("10 rows without a usable host name"))
    for name in ["-e", "WS 1", "WS&1", "$(reboot)", "`id`", #"a\u{1B}[2Jb"#, #"\u{202E}WS"#] {
      #expect(end.errors.contains("rejected: ") && end.errors.contains(name), "\(name): \(end.errors)")
    }
    #expect(!end.errors.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    for name in ["WS 1", "$(reboot)", "`id`", "a/b", "a\u{1B}b"] {
      let refused = try await server.apexsh(["transfer", name, "--unlisted"] + transfer)
      #expect(refused.code == 64 || refused.code == 65, "\(name): \(refused)")
      #expect(refused.output.isEmpty && !refused.errors.contains("\u{1B}"))
    }
  }

  @Test func selectionsThatNameNothing() async throws {
    let server = try FileServer()
    try await server.list()
    for verb in [["transfer"], ["show", "agent"], ["list", "agents"], ["check", "agent"]] {
      let more = verb == ["transfer"] ? transfer : []
      try await refuses(server, verb + ["WS-0O3"] + more, code: 65, "did you mean WS-003?")
    }
    try await refuses(server, ["transfer", "XX-*"] + transfer, code: 65, "XX-*: no such agent among the 3 listed")
    try await refuses(server, ["transfer", "10.99.0.0/16"] + transfer, code: 65, "10.99.0.0/16")
    let nobody = try await server.apexsh(["transfer", "@mismatched!all"] + transfer)
    #expect(nobody.code == 0 && nobody.errors.contains("the selection holds no agents: nothing to do"), "\(nobody)")
    try await refuses(server, ["transfer", "WS-[3-1]"] + transfer, code: 64, "it runs backwards")
  }

  @Test func filesWhoseNamesHoldBlanksAndSigns() async throws {
    let server = try FileServer()
    try await server.list()
    let names = try server.file("some & names $(x).txt", "WS-001\nWS-003\n")
    let certificate = try server.file("own & certificate.dat", server.fleet.serverCertificate)
    let ways = [
      ["list", "agents", "@file:'\(names)'", "--format", "tsv"],
      ["-c", "list agents \"@file:'\(names.replacingOccurrences(of: "$", with: "\\$"))'\" --format tsv"],
    ]
    let direct = try await server.apexsh(ways[0])
    #expect(direct.lines.map { $0.prefix(6) } == ["WS-001", "WS-003"], "\(direct)")
    let plan = try await server.apexsh(
      ["transfer", "all", "--no-unload-password", "--dry-run", "--format", "json"],
      settings: ["certificate=\(certificate)"])
    #expect(plan.code == 0 && plan.lines.last?.contains(#""planned":3,"refused":0"#) == true, "\(plan)")
  }
}

extension Program.End {
  func lines(of stream: KeyPath<Program.End, String>) -> [Substring] { self[keyPath: stream].split(separator: "\n") }
}
