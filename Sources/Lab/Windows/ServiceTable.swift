/// The services of one machine. What is asked for now and happens later (a start that is pending) is kept with its time
/// and takes effect when somebody looks.
struct ServiceTable: Sendable, Codable, Equatable {
  enum State: UInt8, Sendable, Codable {
    case stopped = 1
    case startPending = 2
    case stopPending = 3
    case running = 4
  }

  struct Service: Sendable, Codable, Equatable {
    var name: String
    var state: State
    var pid: UInt32
    /// Answers a start with error 1053, and stays as it is.
    var isBroken = false
  }

  private struct Change: Sendable, Codable, Equatable {
    var at: Double
    var service: String
    var state: State
  }

  private(set) var services: [Service] = []
  private var changes: [Change] = []
  private var nextPid: UInt32

  init(names: [String], firstPid: UInt32) {
    nextPid = firstPid
    for name in names { services.append(Service(name: name, state: .running, pid: takePid())) }
  }

  subscript(name: String) -> Service? {
    services.first { $0.name.isSame(as: name) }
  }

  /// Lets everything happen that is due.
  mutating func catchUp(_ date: Double) {
    while let next = changes.first, next.at <= date {
      changes.removeFirst()
      set(next.service, next.state)
    }
  }

  mutating func set(_ name: String, _ state: State) {
    guard let place = services.firstIndex(where: { $0.name == name }) else { return }
    if state == .startPending || state == .running, services[place].pid == 0 {
      services[place].pid = takePid()
    }
    if state == .stopped { services[place].pid = 0 }
    services[place].state = state
  }

  /// The service goes down: pending now, stopped at `date`.
  mutating func stop(_ name: String, by date: Double) {
    move(name, through: .stopPending, to: .stopped, by: date)
  }

  /// The service comes up: pending now, running at `date`. A broken one does not.
  mutating func start(_ name: String, by date: Double) {
    guard self[name]?.isBroken == false else { return }
    move(name, through: .startPending, to: .running, by: date)
  }

  private mutating func move(
    _ name: String, through passing: State, to state: State, by date: Double
  ) {
    guard let current = self[name]?.state, current != state, current != passing else { return }
    changes.removeAll { $0.service == name }
    set(name, passing)
    let place = changes.firstIndex { $0.at > date } ?? changes.count
    changes.insert(Change(at: date, service: name, state: state), at: place)
  }

  mutating func setBroken(_ isBroken: Bool) {
    for place in services.indices { services[place].isBroken = isBroken }
  }

  /// After a boot: everything that can start starts, each with another process id.
  mutating func boot(by date: Double) {
    changes = []
    for service in services { set(service.name, .stopped) }
    for (place, service) in services.enumerated() where !service.isBroken {
      changes.append(Change(at: date + Double(place), service: service.name, state: .running))
    }
  }

  mutating func remove() {
    services = []
    changes = []
  }

  /// Adds those that are not there yet, stopped.
  mutating func install(_ names: [String]) {
    for name in names where self[name] == nil {
      services.append(Service(name: name, state: .stopped, pid: 0))
    }
  }

  private mutating func takePid() -> UInt32 {
    defer { nextPid = nextPid > 60_000 ? 1_000 : nextPid + 4 * (1 + nextPid / 4 % 61) }
    return nextPid
  }
}
