package import ApexOne
package import Remote
package import Runs

/// Takes a list of the server and keeps it in the journal.
package enum FreshList {
  /// Has the server make its list, keeps its raw bytes, and returns what it holds.
  package static func take(
    _ place: ServerPlace, hostColumn: String?, in invocation: Invocation
  ) async throws -> (list: MismatchList, number: Int) {
    let journal = try invocation.journal(of: place)
    // The server isn't put to work on a list that can't be kept.
    try journal.mustBeWritable()
    let started = place.clock.now
    let console = invocation.console
    let limit = invocation.settings.timeoutList
    // The taker's own limit comes first: it can say more.
    let taken = try await invocation.withServer(place, within: limit + .seconds(30)) { host in
      let taker = ListTaker(host: host, layout: place.layout, clock: place.clock, limit: limit)
      console.progress(ProgressSnapshot(label: "the server makes its list", done: 0, elapsed: .zero))
      return try await taker.take { bytes in
        console.progress(
          ProgressSnapshot(
            label: "the server makes its list", done: bytes, detail: "bytes", elapsed: place.clock.now - started))
      } leftBehind: {
        console.note($0)
      }
    }
    console.progress(nil)
    let bytes = taken.bytes
    do {
      return try journal.keepList(
        server: place.identity, bytes: bytes, source: taken.command, hostColumn: hostColumn, at: place.clock.date
      ) {
        let list = try MismatchList(bytes, hostColumn: hostColumn)
        return (list, list.agents.count)
      }
    } catch let error as MismatchListError {
      throw CommandError(.unusableInput, "\(OutputText.visible(taken.command)): \(error)")
    }
  }

  /// Reads a list; one that can't be read is refused.
  package static func parse(_ bytes: [UInt8], source: String, hostColumn: String?) throws -> MismatchList {
    do throws(MismatchListError) {
      return try MismatchList(bytes, hostColumn: hostColumn)
    } catch {
      throw CommandError(.unusableInput, "\(OutputText.visible(source)): \(error)")
    }
  }

  /// Keeps a list that was read, as the newest of its server; returns its number.
  package static func keep(
    _ list: MismatchList, _ bytes: [UInt8], of identity: String, source: String, hostColumn: String?, at date: Double,
    in journal: Journal
  ) throws -> Int {
    try journal.keepList(
      server: identity, bytes: bytes, source: source, hostColumn: hostColumn, agents: list.agents.count, at: date)
  }
}

extension Invocation {
  /// The agents known of a server. Where it has no list yet, one is taken first, and said so.
  package func listedInventory(_ place: ServerPlace) async throws -> Inventory {
    let known = try inventory(place)
    guard known.list == nil else { return known }
    console.note("no list of this server yet: taking one first")
    let taken = try await FreshList.take(place, hostColumn: nil, in: self)
    let inventory = try inventory(of: place.identity, in: try journal(of: place), parsed: taken)
    try await refreshLookups(place, inventory)
    return inventory
  }
}
