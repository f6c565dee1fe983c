/// What stands between us and a program on the far side, and so how a command line must be quoted.
package struct FarShell: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Nothing: the line goes to `CreateProcess` as it is (WinRM without a shell, WSL).
    case program
    /// Windows OpenSSH with its default shell: `cmd.exe /c "LINE"`.
    case cmd
    /// Windows OpenSSH with PowerShell as its default shell: `powershell -c "LINE"`.
    case powershell
  }

  /// What one cmd.exe does that others don't, and that takes something away from what it can carry.
  package struct Manner: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `%NAME%` is replaced in spite of carets (wine's).
    package static let replacesAnyway = Manner(rawValue: 1)
    /// Delayed expansion is on, by the registry: `!NAME!` is replaced, and carets are read once more.
    package static let delayedExpansion = Manner(rawValue: 2)
  }

  package let kind: Kind
  package let manner: Manner

  package init(_ kind: Kind, _ manner: Manner = []) {
    self.kind = kind
    self.manner = manner
  }

  package static let program = FarShell(.program)
  package static let cmd = FarShell(.cmd)
  package static let powershell = FarShell(.powershell)
  package static let allCases = Kind.allCases.map { FarShell($0) }
  /// What an SSH server on Windows may have.
  package static let overSSH = [cmd, powershell]

  /// The longest line, in UTF-16 units, that we may send.
  ///
  /// `CreateProcess` takes 32,767 with its closing NUL, cmd takes 8,191; what the SSH server puts around our text
  /// counts too.
  package var limit: Int {
    switch kind {
    case .program: 32_766
    case .cmd: 8_191 - FarShell.wrapping
    case .powershell: 32_766 - 2 * FarShell.wrapping
    }
  }

  /// Room for `"C:\Windows\system32\cmd.exe" /c ""` and longer system roots.
  private static let wrapping = 64
}

extension FarShell: CustomStringConvertible {
  package var description: String {
    let name =
      switch kind {
      case .program: "no shell"
      case .cmd: "cmd.exe"
      case .powershell: "PowerShell"
      }
    let parts: [String?] = [
      manner.contains(.replacesAnyway) ? "replaces %NAME% in spite of carets" : nil,
      manner.contains(.delayedExpansion) ? "with delayed expansion" : nil,
    ]
    let text = parts.compactMap(\.self).joined(separator: ", ")
    return text.isEmpty ? name : "\(name) (\(text))"
  }
}
