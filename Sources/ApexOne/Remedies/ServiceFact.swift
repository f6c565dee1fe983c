/// One Windows service of the agent.
package struct ServiceFact: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case running, stopped, paused
    case startPending = "start-pending"
    case stopPending = "stop-pending"
    /// A pause or a continuation under way.
    case pending
    /// Windows knows no service of this name.
    case absent
  }

  package var state: State
  /// The process id; nil where there is none or it was not asked for.
  package var pid: UInt32?

  package init(_ state: State, pid: UInt32? = nil) {
    self.state = state
    self.pid = pid == 0 ? nil : pid
  }
}

/// What is known of an agent's services, by name: a handful, in the order of their names.
package struct ServiceFacts: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  package struct Entry: Sendable, Hashable {
    /// In lower case.
    package var name: String
    package var fact: ServiceFact
  }

  package private(set) var entries: [Entry] = []

  package init(dictionaryLiteral elements: (String, ServiceFact)...) {
    for (name, fact) in elements { self[name] = fact }
  }

  /// By a name in any case; nil where nothing is known of that service.
  package subscript(name: String) -> ServiceFact? {
    get {
      if let place = entries.firstIndex(where: { $0.name == name }) { return entries[place].fact }
      let folded = name.lowercased()
      return folded == name ? nil : entries.first { $0.name == folded }?.fact
    }
    set {
      let name = name.lowercased()
      let place = entries.firstIndex { $0.name >= name } ?? entries.count
      if place < entries.count, entries[place].name == name {
        if let newValue { entries[place].fact = newValue } else { entries.remove(at: place) }
      } else if let newValue {
        entries.insert(Entry(name: name, fact: newValue), at: place)
      }
    }
  }
}
