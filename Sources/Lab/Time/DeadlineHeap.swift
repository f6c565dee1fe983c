/// The virtual clock's waiting room: deadlines in a binary heap, earliest first, equal ones in the order they came.
///
/// What waits is in `slots`; a heap entry is three plain numbers, so that sifting touches no reference counts. Taking
/// something out before its time leaves its heap entry behind as a stale one, swept when they are the majority.
struct DeadlineHeap<Payload: Sendable>: Sendable {
  /// Names one waiting payload; never used twice.
  struct Ticket: Sendable, Hashable {
    fileprivate let slot: Int
    fileprivate let sequence: UInt64
  }

  private struct Entry {
    let deadline: Int64
    let sequence: UInt64
    let slot: Int

    static func < (left: Entry, right: Entry) -> Bool {
      left.deadline == right.deadline
        ? left.sequence < right.sequence : left.deadline < right.deadline
    }
  }

  private struct Slot {
    var sequence: UInt64
    var payload: Payload?
  }

  private var entries: [Entry] = []
  private var slots: [Slot] = []
  private var free: [Int] = []
  private var sequence: UInt64 = 0
  private var stale = 0

  /// How many payloads wait.
  var count: Int { entries.count - stale }

  /// Keeps `payload` until `deadline`, nanoseconds since the clock's start.
  mutating func insert(_ payload: Payload, at deadline: Int64) -> Ticket {
    sequence += 1
    let slot: Int
    if let reused = free.popLast() {
      slot = reused
      slots[slot] = Slot(sequence: sequence, payload: payload)
    } else {
      slot = slots.count
      slots.append(Slot(sequence: sequence, payload: payload))
    }
    entries.append(Entry(deadline: deadline, sequence: sequence, slot: slot))
    siftUp(entries.count - 1)
    return Ticket(slot: slot, sequence: sequence)
  }

  /// Takes a payload out before its time; nil when it is out already.
  mutating func remove(_ ticket: Ticket) -> Payload? {
    guard slots[ticket.slot].sequence == ticket.sequence, let payload = empty(ticket.slot) else {
      return nil
    }
    stale += 1
    if stale > 1_024, stale > entries.count / 2 { sweep() }
    return payload
  }

  /// Does it still wait?
  func holds(_ ticket: Ticket) -> Bool { slots[ticket.slot].sequence == ticket.sequence }

  /// Takes out everything that is due first, in the order it came; nil when nothing waits.
  mutating func removeEarliest() -> (deadline: Int64, payloads: [Payload])? {
    dropStale()
    guard let deadline = entries.first?.deadline else { return nil }
    var payloads: [Payload] = []
    while let entry = entries.first, entry.deadline == deadline {
      removeFirst()
      if slots[entry.slot].sequence == entry.sequence, let payload = empty(entry.slot) {
        payloads.append(payload)
      } else {
        stale -= 1
      }
    }
    return (deadline, payloads)
  }

  private mutating func dropStale() {
    while let entry = entries.first, slots[entry.slot].sequence != entry.sequence {
      removeFirst()
      stale -= 1
    }
  }

  private mutating func empty(_ slot: Int) -> Payload? {
    var emptied = Slot(sequence: 0, payload: nil)
    swap(&slots[slot], &emptied)
    free.append(slot)
    return emptied.payload
  }

  private mutating func sweep() {
    entries.removeAll { slots[$0.slot].sequence != $0.sequence }
    stale = 0
    // A sorted array is a heap.
    entries.sort(by: <)
  }

  private mutating func removeFirst() {
    let last = entries.removeLast()
    guard !entries.isEmpty else { return }
    entries[0] = last
    siftDown()
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    let moving = entries[child]
    while child > 0 {
      let parent = (child - 1) / 2
      guard moving < entries[parent] else { break }
      entries[child] = entries[parent]
      child = parent
    }
    entries[child] = moving
  }

  private mutating func siftDown() {
    var parent = 0
    let moving = entries[0]
    while true {
      var child = 2 * parent + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
      guard entries[child] < moving else { break }
      entries[parent] = entries[child]
      parent = child
    }
    entries[parent] = moving
  }
}
