import Remote
import Runs

extension Invocation {
  /// What is known of a server: from the journal, and its age; read now where nothing is known, or if `afresh`.
  func knownServer(_ place: ServerPlace, afresh: Bool) async throws -> (facts: ServerFacts, at: Double) {
    if !afresh, let cached = try journal(of: place).facts(server: place.identity),
      let facts = ServerFacts(json: cached.json)
    {
      let age = ListAge(of: cached.at, at: place.clock.date)
      let when = age.isUnknown ? age.text : "\(TimeText.age(age.seconds ?? 0)) ago"
      console.note("read from the server \(when) (\(TimeText.rfc3339(cached.at))); --refresh reads it again")
      return (facts, cached.at)
    }
    let facts = try await ServerFactsReader.refresh(place, in: self)
    console.note("read from the server now")
    return (facts, place.clock.date)
  }
}
