/// Where each name stands in a list of agents: an open hash table of four bytes a slot. A dictionary with its own copies
/// of the names takes six times as much, and making it was half of reading a list.
struct NamePlaces: Sendable {
  /// A place and one; 0 where the slot is free. A power of two of them, at most half of them taken.
  private var slots: [UInt32]

  /// `capacity`: how many names there can be.
  init(capacity: Int) {
    slots = [UInt32](repeating: 0, count: NamePlaces.size(capacity))
  }

  private static func size(_ capacity: Int) -> Int {
    precondition(capacity < Int(UInt32.max) / 4, "no list is that long")
    return 1 << (Int.bitWidth - max(capacity * 2, 16).leadingZeroBitCount)
  }

  /// The place of `name` among `agents`; nil where it has none.
  func place(of name: AgentName, among agents: [Agent]) -> Int? {
    let slot = slot(of: name, agents)
    return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
  }

  /// Notes that `name` is about to stand at the end of `agents`; where it stands already, that place, and nothing is
  /// changed.
  mutating func append(_ name: AgentName, to agents: [Agent]) -> Int? {
    let slot = slot(of: name, agents)
    guard slots[slot] == 0 else { return Int(slots[slot]) - 1 }
    slots[slot] = UInt32(agents.count + 1)
    return nil
  }

  /// The slot that holds the name, or the free one where it belongs.
  private func slot(of name: AgentName, _ agents: [Agent]) -> Int {
    var slot = name.key.hashValue & (slots.count - 1)
    while slots[slot] != 0, agents[Int(slots[slot]) - 1].name.key != name.key { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }
}
