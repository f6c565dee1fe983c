import ApexOne

/// What `help` explains beyond commands. Tables come from the values they describe.
package enum HelpTopic: String, Sendable, CaseIterable {
  case outcomes, selections
  case exitCodes = "exit-codes"
  case keys, secrets, lines, background, trust
  case toolResults = "tool-results"

  package var summary: String {
    switch self {
    case .outcomes: "what can become of an agent, and why"
    case .selections: "how agents are named"
    case .exitCodes: "what a command ends with"
    case .keys: "the settings"
    case .secrets: "where passwords come from"
    case .lines: "the grammar of a line"
    case .background: "runs behind the prompt"
    case .trust: "host keys of machines"
    case .toolResults: "what a site has learned its tools to mean"
    }
  }

  package var text: String {
    switch self {
    case .outcomes:
      Self.table(Outcome.allCases.map { ($0.rawValue, $0.meaning) }) + "\nCauses:\n"
        + Self.table(Cause.allCases.map { ($0.rawValue, $0.meaning) })
    case .exitCodes: Self.table(ExitCode.meanings.map { (String($0.code.rawValue), $0.meaning) })
    case .keys:
      Self.table(
        SettingKey.allCases.map { ($0.rawValue, $0.definition.summary) }
          + SecretKey.allCases.map { ($0.rawValue, $0.help + "; see: help secrets") })
    case .selections: Self.selectionsText
    case .secrets: Self.secretsText
    case .lines: Self.linesText
    case .background: Self.backgroundText
    case .trust: Self.trustText
    case .toolResults: Self.toolResultsText
    }
  }

  private static func table(_ rows: [(String, String)]) -> String {
    let width = rows.map { $0.0.count }.max() ?? 0
    return rows.map { "  " + CellWidth.fit($0.0, width + 2) + $0.1 + "\n" }.joined()
  }

  private static let selectionsText = """
    A selection names agents of the current server's inventory:

      WS-001              one agent; case makes no difference
      WS-[001-120,200]    a range, the zeros kept
      WS-*  WS-00?        a pattern
      10.20.0.0/16        a network, by the list's addresses
      all                 every agent of the list
      @mismatched         those of the newest list, less those proved since with the server's certificate of now
      @unprotected        services did not run there, or may not, and no inspection has proved them well since
      @no-agent           no agent is installed there, by the newest inspection
      @failed             by outcome in this server's last run; any outcome will do
      @failed:7           by outcome in run 7
      @domain:Sales       a domain and what is under it; quote a value with blanks
      @file:list.txt      names from a file, one a line
      @first:20           the first 20 of what stands left of it

    A,B is both, A&B what is in both, A!B what is in A and not in B. ',' binds loosest; '&' and '!' go from left to
    right: @mismatched&@domain:Sales!WS-007

    """

  private static let secretsText = """
    The secrets are \(SecretKey.allCases.map(\.rawValue).joined(separator: ", ")). None is ever an argument.

      set password                          asks for it without echo
      set password --from-env VARIABLE      reads a variable that was exported before apexsh started
      set password --from-file FILE         reads a file that only you can read
      set password --from-command COMMAND   runs a password manager by /bin/sh -c

    One trailing newline is taken off. What nobody sees (a byte order mark, UTF-16, blanks at the ends) is refused;
    --keep-blanks says that blanks belong to it. Without a terminal, before the command: --password-from-file FILE,
    --password-from-env VARIABLE, --password-from-command COMMAND; likewise --unload-password-from-… and
    --uninstall-password-from-…. A saved context keeps the source, not the secret.

    """

  private static let linesText = """
      COMMAND ; COMMAND      one after another; the largest exit code is returned
      COMMAND && COMMAND     the second if the first ended with 0
      COMMAND || COMMAND     the second if the first did not
      COMMAND | less         results into a local command
      COMMAND > FILE         results into a file; >> appends
      COMMAND &              behind the prompt
      !COMMAND               a local command, at the start of a line
      'x y'  "x y"           quotes; a variable is put in inside "
      ${NAME}                a variable given by --var NAME=VALUE
      # …                    a comment, at the start of a word
      \\                      at the end of a line: it goes on; elsewhere it is itself

    """

  private static let backgroundText = """
    A line that ends in & is planned and confirmed as always, and then goes on behind the prompt:

      transfer @mismatched --canary WS-007 --wave-pause 30m --keep-trying 3d &

      jobs          the runs that go on; the prompt counts their agents
      watch 7       wave, rate, time left, slowest, last failures; ^C leaves the run alone
      pause 7       starts no more agents for now; continue 7 lets it go on, and ends a pause between two waves
      throttle 7 8  works on 8 agents at once
      stop 7        starts no more agents, what ^C is in the foreground; resume 7 carries it on
      wait 7        waits for its end, and ends with its exit code

    --canary names the agents that go first, as a wave of their own: one that fails stops everything. --wave-pause lets
    people complain before the next wave. --keep-trying leaves what is switched off in the run and tries it again by a
    TCP probe, without a logon, while apexsh runs or at the next resume.

    A session takes its runs along when it ends, so it says so first; one that ends by stopping a run ends with 130.
    Another apexsh can watch and wait for them by number. In a command file & and wait do the same, and the file's exit
    code counts its runs.

    """

  private static let toolResultsText = """
    What IpXfer, installers and uninstallers say by their exit codes and words is documented nowhere. What your site has
    learned of it stands in the file tool-results of the config folder, a line each:

      # a comment
      ipxfer exit 5 self-protection was on, and the repair went through all the same
      ipxfer output "wrong password" the unload password is another one there
      installer exit 1603 a reboot was pending
      uninstaller exit 0x643 the agent's log says which file was in use

    A line is TOOL exit CODE MEANING, or TOOL output "TEXT" MEANING; tools are \(ToolResults.Tool.allCases.map(\.rawValue).joined(separator: ", ")).
    The first line that fits is shown in details, by show run and report, and in a case. It explains: no outcome follows
    from it. A line of another form stops a repair before anything is touched, and is named with its number.

    """

  private static let trustText = """
    A machine must prove itself before any credential is sent. An unknown host key is asked about once at a prompt and
    refused in scripts; a changed one is always refused. Keys are taken from known_hosts files, and from trust import.

    """
}
