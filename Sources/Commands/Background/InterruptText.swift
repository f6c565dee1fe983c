import ApexOne
import Runs

/// What an interrupt of a run will do, said before it does it: the same for ^C and for `stop`.
enum InterruptText {
  private static let shown = 300

  /// In a few words, for whoever waits.
  static func brief(_ ring: Int) -> String {
    switch ring {
    case 1: "no more agents are started"
    case 2: "cut what has executed nothing yet"
    default: "cut everything"
    }
  }

  /// `ring`: 1 for the first.
  static func of(_ ring: Int, _ controls: RunControls) -> String {
    switch ring {
    case 1: return "no more agents are started; the running ones finish (again: cut those not yet executing)"
    case 2: return "cutting what has executed nothing yet; a third time cuts everything"
    default:
      let names = controls.unseen
      if names.isEmpty { return "cutting everything; no endpoint is between its tool and running services" }
      let group = NameGroup(label: "may be left unprotected", names: names.compactMap { AgentName($0) })
      return "cutting everything: \(group.line(limit: shown))"
    }
  }
}
