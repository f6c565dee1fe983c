/// The virtual clock's waiting room: whatever is due at one moment is taken out together, in the order in which it came.
///
/// Thousands of tasks wait for few moments, since a clock has a grain: the heap holds moments, and each has a queue of
/// what waits for it. What waits is in `slots`. Taking something out before its time leaves its place in the queue
/// behind as a stale one, swept when they are the majority.
struct DeadlineHeap<Payload: Sendable>: Sendable {
  /// Names one waiting payload; never used twice.
  struct Ticket: Sendable, Hashable {
    fileprivate let slot: Int
    fileprivate let sequence: UInt64
  }

  private struct Slot {
    var sequence: UInt64
    var payload: Payload?
  }

  /// A binary heap, earliest first; each moment once.
  private var moments: [Int64] = []
  private var queues: [Int64: [Ticket]] = [:]
  private var slots: [Slot] = []
  private var free: [Int] = []
  private var sequence: UInt64 = 0
  private var stale = 0

  /// How many payloads wait.
  var count: Int { slots.count - free.count }

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
    let ticket = Ticket(slot: slot, sequence: sequence)
    queues[deadline, default: []].append(ticket)
    if queues.count > moments.count {
      moments.append(deadline)
      siftUp(moments.count - 1)
    }
    return ticket
  }

  /// Takes a payload out before its time; nil when it is out already.
  mutating func remove(_ ticket: Ticket) -> Payload? {
    guard let payload = empty(ticket) else { return nil }
    stale += 1
    if stale > 1_024, stale > count { sweep() }
    return payload
  }

  /// Does it still wait?
  func holds(_ ticket: Ticket) -> Bool { slots[ticket.slot].sequence == ticket.sequence }

  /// Takes out everything that is due first, in the order it came; nil when nothing waits.
  mutating func removeEarliest() -> (deadline: Int64, payloads: [Payload])? {
    while let deadline = moments.first {
      let queue = queues.removeValue(forKey: deadline) ?? []
      removeFirst()
      var payloads: [Payload] = []
      payloads.reserveCapacity(queue.count)
      for ticket in queue {
        if let payload = empty(ticket) { payloads.append(payload) } else { stale -= 1 }
      }
      if !payloads.isEmpty { return (deadline, payloads) }
    }
    return nil
  }

  /// Nil when its payload is out already.
  private mutating func empty(_ ticket: Ticket) -> Payload? {
    guard holds(ticket) else { return nil }
    var emptied = Slot(sequence: 0, payload: nil)
    swap(&slots[ticket.slot], &emptied)
    free.append(ticket.slot)
    return emptied.payload
  }

  private mutating func sweep() {
    for (deadline, queue) in queues {
      let kept = queue.filter(holds)
      if kept.count < queue.count { queues[deadline] = kept.isEmpty ? nil : kept }
    }
    stale = 0
    // A sorted array is a heap.
    moments = queues.keys.sorted()
  }

  private mutating func removeFirst() {
    let last = moments.removeLast()
    guard !moments.isEmpty else { return }
    moments[0] = last
    siftDown()
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    let moving = moments[child]
    while child > 0 {
      let parent = (child - 1) / 2
      guard moving < moments[parent] else { break }
      moments[child] = moments[parent]
      child = parent
    }
    moments[child] = moving
  }

  private mutating func siftDown() {
    var parent = 0
    let moving = moments[0]
    while true {
      var child = 2 * parent + 1
      guard child < moments.count else { break }
      if child + 1 < moments.count, moments[child + 1] < moments[child] { child += 1 }
      guard moments[child] < moving else { break }
      moments[parent] = moments[child]
      parent = child
    }
    moments[parent] = moving
  }
}
