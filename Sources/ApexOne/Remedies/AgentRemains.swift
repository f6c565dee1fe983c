/// What is left of an agent that an uninstaller was to remove.
package struct AgentRemains: Sendable, Hashable {
  /// The agent's own key in the registry.
  package var hasAgentKey: Bool
  /// Windows lists it among the installed programs.
  package var isListed: Bool
  /// The required services that Windows still knows, in whatever state.
  package var services: [String]
  /// Entries of the agent's folder; nil where the folder is not known or could not be listed.
  package var entries: Int?

  package init(hasAgentKey: Bool, isListed: Bool, services: [String], entries: Int?) {
    self.hasAgentKey = hasAgentKey
    self.isListed = isListed
    self.services = services
    self.entries = entries
  }

  /// The proof of a removal, whatever the uninstaller said.
  package var isGone: Bool { !hasAgentKey && !isListed && services.isEmpty }
  /// Its files, too. Logs may stay for good, so this is waited for and not asked for.
  package var isClean: Bool { isGone && (entries ?? 0) == 0 }

  /// `its registry key, the service tmlisten, 3 entries of its folder`; "nothing" where it is clean.
  package var text: String {
    var parts: [String] = []
    if hasAgentKey { parts.append("its registry key") }
    if isListed { parts.append("its place among the installed programs") }
    parts += services.map { "the service \($0)" }
    if let entries, entries > 0 { parts.append("\(entries) entr\(entries == 1 ? "y" : "ies") of its folder") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }
}
