import ApexOne

/// What a setting means, which values it takes, and what holds where none was given.
package struct SettingDefinition: Sendable {
  package let key: SettingKey
  package let help: String
  /// Nil where there is none.
  package let standard: String?
  package let form: SettingForm

  /// The value in its standard spelling; a malformed one is an error that says what would be right.
  package func canonical(_ text: String) throws(CommandError) -> String {
    do throws(AddressError) {
      if let value = try form.canonical(text) { return value }
    } catch {
      // The text may hold a password: it is not quoted.
      throw CommandError(.misuse, "\(key.rawValue) can't be that: \(error)")
    }
    throw CommandError(
      .misuse, "\(key.rawValue) can't be '\(OutputText.visible(text))'; it must be \(form.description)")
  }

  package static func of(_ key: SettingKey) -> SettingDefinition {
    guard let row = rows.first(where: { $0.0 == key }) else { preconditionFailure("no definition of \(key.rawValue)") }
    return SettingDefinition(key: key, help: row.3, standard: row.2, form: row.1)
  }

  private static let rows: [(SettingKey, SettingForm, String?, String)] = [
    (.server, .serverAddress, nil, "where the server's PCCSRV folder is, and how to reach it"),
    (
      .serverName, .serverName, nil,
      "what agents call the server (IpXfer's -s), a name or an address; default from ofcscan.ini"
    ),
    (.serverAliases, .serverNames, nil, "other names and addresses that agents may know the server by"),
    (.httpPort, .port, nil, "the server's HTTP port (IpXfer's -p); default from ofcscan.ini"),
    (.httpsPort, .port, nil, "the server's HTTPS port (IpXfer's -sp); default from ofcscan.ini"),
    (.agentPort, .port, nil, "the agents' listening port (IpXfer's -c); default from ofcscan.ini, none built in"),
    (
      .product, .oneOf(["apex-one", "apex-one-saas", "officescan-xg", "officescan-11", "officescan-10"]), nil,
      "decides IpXfer's switches; Apex One is known by its folder, another must be set"
    ),
    (
      .transport, .transportChain, nil,
      "how endpoints are reached: ssh://{agent}.contoso.local or lab; several are tried in order, joined by ,"
    ),
    (.user, .text, nil, "the account for endpoints"),
    (.identityFile, .path, nil, "the private key file of that account"),
    (.certificate, .path, nil, "the certificate to deploy; default the server's own"),
    (.parallel, .number(1...4_096), "32", "agents worked on at once"),
    (.retries, .number(0...20), "2", "how often connecting, looking, staging, cleaning up are tried again"),
    (.waves, .waves, "1,20,10%,100%", "sizes of the waves of a run"),
    (.wavePause, .pause, "0s", "time to wait between two waves of a run"),
    (.keepTrying, .pause, "0s", "how long agents that can't be reached are tried again"),
    (.maxFailures, .budget, "5%", "failures that stop a run, at least 3 where it is a percentage"),
    (
      .maxWaveFailures, .budget, "20%",
      "failures of one wave that may be, for the next to begin; at least 1 in the first and 3 later where it is a percentage"
    ),
    (.maxUnprotected, .budget, "1", "agents left unprotected that stop a run"),
    (.logonsInFlight, .number(1...64), "3", "logons by password at once, when three endpoints have taken it"),
    (
      .despiteRefusals, .yesOrNo, "no",
      "log on by password although the account was refused three times in half an hour; of this session alone"
    ),
    (.timeoutConnect, .duration, "15s", "time for a connection and logon"),
    (.timeoutCopy, .duration, "5m", "time for each look at an endpoint, and for its files together"),
    (.timeoutExecute, .duration, "10m", "time for the tool at one endpoint"),
    (.timeoutSettle, .duration, "5m", "time for the services to come back"),
    (.timeoutList, .duration, "30m", "time for the server to make its list"),
    (.production, .yesOrNo, "no", "marks the prompt red"),
    (.pager, .text, "off", "a local command that long results are shown through, or off"),
    (.color, .oneOf(["auto", "always", "never"]), "auto", "colours on the terminal"),
    (.onError, .oneOf(["stop", "continue"]), "stop", "what a command file does after a line that failed"),
  ]
}
