/// Asks before trust changes: the count must be typed, or given.
enum TrustConfirmation {
  /// Throws 77 where it was not confirmed. `what`: `1,204 new keys`.
  static func obtain(_ count: Int, of what: String, given: String?, _ console: any Console) async throws {
    if let given {
      guard given == "\(count)" else {
        throw CommandError(
          .refused,
          "not confirmed: --confirm \(OutputText.visible(given)) is not the count of \(what), \(count); "
            + "nothing was changed"
        )
      }
      return
    }
    guard console.traits.isInteractive else {
      throw CommandError(
        .refused, "not confirmed: no terminal to ask at; give --confirm \(count) for \(what); nothing was changed")
    }
    let answer = try await console.ask("type the count of \(what), \(count), to go on: ")
    guard let answer, answer.filter({ !$0.isWhitespace && $0 != "," }) == "\(count)" else {
      throw CommandError(.refused, "not confirmed; nothing was changed")
    }
  }
}
