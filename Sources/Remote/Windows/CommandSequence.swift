/// Several programs in one line to cmd.exe, run one after the other whatever becomes of each: a look at an endpoint is
/// one start of a shell and one way there and back, not ten.
///
/// `A 2>&1 & echo apexsh-end-4f1c09aa-1 & B 2>&1 & echo apexsh-end-4f1c09aa-2`. What a program wrote stands before its
/// mark, which nothing at the endpoint can hold beforehand; exit codes are lost, so only programs are sent so whose text
/// says all. Every mark must come back, in order: where one doesn't, the shell read the line otherwise than meant, and
/// the programs are to be run one by one.
///
/// A shell that is not known yet can be asked what it is in the same line: to PowerShell a lone `&` there is an error for
/// which it runs nothing.
package struct CommandSequence: Sendable {
  static let opening = "apexsh-end-"
  /// Standard error goes where standard output goes.
  static let merging = " 2>&1"

  private let mark: String
  private let count: Int
  package let line: Secret

  /// Nil where they can't go in one line: another shell than cmd.exe, a folder to work in, a line that is too long.
  package init?(_ commands: [RemoteCommand], shell: FarShell) throws(RemoteError) {
    guard shell.kind == .cmd, commands.count > 1, commands.allSatisfy({ $0.folder == nil }) else { return nil }
    let mark = CommandSequence.newMark()
    let line = CommandSequence.join(try commands.map(CommandSequence.call(shell)), mark)
    guard line.utf16.count <= shell.limit else { return nil }
    // A percent sign in one program's arguments would make a pair with another's.
    self.line = try CommandLineRules(shell: shell).seal(line)
    (self.mark, count) = (mark, commands.count)
  }

  /// The same with the question which shell it is before them: its answer comes first. Nil also for arguments that hold
  /// what only a cmd.exe that is known can be sent.
  package init?(asking commands: [RemoteCommand]) throws(RemoteError) {
    guard commands.allSatisfy({ $0.folder == nil }) else { return nil }
    let mark = CommandSequence.newMark()
    let calls = try commands.map(CommandSequence.call(.cmd))
    let line = CommandSequence.join([ShellProbe.line] + calls, mark)
    guard line.utf16.count <= FarShell.cmd.limit, !calls.contains(where: { $0.contains { "%!".contains($0) } }) else {
      return nil
    }
    self.line = Secret(line)
    (self.mark, count) = (mark, commands.count + 1)
  }

  private static func newMark() -> String {
    let digits = String(UInt32.random(in: .min ... .max), radix: 16)
    return opening + String(repeating: "0", count: 8 - digits.count) + digits + "-"
  }

  private static func call(_ shell: FarShell) -> (RemoteCommand) throws(RemoteError) -> String {
    { command throws(RemoteError) in try CommandLineQuoting.line(for: command, shell: shell).reveal { $0 } }
  }

  private static func join(_ calls: [String], _ mark: String) -> String {
    calls.enumerated().map { "\($1)\(merging) & echo \(mark)\($0 + 1)" }.joined(separator: " & ")
  }

  /// What each of the programs wrote; nil where the marks don't show that each has run.
  package func results(of result: CommandResult) -> [CommandResult]? {
    guard !result.isCut else { return nil }
    var (results, own): ([CommandResult], [UInt8]) = ([], [])
    for line in result.output.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if isMark(line, results.count + 1) {
        results.append(CommandResult(exitCode: nil, output: own))
        own = []
      } else {
        own += line
        own.append(0x0A)
      }
    }
    return results.count == count ? results : nil
  }

  /// `echo` prints the blank before the next `&` too.
  private func isMark(_ line: ArraySlice<UInt8>, _ number: Int) -> Bool {
    guard line.starts(with: mark.utf8) else { return false }
    let rest = line.dropFirst(mark.utf8.count)
    let digits = rest.prefix { $0 > 0x20 }
    return digits.elementsEqual(String(number).utf8) && rest.dropFirst(digits.count).allSatisfy { $0 <= 0x20 }
  }
}
