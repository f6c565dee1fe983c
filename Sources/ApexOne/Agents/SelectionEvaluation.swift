extension Selection {
  /// Finds the agents it stands for.
  ///
  /// Names outside the roster take places behind its agents, so that the same algebra holds for them.
  package func evaluate(in universe: some SelectionUniverse) throws(SelectionError) -> SelectionResult {
    var evaluation = SelectionEvaluation(universe)
    return try evaluation.run(self)
  }
}

/// One evaluation: two passes, since the number of places must be known before sets of places are made.
private struct SelectionEvaluation<Universe: SelectionUniverse> {
  private let universe: Universe
  private let roster: AgentRoster
  private var names: SelectionNames
  private var result = SelectionResult()
  private var total = SelectionTotal()
  private var namesOfSets: [SelectionSet: [AgentName]] = [:]
  private var placesOfSets: [SelectionSet: [Int]] = [:]
  /// Made when first asked for.
  private var addresses: AddressIndex?
  /// The operand that is being read goes by addresses.
  private var asksAddresses = false
  /// Some operand leaves agents out by their addresses.
  private var excludesAddresses = false
  private var domains: [String: [Int]]?
  /// What is known of agents that the list holds no more, by their places.
  private var beyond: [Int: Agent] = [:]
  /// What the exclusion that is being read found missing; nil where none is.
  private var exclusion: SelectionExclusion?

  /// What an operand stands for.
  private struct Found {
    /// Nil for `@first`, which depends on what stands left of it.
    var places: [Int]?
    var exclusion: SelectionExclusion?
    /// It goes by addresses.
    var asksAddresses: Bool
  }

  init(_ universe: Universe) {
    self.universe = universe
    roster = universe.roster
    names = SelectionNames(universe.roster)
  }

  mutating func run(_ selection: Selection) throws(SelectionError) -> SelectionResult {
    // What only runs know takes its places first: patterns match that too.
    for agent in universe.knownBeyondRoster { beyond[names.known(agent.name)] = agent }
    for operand in selection.operands {
      guard case .set(let set) = operand.kind, case .outcome = set else { continue }
      for name in try members(of: set, operand) { _ = names.known(name) }
    }
    // What each operand stands for, from left to right.
    var found: [Found] = []
    for (operand, isExclusion) in selection.roles {
      if isExclusion, SelectionEvaluation.isNamed(operand.kind) {
        var isFile = false
        if case .file = operand.kind { isFile = true }
        exclusion = SelectionExclusion(text: operand.text, isFile: isFile, count: 0)
      }
      asksAddresses = false
      let places = try places(of: operand)
      try total.hold(places?.count ?? 0, column: operand.column)
      if isExclusion, asksAddresses { try checkThatListHasAddresses(operand) }
      found.append(Found(places: places, exclusion: exclusion, asksAddresses: asksAddresses))
      exclusion = nil
    }
    let whole = try combine(selection, found)
    collect(whole)
    tellWithoutAddress(whole)
    return result
  }

  /// The algebra over what each operand stands for.
  private mutating func combine(
    _ selection: Selection, _ found: [Found]
  ) throws(SelectionError) -> PlaceSet {
    let size = names.count
    var whole = PlaceSet(size: size)
    // Whose address can't be read may be in any network: who leaves out one wants no hand on it.
    let unread = PlaceSet(addresses?.unread ?? [], size: size)
    var leftOut = PlaceSet(size: size)
    var next = found.makeIterator()
    func set(_ operand: Selection.Operand, _ places: [Int]?, leftOf left: PlaceSet) -> PlaceSet {
      if case .first(let count) = operand.kind { return left.first(count) }
      if case .all = operand.kind { return PlaceSet.all(roster.agents.count, of: size) }
      var set = PlaceSet(size: size)
      for place in places ?? [] { set.insert(place) }
      return set
    }
    for term in selection.terms {
      let found = next.next()
      let first = found?.places
      // Most terms of a long list are plain names: no set of their own.
      if term.rest.isEmpty, case .name = term.first.kind {
        for place in first ?? [] { whole.insert(place) }
        continue
      }
      try total.spend(size / 64 + 1, column: term.first.column)
      var left = set(term.first, first, leftOf: .all(roster.agents.count, of: size))
      if found?.asksAddresses == true { leftOut.formUnion(unread) }
      for step in term.rest {
        try total.spend(size / 64 + 1, column: step.operand.column)
        guard let found = next.next() else { break }
        try checkThatListTells(step.operand, found.asksAddresses, of: left)
        let right = set(step.operand, found.places, leftOf: left)
        let before = found.exclusion == nil ? 0 : left.count
        var unreadOfLeft = left
        if step.operator == .narrow { left.formIntersection(right) } else { left.subtract(right) }
        if found.asksAddresses {
          unreadOfLeft.formIntersection(unread)
          unreadOfLeft.subtract(right)
          leftOut.formUnion(unreadOfLeft)
          left.subtract(unreadOfLeft)
        }
        if var exclusion = found.exclusion {
          exclusion.count = before - left.count
          result.exclusions.append(exclusion)
        }
      }
      whole.formUnion(left)
    }
    leftOut.subtract(whole)
    result.unreadAddresses = leftOut.places().map { roster.agents[$0].name }
    return whole
  }

