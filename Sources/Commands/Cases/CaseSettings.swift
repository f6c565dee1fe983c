/// `settings.txt`: the context, with the sources of its secrets in place of their values.
enum CaseSettings {
  static func text(in invocation: Invocation) async -> String {
    var lines = SettingKey.allCases.map { key in
      let entry = invocation.settings[key]
      return "\(key.rawValue): " + (entry.map { "\($0.text)   (\($0.source))" } ?? "not set")
    }
    let sources = await invocation.secrets.sources
    lines += SecretKey.allCases.map { key in
      "\(key.rawValue): " + (sources.first { $0.key == key }.map { "set, \($0.source.description)" } ?? "not set")
    }
    return lines.map(OutputText.visible).joined(separator: "\n") + "\n"
  }
}
