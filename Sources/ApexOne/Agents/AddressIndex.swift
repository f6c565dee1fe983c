/// The agents of a roster by address, so that each network of a long list is found by two searches.
struct AddressIndex {
  private let entries: [(address: NetworkRange.Address, place: Int)]

  init(_ agents: [(place: Int, agent: Agent)]) {
    var entries: [(address: NetworkRange.Address, place: Int)] = []
    for (place, agent) in agents {
      guard let field = agent.address else { continue }
      for address in NetworkRange.addresses(in: field) { entries.append((address, place)) }
    }
    self.entries = entries.sorted { $0.address < $1.address }
  }

  /// Some address of it is known.
  static func holds(_ agent: Agent) -> Bool { !NetworkRange.addresses(in: agent.address ?? "").isEmpty }

  /// Places of the agents that have an address in the network; one with several there comes several times.
  func places(in network: NetworkRange) -> [Int] {
    let start = bound { $0 < network.first }
    let end = bound { $0 <= network.last }
    return start < end ? entries[start..<end].map(\.place) : []
  }

  /// How many entries stand before the first that isn't `before`.
  private func bound(_ before: (NetworkRange.Address) -> Bool) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if before(entries[middle].address) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
