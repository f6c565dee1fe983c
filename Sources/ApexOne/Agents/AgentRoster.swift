/// The agents that a selection can name, in list order, with their places by name. Made once, shared.
package final class AgentRoster: Sendable {
  /// In list order, one a name.
  package let agents: [Agent]
  private let places: NamePlaces

  /// Further agents of a name that is already there are left out.
  package init(_ agents: [Agent]) {
    var places = NamePlaces(capacity: agents.count)
    var kept: [Agent] = []
    kept.reserveCapacity(agents.count)
    for agent in agents where places.append(agent.name, to: kept) == nil { kept.append(agent) }
    self.agents = kept
    self.places = places
  }

  /// Agents whose places are known already.
  init(_ agents: [Agent], places: NamePlaces) {
    self.agents = agents
    self.places = places
  }

  package func place(of name: AgentName) -> Int? { places.place(of: name, among: agents) }

  package func agent(named name: AgentName) -> Agent? { place(of: name).map { agents[$0] } }
}

/// A set of places in list order, one bit each.
struct PlaceSet: Sendable, Equatable {
  private var words: [UInt64]
  private let size: Int

  init(size: Int) {
    self.size = size
    words = [UInt64](repeating: 0, count: (size + 63) / 64)
  }

  init(_ places: [Int], size: Int) {
    self.init(size: size)
    for place in places { insert(place) }
  }

  static func all(_ count: Int, of size: Int) -> PlaceSet {
    var set = PlaceSet(size: size)
    for word in 0..<(count / 64) { set.words[word] = ~0 }
    if count % 64 > 0 { set.words[count / 64] = (1 << UInt64(count % 64)) - 1 }
    return set
  }

  mutating func insert(_ place: Int) { words[place / 64] |= 1 << UInt64(place % 64) }

  mutating func formUnion(_ other: PlaceSet) { for index in words.indices { words[index] |= other.words[index] } }
  mutating func formIntersection(_ other: PlaceSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }
  mutating func subtract(_ other: PlaceSet) { for index in words.indices { words[index] &= ~other.words[index] } }

  func contains(_ place: Int) -> Bool { words[place / 64] & 1 << UInt64(place % 64) != 0 }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The first `limit` places, in order.
  func places(limit: Int = .max) -> [Int] {
    var found: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        guard found.count < limit else { return found }
        found.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return found
  }

  func first(_ limit: Int) -> PlaceSet {
    var set = PlaceSet(size: size)
    for place in places(limit: limit) { set.insert(place) }
    return set
  }
}
