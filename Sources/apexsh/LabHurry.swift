import Commands
import Foundation
import InputText
import Lab
import Remote

/// `apexsh lab-hurry SPEED ARGUMENTS…`: the same program with a clock that runs so many times as fast, so that a proof's
/// waits are no waits. It stands in no help: scripts/bench-repair measures with it what a repair costs beside them.
///
/// It proves nothing that lasts, so it works only where every host is on the loopback: with a config folder whose
/// ssh_config, as scripts/lab-sshd makes it, leads nowhere else.
struct LabHurry: Sendable {
  static let word = "lab-hurry"

  /// What runs are timed by.
  let clock: any Timekeeper
  /// Without the two words.
  let arguments: [String]

  /// Nil where the arguments lead to another door.
  init?(_ arguments: [String]) throws(CommandError) {
    guard arguments.first == Self.word else { return nil }
    guard arguments.count > 1, let speed = Double(arguments[1]), speed >= 1, speed <= 100_000 else {
      throw CommandError(.misuse, "lab-hurry needs a speed from 1 to 100000")
    }
    self.arguments = Array(arguments.dropFirst(2))
    guard let place = self.arguments.firstIndex(of: "--config-dir"), self.arguments.count > place + 1,
      Self.leadsToLoopbackOnly(self.arguments[place + 1] + "/ssh_config")
    else {
      throw CommandError(.refused, "lab-hurry works with the --config-dir of scripts/lab-sshd only: its hosts are here")
    }
    clock = LabFleet.hurriedClock(speed: speed)
  }

  private static func leadsToLoopbackOnly(_ path: String) -> Bool {
    guard let bytes = FileManager.default.contents(atPath: path), let text = try? FileText.decode(Array(bytes)) else {
      return false
    }
    var hosts = 0
    for line in Lines.of(text) {
      let words = line.split { $0.isWhitespace || $0 == "=" }.map { $0.lowercased() }
      if words.first == "hostname" {
        guard words == ["hostname", "127.0.0.1"] else { return false }
        hosts += 1
      }
      // What could lead elsewhere.
      if let key = words.first, ["include", "match", "proxycommand", "proxyjump"].contains(key) { return false }
    }
    return hosts > 0 && text.contains("Host *.contoso.local\n  HostName 127.0.0.1")
  }
}