  private mutating func collect(_ whole: PlaceSet) {
    for place in whole.places() {
      if place < roster.agents.count {
        result.agents.append(roster.agents[place])
      } else if names.isKnown(place) {
        result.agents.append(beyond[place] ?? Agent(name: names.unlisted(place)))
        result.fromRuns.append(names.unlisted(place))
      } else {
        result.unlisted.append(names.unlisted(place))
      }
    }
  }

  /// It says which agents by what they are called or where they are, not by a set that is there already.
  private static func isNamed(_ kind: Selection.Operand.Kind) -> Bool {
    switch kind {
    case .name, .pattern, .network, .file: true
    case .all, .set, .domain, .first: false
    }
  }

  private mutating func places(of operand: Selection.Operand) throws(SelectionError) -> [Int]? {
    switch operand.kind {
    case .first, .all: return nil
    case .name(let name): return places(of: name, typed: operand.text)
    case .pattern(let pattern): return try places(of: pattern, operand)
    case .network(let network): return try places(in: network, operand)
    case .file(let path): return try places(ofFile: path, operand)
    case .set(let set):
      if let places = placesOfSets[set] { return noteIfEmpty(places, operand.text) }
      let members = try members(of: set, operand)
      let isList = set == .mismatched
      let places = isList ? members.compactMap { roster.place(of: $0) } : members.map { names.known($0) }
      placesOfSets[set] = places
      return noteIfEmpty(places, operand.text)
    case .domain(let domain): return noteIfEmpty(try places(ofDomain: domain, operand), operand.text)
    }
  }

  /// Who is to be left out is, where any address between the ends of its range is in the network; who is to be touched
  /// has an address there that is written.
  private mutating func places(
    in network: NetworkRange, _ operand: Selection.Operand
  ) throws(SelectionError) -> [Int] {
    asksAddresses = true
    let index = addresses ?? AddressIndex(roster.agents, beyond: beyond)
    addresses = index
    try total.spend(20 * network.spans.count, column: operand.column)
    let found = index.places(in: network, countingBetween: exclusion != nil)
    if found.isEmpty { noteUnmatched(operand.text) }
    return found
  }

  private mutating func places(ofDomain domain: String, _ operand: Selection.Operand) throws(SelectionError) -> [Int] {
    if domains == nil {
      var found: [String: [Int]] = [:]
      for (place, agent) in roster.agents.enumerated() {
        if let domain = agent.domain { found[AgentName.key(of: domain), default: []].append(place) }
      }
      domains = found
    }
    let folded = AgentName.key(of: domain)
    let wanted = folded.hasSuffix("\\") ? String(folded.dropLast()) : folded
    let inner = wanted + "\\"
    try total.spend(domains?.count ?? 0, column: operand.column)
    return (domains ?? [:]).filter { $0.key == wanted || $0.key.hasPrefix(inner) }.flatMap(\.value)
  }

