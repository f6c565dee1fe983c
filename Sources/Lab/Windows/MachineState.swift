/// What changes on one simulated machine, files aside. Small: there are thousands.
struct MachineState: Sendable, Codable, Equatable {
  /// What the agent's installation left in the registry; nil where no agent is installed.
  var agent: AgentRegistration?
  var services: ServiceTable
  /// When the machine goes down next, or is down, seconds since 1970; nil while none of these.
  var downFrom: Double?
  /// How long it stays down then, seconds.
  var downFor: Double = 0
  /// How often it booted: connections of an earlier boot are dead.
  var boots = 0
  private(set) var isDown = false
  /// A fault that strikes once has struck.
  var hasStruck = false
  /// When this state was last kept, seconds since 1970.
  var savedAt: Double = 0
  /// How often IpXfer was run there with arguments that it takes; nil in a lab that an older version made.
  var toolRuns: Int?
  /// How often the uninstaller took an agent off, and an installer put one there; nil likewise.
  var removals: Int?
  var installs: Int?
  /// What an uninstaller left for the next boot to remove.
  var removesAtBoot: Bool?
  /// Until when Windows Installer is busy with something else.
  var busyUntil: Double?
  /// When the certificate file was last written by a tool.
  var certificateWrittenAt: Double?

  /// Lets everything happen that is due.
  mutating func catchUp(_ date: Double) {
    if let downFrom, date >= downFrom {
      if !isDown {
        isDown = true
        boots += 1
        if removesAtBoot == true {
          services.remove()
          removesAtBoot = nil
        }
        services.boot(by: downFrom + downFor + 20)
      }
      if date >= downFrom + downFor {
        isDown = false
        self.downFrom = nil
      }
    }
    services.catchUp(date)
  }

  /// The same for a state that was kept on disk. What was pending in an earlier session, whose clock was ahead of this
  /// one's, has long happened: true when that is so, and has to be kept.
  mutating func catchUp(inSessionAt date: Double) -> Bool {
    guard savedAt > date + 1 else {
      catchUp(date)
      return false
    }
    let before = self
    catchUp(.infinity)
    return self != before
  }
}

/// The agent's values under `…\PC-cillinNTCorp\CurrentVersion`.
struct AgentRegistration: Sendable, Codable, Equatable {
  var server: String
  var httpPort: Int
  var httpsPort: Int
  var agentPort: Int
  var folder: String
  var version: String
}
