import Foundation

/// A lab on disk: `lab.json` says what was made, `agents/NAME` holds each machine that was touched, the server's too.
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

  init(_ path: String, agents: Int, seed: UInt64, faults: FaultRecipe, speed: Double = 1)
    throws(LabError)
  {
    self.path = path
    let recipe = Recipe(
      agents: agents, seed: seed, faults: faults.name, made: Date().timeIntervalSince1970,
      speed: speed)
    if let found = try LabDirectory.recipe(in: path) {
      guard found.agents == agents, found.seed == seed, found.faults == faults.name else {
        throw LabError(
          "\(path): holds a lab of \(found.agents) agents, seed \(found.seed), faults \(found.faults); "
            + "open it with these, or name another folder")
      }
      return
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
    guard let data = FileManager.default.contents(atPath: path + "/lab.json") else { return nil }
    do {
      return try JSONDecoder().decode(Recipe.self, from: data)
    } catch {
      throw LabError("\(path)/lab.json: is no lab's description; name another folder")
    }
  }

  func folder(of name: String) -> String { path + "/agents/" + name }

  func hasMachine(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder(of: name) + "/state.json")
  }

  /// `base` is asked where the machine is not there yet.
  func machine(_ name: String, _ state: MachineState, _ base: () -> BaseTree) throws(LabError) -> MachineFolder {
    try MachineFolder(folder(of: name), state, base)
  }
}
