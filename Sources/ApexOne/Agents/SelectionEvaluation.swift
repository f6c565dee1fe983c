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
  private var result = SelectionResult()
  private var unlisted: [AgentName] = []
  private var unlistedPlaces: [String: Int] = [:]
  /// Of names outside the roster: places of those that were typed, and of those that a run knew.
  private var typedPlaces: Set<Int> = []
  private var knownPlaces: Set<Int> = []
  private var namesOfSets: [SelectionSet: [AgentName]] = [:]

  init(_ universe: Universe) {
    self.universe = universe
    roster = universe.roster
  }

  mutating func run(_ selection: Selection) throws(SelectionError) -> SelectionResult {
    // What only runs know takes its places first: patterns match that too.
    for name in universe.knownBeyondRoster { _ = known(name) }
    for operand in selection.operands {
      guard case .set(let set) = operand.kind, case .outcome = set else { continue }
      for name in try names(in: set, operand) { _ = known(name) }
    }
    // Places of each operand, from left to right; nil for `@first`, which depends on what stands left of it.
    var found: [[Int]?] = []
    for operand in selection.operands { found.append(try places(of: operand)) }
    let size = roster.agents.count + unlisted.count
    var whole = PlaceSet(size: size)
    var next = found.makeIterator()
    func set(_ operand: Selection.Operand, leftOf left: PlaceSet) -> PlaceSet {
      let places = next.next() ?? nil
      if case .first(let count) = operand.kind { return left.first(count) }
      if case .all = operand.kind { return PlaceSet.all(roster.agents.count, of: size) }
      var set = PlaceSet(size: size)
      for place in places ?? [] { set.insert(place) }
      return set
    }
    for term in selection.terms {
      // Most terms of a long list are plain names: no set of their own.
      if term.rest.isEmpty, case .name = term.first.kind {
        for place in (next.next() ?? nil) ?? [] { whole.insert(place) }
        continue
      }
      var left = set(term.first, leftOf: .all(roster.agents.count, of: size))
      for step in term.rest {
        try checkThatListTells(step.operand, of: left)
        let right = set(step.operand, leftOf: left)
        if step.operator == .narrow { left.formIntersection(right) } else { left.subtract(right) }
      }
      whole.formUnion(left)
    }
    for place in whole.places() {
      if place < roster.agents.count {
        result.agents.append(roster.agents[place])
      } else if knownPlaces.contains(place) {
        let name = unlisted[place - roster.agents.count]
        result.agents.append(Agent(name: name))
        result.fromRuns.append(name)
      } else {
        result.unlisted.append(unlisted[place - roster.agents.count])
      }
    }
    return result
  }

  private mutating func places(of operand: Selection.Operand) throws(SelectionError) -> [Int]? {
    switch operand.kind {
    case .first, .all: return nil
    case .name(let name): return [place(of: name, typed: operand.text)]
    case .pattern(let pattern): return places(of: pattern, typed: operand.text)
    case .network(let network): return places(of: network, typed: operand.text)
    case .file(let path): return try places(ofFile: path, operand)
    case .set(let set):
      let names = try names(in: set, operand)
      if case .mismatched = set { return noteIfEmpty(names.compactMap { roster.place(of: $0) }, operand.text) }
      return noteIfEmpty(names.map { known($0) }, operand.text)
    case .domain(let domain):
      let folded = domain.lowercased()
      let wanted = folded.hasSuffix("\\") ? String(folded.dropLast()) : folded
      let inner = wanted + "\\"
      return noteIfEmpty(
        roster.agents.indices.filter { index in
          guard let domain = roster.agents[index].domain?.lowercased() else { return false }
          return domain == wanted || domain.hasPrefix(inner)
        }, operand.text)
    }
  }

  /// Asked of the universe once: a run's are read from disk.
  private mutating func names(in set: SelectionSet, _ operand: Selection.Operand) throws(SelectionError) -> [AgentName]
  {
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
  private func checkThatListTells(_ operand: Selection.Operand, of left: PlaceSet) throws(SelectionError) {
    let what: String
    switch operand.kind {
    case .network: what = "address"
    case .domain: what = "domain"
    default: return
    }
    let unknown = left.places().filter { $0 >= roster.agents.count && knownPlaces.contains($0) }
    guard let first = unknown.first else { return }
    let name = unlisted[first - roster.agents.count].text
    let more = unknown.count > 1 ? " and \(unknown.count - 1) more" : ""
    throw SelectionError(
      .unavailable(
        "\(name)\(more): in no list any more, so the \(what) isn't known; name agents or patterns in place of \(operand.text)"
      ), column: operand.column)
  }

  private mutating func noteIfEmpty(_ places: [Int], _ text: String) -> [Int] {
    if places.isEmpty { result.emptySets.append(text) }
    return places
  }

  private mutating func place(of name: AgentName, typed: String) -> Int {
    let place = place(of: name)
    if place >= roster.agents.count, !knownPlaces.contains(place), typedPlaces.insert(place).inserted {
      result.unknownNames.append(typed)
    }
    return place
  }

  /// The place of a name that a run knew.
  private mutating func known(_ name: AgentName) -> Int {
    let place = place(of: name)
    if place >= roster.agents.count { knownPlaces.insert(place) }
    return place
  }

  private mutating func place(of name: AgentName) -> Int {
    if let place = roster.place(of: name) { return place }
    if let place = unlistedPlaces[name.key] { return place }
    let place = roster.agents.count + unlisted.count
    unlistedPlaces[name.key] = place
    unlisted.append(name)
    return place
  }

  private mutating func places(of pattern: NamePattern, typed: String) -> [Int] {
    let words = pattern.expanded
    guard pattern.hasWildcard else {
      return words.compactMap { word in AgentName(word).map { place(of: $0, typed: word) } }
    }
    var found: [Int] = []
    for word in words {
      let wildcard = Wildcard(word)
      let matches =
        roster.agents.indices.filter { wildcard.matches(roster.agents[$0].name.key) }
        + knownPlaces.filter { wildcard.matches(unlisted[$0 - roster.agents.count].key) }
      if matches.isEmpty { result.unmatchedPatterns.append(word) }
      found += matches
    }
    return found
  }

  private mutating func places(of network: NetworkRange, typed: String) -> [Int] {
    let found = roster.agents.indices.filter { index in
      guard let address = roster.agents[index].address else { return false }
      return NetworkRange.addresses(in: address).contains { network.contains($0) }
    }
    if found.isEmpty { result.unmatchedPatterns.append(typed) }
    return found
  }

  /// A list: a name, a pattern or a network a line; blank lines and those that begin with `#` are passed over.
  private mutating func places(ofFile path: String, _ operand: Selection.Operand) throws(SelectionError) -> [Int] {
    let lines: [String]
    do {
      lines = try universe.lines(ofFile: path)
    } catch {
      throw SelectionError(.unavailable(error.description), column: operand.column)
    }
    var found: [Int] = []
    for (index, line) in lines.enumerated() {
      let word = SelectionEvaluation.trimmed(line)
      if word.isEmpty || word.hasPrefix("#") { continue }
      if let name = AgentName(word) {
        found.append(place(of: name, typed: word))
        continue
      }
      do {
        let inner = try Selection(word)
        for operand in inner.operands {
          guard inner.terms.allSatisfy({ $0.rest.isEmpty }), SelectionEvaluation.mayStandInFile(operand.kind) else {
            throw SelectionError(.unexpected(word.first ?? "@"), column: 1)
          }
          found += try places(of: operand) ?? []
        }
      } catch {
        let fault = "'\(word)' is not a name, a pattern or a network"
        throw SelectionError(.malformedLine(file: path, line: index + 1, fault: fault), column: operand.column)
      }
    }
    return noteIfEmpty(found, operand.text)
  }

  private static func mayStandInFile(_ kind: Selection.Operand.Kind) -> Bool {
    switch kind {
    case .name, .pattern, .network: true
    case .all, .set, .domain, .file, .first: false
    }
  }

  /// Without blanks, a byte order mark and what is left of a line end.
  private static func trimmed(_ line: String) -> String {
    let scalars = line.unicodeScalars
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value <= 0x20 || scalar == "\u{FEFF}" }
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
