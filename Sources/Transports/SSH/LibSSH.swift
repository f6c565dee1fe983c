import CLateLibraries
import Remote

/// libssh, which the program is not linked to: it is loaded when it is first needed. Whatever uses it asks here before.
package enum LibSSH {
  /// Loads it where it isn't there yet. Why it can't be used; nil where it can.
  package static func problem() -> String? { late_libssh().map { String(cString: $0) } }

  static func load(for label: String) throws(RemoteError) {
    if let problem = problem() { throw RemoteError(.local, "\(label): \(problem)") }
  }
}
