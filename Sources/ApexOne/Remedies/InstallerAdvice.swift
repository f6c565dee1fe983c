/// The two steps of a reinstallation that run a program of the product.
package enum InstallerStep: String, Sendable, Hashable, CaseIterable {
  case uninstall, install

  /// Who runs, in a sentence.
  package var program: String { self == .uninstall ? "the uninstaller" : "the installer" }
}

/// What an exit code asks for before anybody looks.
///
/// A code can hold a repair back and never carries it on: what was done shows at the endpoint. So the codes of Windows
/// Installer that ask for patience are heeded from whatever program passes them on, and success is believed of none.
package enum InstallerAdvice: Sendable, Hashable {
  /// What was done shows at the endpoint, whatever the code.
  case look
  /// Another installation runs and nothing was done: run it again later.
  case wait
  /// Not all of it counts before the machine was rebooted.
  case reboot
  /// Windows Installer says that nothing was installed, and why.
  case fail
}

extension InstallerResult {
  package func advice(at step: InstallerStep) -> InstallerAdvice {
    switch self {
    case .busy: .wait
    case .rebootNeeded, .rebootStarted: .reboot
    case .success, .other: .look
    // Nothing was there to be removed, or it was removed in part: only a look tells.
    default: step == .uninstall ? .look : .fail
    }
  }

  /// What it means at this step, as a sentence without a full stop.
  package func meaning(at step: InstallerStep) -> String {
    switch (self, step) {
    case (.success, _): "\(step.program) reports success"
    case (.rebootNeeded, _): "\(step.program) asks for a reboot (3010)"
    case (.rebootStarted, _): "\(step.program) has started a reboot (1641)"
    case (.other(let code), _): "\(step.program) ended with code \(code)"
    case (.notInstalled, .uninstall): "the uninstaller found nothing to remove (1605)"
    case (.cancelled, .uninstall): "the uninstaller was cancelled (1602)"
    case (.fatal, .uninstall): "the uninstaller met a fatal error (1603); its log on the endpoint says more"
    default: meaning
    }
  }
}
