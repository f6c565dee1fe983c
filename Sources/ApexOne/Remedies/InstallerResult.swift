/// What Windows Installer's exit code means (Microsoft's documented error codes). For an EXE package the codes are the
/// same where it passes them on; any other stays a number.
package enum InstallerResult: Sendable, Hashable {
  case success
  /// 3010: done, and needed before all of it works.
  case rebootNeeded
  /// 1641: done, and the machine restarts by itself.
  case rebootStarted
  /// 1618
  case busy
  /// 1602
  case cancelled
  /// 1603
  case fatal
  /// 1605
  case notInstalled
  /// 1619, 1620: missing, or no package.
  case packageUnreadable
  /// 1625, 1643, 1644
  case forbiddenByPolicy
  /// 1633
  case wrongPlatform
  /// 1638
  case otherVersionInstalled
  case other(UInt32)

  package init(exitCode: UInt32) {
    switch exitCode {
    case 0: self = .success
    case 3010: self = .rebootNeeded
    case 1641: self = .rebootStarted
    case 1618: self = .busy
    case 1602: self = .cancelled
    case 1603: self = .fatal
    case 1605: self = .notInstalled
    case 1619, 1620: self = .packageUnreadable
    case 1625, 1643, 1644: self = .forbiddenByPolicy
    case 1633: self = .wrongPlatform
    case 1638: self = .otherVersionInstalled
    default: self = .other(exitCode)
    }
  }

  package var isSuccess: Bool { self == .success || asksForReboot }
  package var asksForReboot: Bool { self == .rebootNeeded || self == .rebootStarted }

  package var meaning: String {
    switch self {
    case .success: "the installer reports success"
    case .rebootNeeded: "the installer asks for a reboot (3010)"
    case .rebootStarted: "the installer has started a reboot (1641)"
    case .busy: "another installation is in progress there (1618); try again later"
    case .cancelled: "the installation was cancelled (1602)"
    case .fatal: "the installer met a fatal error (1603); its log on the endpoint says more"
    case .notInstalled: "the product is not installed there (1605)"
    case .packageUnreadable: "the package could not be opened (1619 or 1620); check the file given as --package"
    case .forbiddenByPolicy: "a policy of the endpoint forbids this installation (1625)"
    case .wrongPlatform: "the package is for another kind of machine (1633)"
    case .otherVersionInstalled: "another version is installed (1638); see: reinstall --uninstall-first"
    case .other(let code): "the installer ended with code \(code)"
    }
  }
}
