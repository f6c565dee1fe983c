/// The agents of a roster by address, so that each network of a long list is found in time logarithmic in the roster.
///
/// A tree of intervals in an array: the middle of a part is its root, and knows the highest address of the part.
struct AddressIndex {
  private let entries: [(span: AddressSpan, place: Int)]
  private var highest: [NetworkAddress] = []
  /// Places of agents in whose field something may be an address that could not be read.
  private(set) var unread: [Int] = []
  /// Places of agents that have none.
  private(set) var without: [Int] = []

  /// No agent has one.
  var isEmpty: Bool { entries.isEmpty && unread.isEmpty }

  /// - Parameter beyond: what is known of agents that are in no list any more, by their places.
  init(_ agents: [Agent], beyond: [Int: Agent] = [:]) {
    var entries: [(span: AddressSpan, place: Int)] = []
    for (place, agent) in agents.enumerated() {
      let scan = agent.address.map { AddressScan($0) }
      if let scan, scan.hasUnread { unread.append(place) }
      guard let spans = scan?.spans, !spans.isEmpty else {
        if scan?.hasUnread != true { without.append(place) }
        continue
      }
      for span in spans { entries.append((span, place)) }
    }
    for (place, agent) in beyond {
      for span in agent.address.map({ AddressScan($0).spans }) ?? [] { entries.append((span, place)) }
    }
    self.entries = entries.sorted { $0.span.first < $1.span.first }
    highest = self.entries.map(\.span.last)
    raise(0, entries.count)
  }

  private mutating func raise(_ low: Int, _ high: Int) {
    guard high - low > 1 else { return }
    let middle = (low + high) / 2
    for (low, high) in [(low, middle), (middle + 1, high)] where low < high {
      raise(low, high)
      highest[middle] = max(highest[middle], highest[(low + high) / 2])
    }
  }

  /// An agent's addresses are known, each of them.
  static func holds(_ agent: Agent) -> Bool {
    let scan = AddressScan(agent.address ?? "")
    return !scan.spans.isEmpty && !scan.hasUnread
  }

  /// Places of the agents that have an address in the network; one with several there comes several times.
  /// - Parameter countingBetween: of a range that a field holds, what lies between its ends counts as well.
  func places(in network: NetworkRange, countingBetween: Bool = true) -> [Int] {
    var found: [Int] = []
    for span in network.spans { collect(0, entries.count, span, countingBetween, &found) }
    return found
  }

  private func collect(_ low: Int, _ high: Int, _ wanted: AddressSpan, _ countingBetween: Bool, _ found: inout [Int]) {
    let middle = (low + high) / 2
    guard low < high, highest[middle] >= wanted.first else { return }
    collect(low, middle, wanted, countingBetween, &found)
    let span = entries[middle].span
    guard span.first <= wanted.last else { return }
    let touches =
      countingBetween ? span.last >= wanted.first : wanted.contains(span.first) || wanted.contains(span.last)
    if touches { found.append(entries[middle].place) }
    collect(middle + 1, high, wanted, countingBetween, &found)
  }
}
