/// All keys, their values, and where each came from. Secrets show as dots.
enum SettingsTable {
  static func write(in invocation: Invocation) async throws {
    let rows = invocation.rows([ResultColumn("key"), ResultColumn("value"), ResultColumn("source")])
    let settings = await invocation.state.settings
    for key in SettingKey.allCases {
      let entry = settings[key]
      try rows.write([.text(key.rawValue), ResultValue(entry?.text), ResultValue(entry?.source.description)])
    }
    let secrets = await invocation.state.secrets.sources
    for key in SecretKey.allCases {
      let known = secrets.first { $0.key == key }
      try rows.write([
        .text(key.rawValue), known == nil ? .null : "••••",
        ResultValue(known.map { "\($0.origin.description), \($0.source.description)" }),
      ])
    }
    try rows.end()
  }
}
