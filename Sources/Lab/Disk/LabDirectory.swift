import Foundation

/// A lab on disk: `lab.json` says what was made, `changes` what was done at the agents' machines. `agents/NAME` holds
/// the machines that are on disk in whole: the server's, and those that an SSH server serves or an older version made.
struct LabDirectory: Sendable {
  /// What a lab was made of; a folder serves one such lab only.
  struct Recipe: Codable, Equatable {
    var agents: Int
    var seed: UInt64
    var faults: String
    /// When it was made, seconds since 1970.
    var made: Double
    /// Seconds of the lab for each real one, where processes work on it in real time.
    var speed: Double
  }

  private let path: String
  private let logs: MachineLogs

  init(_ path: String, agents: Int, seed: UInt64, faults: FaultRecipe, speed: Double = 1)
    throws(LabError)
  {
    self.path = path
    logs = try LabDirectory.prepare(path, agents: agents, seed: seed, faults: faults, speed: speed)
  }

  private static func prepare(
    _ path: String, agents: Int, seed: UInt64, faults: FaultRecipe, speed: Double
  ) throws(LabError) -> MachineLogs {
    let recipe = Recipe(
      agents: agents, seed: seed, faults: faults.name, made: Date().timeIntervalSince1970,
      speed: speed)
    if let found = try LabDirectory.recipe(in: path) {
      guard found.agents == agents, found.seed == seed, found.faults == faults.name else {
        throw LabError(
          "\(path): holds a lab of \(found.agents) agents, seed \(found.seed), faults \(found.faults); "
            + "open it with these, or name another folder")
      }
    } else {
      try make(recipe, in: path)
    }
    guard let logs = MachineLogs(path) else {
      throw LabError("\(path): the lab could not be kept there: \(RealFile.text(errno))")
    }
    return logs
  }

  private static func make(_ recipe: Recipe, in path: String) throws(LabError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw LabError("\(path): is a file, not a folder; name another folder")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path + "/agents", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try JSONEncoder().encode(recipe).write(
        to: URL(fileURLWithPath: path + "/lab.json"), options: .atomic)
    } catch {
      throw LabError("\(path): the lab could not be kept there: \(error.localizedDescription)")
    }
  }

  /// What lab a folder holds; nil when it holds none.
  static func recipe(in path: String) throws(LabError) -> Recipe? {
    guard let bytes = RealFile.read(path + "/lab.json") else { return nil }
    do {
      return try JSONDecoder().decode(Recipe.self, from: Data(bytes))
    } catch {
      throw LabError("\(path)/lab.json: is no lab's description; name another folder")
    }
  }

  func folder(of name: String) -> String { path + "/agents/" + name }

  func hasMachine(_ name: String) -> Bool {
    logs.log(of: name).knows(name).isNamed || MachineFolder.isThere(folder(of: name))
  }

  /// A machine as the lab's seed has it and as its log goes on, or as it is on disk in whole.
  func machine(
    _ identity: SimulatedWindows.Identity, _ state: MachineState, _ base: @autoclosure () -> BaseTree
  ) throws(LabError) -> SimulatedWindows {
    let folder = folder(of: identity.name)
    // A folder of which the log doesn't say so belongs to a machine whose move was cut short.
    let known = logs.log(of: identity.name).knows(identity.name)
    if MachineFolder.isThere(folder), known.isMoved || !known.isNamed {
      return SimulatedWindows(identity, state: state, folder: try wholeMachine(identity.name, state, base()))
    }
    return SimulatedWindows(
      identity, state: state, base: base(),
      place: KeptMachine.Place(logs, name: identity.name, first: state, folder: folder))
  }

  /// A machine that is on disk in whole from the start.
  func wholeMachine(
    _ name: String, _ state: MachineState, _ base: @autoclosure () -> BaseTree
  ) throws(LabError) -> MachineFolder {
    try MachineFolder(folder(of: name), state) { MemoryFiles(base: base()) }
  }
}
