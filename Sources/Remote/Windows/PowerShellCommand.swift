import Foundation

/// A command for a far side whose SSH default shell is PowerShell: the script travels in base64, so that no quoting
/// rule of the outer shell touches it.
///
/// The script starts the program through .NET with one CRT-quoted text of arguments: PowerShell's own call operator
/// loses quotes and empty arguments. The outer shell turns every failure into 1 unless told to hand the code on.
enum PowerShellCommand {
  static func line(_ program: String, arguments: [String], folder: WindowsPath?) -> String {
    let script = script(program, arguments: arguments, folder: folder)
    let bytes = script.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let encoded = Data(bytes).base64EncodedString()
    return "powershell -NoProfile -NonInteractive -EncodedCommand \(encoded); exit $LASTEXITCODE"
  }

  static func script(_ program: String, arguments: [String], folder: WindowsPath?) -> String {
    var lines = [
      "$ErrorActionPreference='Stop';$ProgressPreference='SilentlyContinue'",
      "$s=New-Object Diagnostics.ProcessStartInfo",
      "$s.FileName=\(literal(program))",
      "$s.Arguments=\(literal(arguments.map { CRTQuoting.quote($0) }.joined(separator: " ")))",
      "$s.UseShellExecute=$false",
    ]
    if let folder { lines.append("$s.WorkingDirectory=\(literal(folder.text))") }
    lines.append("$p=[Diagnostics.Process]::Start($s);$p.WaitForExit();exit $p.ExitCode")
    return lines.joined(separator: ";")
  }

  /// A single-quoted literal. PowerShell takes the typographic quotes for `'` as well, so they are doubled too.
  static func literal(_ text: String) -> String {
    var quoted = String.UnicodeScalarView("'".unicodeScalars)
    for scalar in text.unicodeScalars {
      quoted.append(scalar)
      if scalar == "'" || (0x2018...0x201B).contains(scalar.value) { quoted.append(scalar) }
    }
    quoted.append("'")
    return String(quoted)
  }
}
