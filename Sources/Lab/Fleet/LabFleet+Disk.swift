package import Remote

extension LabFleet {
  /// Opens the lab that a folder holds, whatever it was made of: on `clock`, or where that is nil on the wall clock at
  /// the lab's speed, which processes that share it have in common.
  ///
  /// `makesServer`: false where most likely nobody asks for it.
  package static func open(
    _ directory: String, clock: (any Timekeeper)? = nil, makesServer: Bool = true
  ) throws(LabError) -> LabFleet {
    guard let recipe = try LabDirectory.recipe(in: directory) else {
      throw LabError("\(directory): holds no lab; make one with --lab-dir first")
    }
    guard let faults = FaultRecipe(named: recipe.faults) else {
      throw LabError(
        "\(directory): was made with faults \(recipe.faults), which this version does not know")
    }
    return try LabFleet(
      agents: recipe.agents, seed: recipe.seed, faults: faults, directory: directory,
      clock: clock ?? ScaledClock(origin: recipe.made, speed: recipe.speed), makesServer: makesServer)
  }

  /// Makes a lab on disk with every machine's folders and files, for SSH servers to serve. `speed`: seconds of the lab
  /// for each real one, so that a tool of 15 s takes a moment.
  package static func prepareDirectory(
    _ directory: String, agents: Int, seed: UInt64 = 1, faults: FaultRecipe = .none,
    speed: Double = 1
  ) throws(LabError) {
    _ = try LabDirectory(directory, agents: agents, seed: seed, faults: faults, speed: speed)
    let fleet = try LabFleet.open(directory)
    for index in 0..<agents { try fleet.machine(index).move() }
  }

  /// The machine of an agent or of the server, on disk in whole, for programs that know nothing of a lab.
  func wholeMachine(named name: String) throws(LabError) -> SimulatedWindows {
    if [LabServerSettings.shortName, LabServerSettings.name].contains(name.lowercased()) {
      return try serverMachine()
    }
    guard let index = index(of: name) else {
      throw LabError(
        "\(name): no agent of this lab, which has \(count), and not its server (\(LabServerSettings.shortName))"
      )
    }
    let machine = try machine(index)
    try machine.move()
    return machine
  }
}
