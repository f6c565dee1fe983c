/// What stands between us and a program on the far side, and so how a command line must be quoted.
package enum FarShell: String, Sendable, Hashable, CaseIterable {
  /// Nothing: the line goes to `CreateProcess` as it is (WinRM without a shell).
  case program
  /// Windows OpenSSH with its default shell: `cmd.exe /c "LINE"`.
  case cmd
  /// Windows OpenSSH with PowerShell as its default shell: `powershell -c "LINE"`.
  case powershell

  /// The longest line, in UTF-16 units, that we may send.
  ///
  /// `CreateProcess` takes 32,767 with its closing NUL, cmd takes 8,191; what the SSH server puts around our text
  /// counts too.
  package var limit: Int {
    switch self {
    case .program: 32_766
    case .cmd: 8_191 - FarShell.wrapping
    case .powershell: 32_766 - 2 * FarShell.wrapping
    }
  }

  /// Room for `"C:\Windows\system32\cmd.exe" /c ""` and longer system roots.
  private static let wrapping = 64
}
