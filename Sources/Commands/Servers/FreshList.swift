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
    let started = place.clock.now
    let console = invocation.console
    let taken = try await invocation.withServer(place) { host in
      let taker = ListTaker(
        host: host, layout: place.layout, clock: place.clock, limit: invocation.settings.timeoutList)
      console.progress(ProgressSnapshot(label: "the server makes its list", done: 0, elapsed: .zero))
      return try await taker.take { bytes in
        console.progress(
          ProgressSnapshot(
            label: "the server makes its list", done: bytes, detail: "bytes", elapsed: place.clock.now - started))
      }
    }
    console.progress(nil)
    if let leftover = taken.leftover { console.note(leftover) }
    return try keep(
      taken.bytes, of: place.identity, source: taken.command, hostColumn: hostColumn, at: place.clock.date,
      in: journal)
  }

  /// Reads a list and keeps it; one that can't be read is refused and nothing changes.
  package static func keep(
    _ bytes: [UInt8], of identity: String, source: String, hostColumn: String?, at date: Double, in journal: Journal
  ) throws -> (list: MismatchList, number: Int) {
    do {
      return try journal.keepList(
        server: identity, bytes: bytes, source: source, hostColumn: hostColumn, at: date
      ) {
        let list = try MismatchList(bytes, hostColumn: hostColumn)
        return (list, list.agents.count)
      }
    } catch let error as MismatchListError {
      throw CommandError(.unusableInput, "\(OutputText.visible(source)): \(error)")
    }
  }
}
