import Remote

/// The endpoints that took a password, and how many machines they are: those that share a mark are one.
struct PasswordTakers {
  /// By endpoint: its name among them.
  private var marks: [String: Set<String>] = [:]
  /// The mark that stands for those of one machine, found by way of others.
  private var leaders: [String: String] = [:]
  private(set) var machines = 0

  func contains(_ endpoint: String) -> Bool { marks[endpoint] != nil }

  mutating func insert(_ endpoint: String, _ machine: MachineMarks) {
    let own = machine.texts.union(["at \(endpoint)"]).union(marks[endpoint] ?? [])
    marks[endpoint] = own
    join(own)
  }

  mutating func remove(_ endpoint: String) {
    guard marks.removeValue(forKey: endpoint) != nil else { return }
    (leaders, machines) = ([:], 0)
    for own in marks.values { join(own) }
  }

  private mutating func join(_ own: Set<String>) {
    let known = Set(own.compactMap { leaders[$0] == nil ? nil : leader(of: $0) })
    guard let first = known.first ?? own.first else { return }
    machines += 1 - known.count
    for mark in own.union(known) { leaders[mark] = first }
  }

  private mutating func leader(of mark: String) -> String {
    var last = mark
    while let next = leaders[last], next != last { last = next }
    leaders[mark] = last
    return last
  }
}