  /// Asked of the universe once: a run's are read from disk.
  private mutating func members(
    of set: SelectionSet, _ operand: Selection.Operand
  ) throws(SelectionError) -> [AgentName] {
    if let names = namesOfSets[set] { return names }
    do {
      let names = try universe.names(in: set)
      namesOfSets[set] = names
      return names
    } catch {
      throw SelectionError(.unavailable(error.description), column: operand.column)
    }
  }

  /// Throws where an operand goes by what only the list says, and an agent is in no list any more: whoever leaves out a
  /// network must not get an agent of it.
  private func checkThatListTells(
    _ operand: Selection.Operand, _ asksAddresses: Bool, of left: PlaceSet
  ) throws(SelectionError) {
    if case .domain = operand.kind {} else if !asksAddresses { return }
    guard names.holdsKnown else { return }
    let what = asksAddresses ? "address" : "domain"
    let unknown = left.places().filter { place in
      names.isKnown(place) && !(asksAddresses && beyond[place].map(AddressIndex.holds) ?? false)
    }
    guard let name = unknown.first.map({ names.unlisted($0).text }) else { return }
    let more = unknown.count > 1 ? " and \(unknown.count - 1) more" : ""
    throw SelectionError(
      .unavailable(
        "\(name)\(more): in no list any more, so the \(what) isn't known; name agents or patterns in place of \(operand.text)"
      ), column: operand.column)
  }

  /// Throws where a network is to be left out of a list without addresses.
  private mutating func checkThatListHasAddresses(_ operand: Selection.Operand) throws(SelectionError) {
    excludesAddresses = true
    guard let addresses, addresses.isEmpty, !roster.agents.isEmpty else { return }
    throw SelectionError(
      .unavailable(
        "no agent of the list has an address, so !\(operand.text) can leave nobody out by one; name agents or patterns"),
      column: operand.column)
  }

  /// Who has no address stays where addresses are left out.
  private mutating func tellWithoutAddress(_ whole: PlaceSet) {
    guard let addresses, excludesAddresses else { return }
    result.withoutAddress = addresses.without.filter { whole.contains($0) }.map { roster.agents[$0].name }
  }

  private mutating func noteIfEmpty(_ places: [Int], _ text: String) -> [Int] {
    if places.isEmpty { result.emptySets.append(text) }
    return places
  }

  /// What matches nothing: an error, and in an exclusion a note.
  private mutating func noteUnmatched(_ text: String) {
    if exclusion == nil { result.unmatchedPatterns.append(text) } else { exclusion?.absent.append(text) }
  }

  private mutating func places(of name: AgentName, typed: String) -> [Int] {
    guard exclusion != nil else {
      let (place, isNew) = names.typed(name)
      if isNew { result.unknownNames.append(typed) }
      return [place]
    }
    if let place = names.place(of: name) { return [place] }
    // Whoever keeps full names in a list means the machines that the server lists by their short ones.
    let near = names.placesByFirstLabel(of: name)
    if near.isEmpty { exclusion?.absent.append(typed) } else { exclusion?.byFirstLabel.append(typed) }
    return near
  }

  private mutating func places(of pattern: NamePattern, _ operand: Selection.Operand) throws(SelectionError) -> [Int] {
    let words = pattern.expanded
    guard pattern.hasWildcard else {
      return words.flatMap { word in AgentName(word).map { places(of: $0, typed: word) } ?? [] }
    }
    var found: [Int] = []
    for word in words {
      try total.spend(names.count, column: operand.column)
      let matches = names.places(matching: Wildcard(word))
      if matches.isEmpty { noteUnmatched(word) }
      found += matches
    }
    return found
  }

  private mutating func places(ofFile path: String, _ operand: Selection.Operand) throws(SelectionError) -> [Int] {
    let lines: [String]
    do {
      lines = try universe.lines(ofFile: path)
    } catch {
      throw SelectionError(.unavailable(error.description), column: operand.column)
    }
    let file = try SelectionFile(lines, path: path, column: operand.column)
    if exclusion != nil { try Selection.checkHoldsNames(file, path, operand) }
    var found: [Int] = []
    for inner in file.operands {
      try total.add(inner.kind, column: operand.column)
      found += try places(of: inner) ?? []
    }
    return exclusion == nil ? noteIfEmpty(found, operand.text) : found
  }
}
