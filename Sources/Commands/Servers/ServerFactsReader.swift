import ApexOne
import Remote
package import Runs
import Synchronization

/// Reads a server afresh and keeps what was learned.
package enum ServerFactsReader {
  /// Reads settings, certificate and tools now, and caches them in the journal.
  package static func refresh(_ place: ServerPlace, in invocation: Invocation) async throws -> ServerFacts {
    try await read(place, in: invocation).facts
  }

  package static func read(_ place: ServerPlace, in invocation: Invocation) async throws -> ServerReader.Reading {
    let journal = try invocation.journal(of: place)
    var reading = try await invocation.withServer(place) { host in
      try await ServerReader(host: host, layout: place.layout).read()
    }
    try invocation.keep(in: journal) { () throws(JournalError) in
      reading.facts = try journal.keep(reading.facts, server: place.identity, at: place.clock.date)
    }
    return reading
  }
}

extension ServerFacts {
  /// What settings can be learned from it.
  package var learned: [SettingKey: String] {
    var values: [SettingKey: String] = [:]
    values[.serverName] = serverName?.text
    values[.httpPort] = httpPort?.text
    values[.httpsPort] = httpsPort?.text
    values[.agentPort] = agentPort?.text
    values[.product] = product?.rawValue
    return values
  }
}

extension Settings {
  /// These settings with what the server tells, which gives way to everything given.
  package func learning(_ facts: ServerFacts) throws -> Settings {
    var settings = self
    for (key, text) in facts.learned { try settings.set(key, text, from: .learned("ofcscan.ini")) }
    return settings
  }

  /// A value that the server told or a person set; 64 with the way to give it where neither did.
  package func needed<Value>(_ value: KeyPath<Settings, Value?>, _ key: SettingKey) throws(CommandError) -> Value {
    if let value = self[keyPath: value] { return value }
    throw CommandError(
      .misuse, "\(key.rawValue) is not known: ofcscan.ini has none that can be used; set \(key.rawValue)")
  }
}

extension Invocation {
  /// Keeps what was found. Where the command only looks, and nothing can be written, the look is worth more than what it
  /// would leave behind: that is said, and the command goes on.
  func keep(in journal: Journal, _ work: () throws(JournalError) -> Void) throws(JournalError) {
    do throws(JournalError) {
      try journal.mustBeWritable()
      try work()
    } catch {
      guard isLooking else { throw error }
      unkept.say(error, to: console)
    }
  }
}

/// Says once for each command that what it found could not be kept.
package final class UnkeptNote: Sendable {
  private let isSaid = Mutex(false)

  package init() {}

  func say(_ error: JournalError, to console: any Console) {
    let wasSaid = isSaid.withLock { isSaid in
      defer { isSaid = true }
      return isSaid
    }
    guard !wasSaid else { return }
    var text = "\(error)"
    if case .cannotOpen(let path, let reason) = error { text = "\(path): \(reason)" }
    console.note("what was found could not be kept: \(text)")
  }
}
