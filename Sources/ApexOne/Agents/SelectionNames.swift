/// The places of a selection's names: those of the roster's agents, and behind them those of names outside it, so that
/// one algebra holds for all.
struct SelectionNames {
  private let roster: AgentRoster
  private var unlisted: [AgentName] = []
  private var unlistedPlaces: [String: Int] = [:]
  /// Of names outside the roster: places of those that were typed, and of those that a run knew.
  private var typedPlaces: Set<Int> = []
  private var knownPlaces: Set<Int> = []
  /// Places of full names by their first part, in lower case; made when first asked for.
  private var fullNames: [String: [Int]]?

  init(_ roster: AgentRoster) { self.roster = roster }

  /// Places given out so far.
  var count: Int { roster.agents.count + unlisted.count }

  /// Some name outside the roster is known from a run.
  var holdsKnown: Bool { !knownPlaces.isEmpty }

  /// The place is outside the roster, and a run knew its name.
  func isKnown(_ place: Int) -> Bool { place >= roster.agents.count && knownPlaces.contains(place) }

  /// The name of a place outside the roster.
  func unlisted(_ place: Int) -> AgentName { unlisted[place - roster.agents.count] }

  /// The place of a name that somebody wrote, and whether it is the first that is heard of it.
  mutating func typed(_ name: AgentName) -> (place: Int, isNew: Bool) {
    let place = add(name)
    let isNew = place >= roster.agents.count && !knownPlaces.contains(place) && typedPlaces.insert(place).inserted
    return (place, isNew)
  }

  /// The place of a name that a run knew.
  mutating func known(_ name: AgentName) -> Int {
    let place = add(name)
    if place >= roster.agents.count { knownPlaces.insert(place) }
    return place
  }

  /// Nil for a name that has none yet.
  func place(of name: AgentName) -> Int? { roster.place(of: name) ?? unlistedPlaces[name.key] }

  /// The agents that may be the same machine: for a full name that of its first part, for a short one the full names
  /// that begin with it.
  mutating func placesByFirstLabel(of name: AgentName) -> [Int] {
    if let dot = name.key.firstIndex(of: ".") {
      return AgentName(String(name.key[..<dot])).flatMap { place(of: $0) }.map { [$0] } ?? []
    }
    if fullNames == nil {
      var found: [String: [Int]] = [:]
      for place in Array(roster.agents.indices) + knownPlaces.sorted() {
        let key = place < roster.agents.count ? roster.agents[place].name.key : unlisted(place).key
        if let dot = key.firstIndex(of: ".") { found[String(key[..<dot]), default: []].append(place) }
      }
      fullNames = found
    }
    return fullNames?[name.key] ?? []
  }

  /// Of agents, and of names that runs knew.
  func places(matching wildcard: Wildcard) -> [Int] {
    roster.agents.indices.filter { wildcard.matches(roster.agents[$0].name) }
      + knownPlaces.filter { wildcard.matches(unlisted($0)) }
  }

  private mutating func add(_ name: AgentName) -> Int {
    if let place = place(of: name) { return place }
    let place = roster.agents.count + unlisted.count
    unlistedPlaces[name.key] = place
    unlisted.append(name)
    return place
  }
}
