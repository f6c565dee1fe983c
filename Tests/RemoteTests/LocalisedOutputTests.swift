import Remote
import Testing

/// The documented layouts in the words and code pages of other languages. The words are from knowledge, not captured:
/// what counts is that nothing depends on them.
@Suite("What reg.exe and sc.exe write in other languages")
struct LocalisedOutputTests {
  struct Language: Sendable, CustomTestStringConvertible {
    let name: String
    let pages: [CodePage]
    var standard: String
    var unset: String
    var found: String
    var notFound: String
    var failed: @Sendable (String, Int) -> String
    var sentence: String
    /// A name and a text with the language's own letters.
    var name2: String
    var text: String
    var labels: [String]
    var testDescription: String { name }
  }

  static let languages = [
    Language(
      name: "English", pages: [.american, .western, .windows], standard: "(Default)", unset: "(value not set)",
      found: "End of search: 1 match(es) found.",
      notFound: "ERROR: The system was unable to find the specified registry key or value.",
      failed: { "[SC] \($0) FAILED \($1):" },
      sentence: "The specified service does not exist as an installed service.", name2: "Comment", text: "naïve café",
      labels: ["TYPE", "STATE", "WIN32_EXIT_CODE", "SERVICE_EXIT_CODE", "CHECKPOINT", "WAIT_HINT"]),
    Language(
      name: "German", pages: [.american, .western, .windows], standard: "(Standard)", unset: "(Wert nicht festgelegt)",
      found: "Ende der Suche: 1 Übereinstimmung(en) gefunden.",
      notFound: "FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.",
      failed: { "[SC] \($0) FEHLER \($1):" }, sentence: "Der angegebene Dienst ist kein installierter Dienst.",
      name2: "Größe", text: "Straße äöü ÄÖÜ",
      labels: ["TYP", "STATUS", "WIN32_BEENDIGUNGSCODE", "DIENST_BEENDIGUNGSCODE", "PRÜFPUNKT", "WARTEHINWEIS"]),
    Language(
      name: "French", pages: [.american, .western, .windows], standard: "(par défaut)", unset: "(valeur non définie)",
      found: "Fin de la recherche : 1 correspondance(s) trouvée(s).",
      notFound: "ERREUR : le système n'a pas trouvé la clé ou la valeur de Registre spécifiée.",
      failed: { "[SC] \($0) échec(s) \($1)\u{A0}:" },
      sentence: "Le service spécifié n'existe pas en tant que service installé.", name2: "Société",
      text: "être là où ça",
      labels: ["TYPE", "ÉTAT", "CODE_SORTIE_WIN32", "CODE_SORTIE_SERVICE", "POINT DE CONTRÔLE", "INDICATION D'ATTENTE"]),
    Language(
      name: "Japanese", pages: [.japanese], standard: "(既定)", unset: "(値の設定なし)",
      found: "検索の完了: 1 件一致しました。",
      notFound: "エラー: 指定されたレジストリ キーまたは値が見つかりませんでした。",
      failed: { $1 == 5 ? "[SC] \($0) 失敗 \($1)：" : "[SC] \($0) FAILED \($1):" },
      sentence: "指定されたサービスはインストールされたサービスとして存在しません。",
      // Their second bytes are a backslash and a bar.
      name2: "表示ソ", text: "機能ポ表",
      labels: ["種類", "状態", "WIN32_終了コード", "サービス終了コード", "チェックポイント", "待機ヒント"]),
  ]

  @Test(arguments: languages) func `a key's values`(language: Language) throws {
    let text =
      ("\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\TrendMicro\\PC-cillinNTCorp\\CurrentVersion\r\n"
        + "    \(language.standard)    REG_SZ    \(language.unset)\r\n    Server    REG_SZ    apexone.contoso.local\r\n"
        + "    \(language.name2)    REG_SZ    \(language.text)\r\n    ServerPort    REG_DWORD    0x1f90\r\n"
        + "    Application Path    REG_SZ    C:\\Program Files (x86)\\Trend Micro\\Security Agent\\\r\n\r\n"
        + "HKEY_LOCAL_MACHINE\\SOFTWARE\\TrendMicro\\PC-cillinNTCorp\\CurrentVersion\\Misc.\r\n\r\n\(language.found)\r\n")
    for page in language.pages {
      let output = RegistryOutput(try page.encode(text), exitCode: 0)
      #expect(output.values.count == 5, "\(page): \(output.values)")
      #expect(output["Server"]?.text == "apexone.contoso.local")
      #expect(output["ServerPort"]?.number == 8_080)
      #expect(output["Application Path"]?.text == #"C:\Program Files (x86)\Trend Micro\Security Agent\"#)
      #expect(output.values.values.allSatisfy { $0.type == "REG_SZ" || $0.type == "REG_DWORD" })
    }
  }

  @Test(arguments: languages) func `a key that isn't there`(language: Language) throws {
    for page in language.pages {
      let result = CommandResult(exitCode: 1, errors: try page.encode(language.notFound + "\r\n"))
      #expect(RegistryOutput(result).isMissing)
      #expect(RegistryOutput(result).values.isEmpty)
    }
  }

  private func block(_ language: Language, state: String, pid: Int, labels: [String]) -> String {
    let values = ["10  WIN32_OWN_PROCESS  ", state, "0  (0x0)", "0  (0x0)", "0x0", "0x7d0"]
    var text = "\r\nSERVICE_NAME: tmlisten \r\n"
    for (label, value) in zip(labels, values) {
      text += "        \(label)               : \(value)\r\n"
      if label == labels[1] {
        text += "                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)\r\n"
      }
    }
    return text + "        PID                : \(pid)\r\n        FLAGS              : \r\n"
  }

  @Test(arguments: languages) func `a service`(language: Language) throws {
    for page in language.pages where page != .american || language.name != "French" {
      for labels in [language.labels, LocalisedOutputTests.languages[0].labels] {
        for (word, state) in [("4  RUNNING ", ServiceState.running), ("3  STOP_PENDING ", .stopPending)] {
          let text = block(language, state: word, pid: 4_711, labels: labels)
          let output = ServiceOutput(try page.encode(text))
          #expect(output.state == state, "\(page)")
          #expect(output.processID == 4_711)
          #expect(output.error == nil)
        }
        let stopped = ServiceOutput(
          try page.encode(block(language, state: "1  STOPPED ", pid: 0, labels: labels)))
        #expect(stopped.state == .stopped && stopped.processID == nil)
      }
    }
  }

  @Test(arguments: languages) func `a service that can't be asked or started`(language: Language) throws {
    for page in language.pages {
      func read(_ call: String, _ number: Int) throws -> ServiceOutput {
        ServiceOutput(try page.encode(language.failed(call, number) + "\r\n\r\n\(language.sentence)\r\n\r\n"))
      }
      let missing = try read("EnumQueryServicesStatus:OpenService", 1_060)
      #expect(missing.isMissing && missing.state == nil, "\(page)")
      #expect(try read("OpenService", 5).isAccessDenied, "\(page)")
      #expect(try read("StartService", 1_056).error == 1_056)
      #expect(try read("StartService", 1_053).error == 1_053)
    }
  }

  @Test func `what stood before counts for nothing`() throws {
    let motd = "\r\nMaintenance at 22:00, call 110: now\r\n   Building: 7\r\n   Floor: 4\r\n   Room: 12\r\n\r\n"
    let running = block(Self.languages[0], state: "1  STOPPED ", pid: 0, labels: Self.languages[0].labels)
    #expect(ServiceOutput(Array((motd + running).utf8)).state == .stopped)
    let missing = motd + "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nNo such service.\r\n"
    #expect(ServiceOutput(Array(missing.utf8)).isMissing)
    #expect(ServiceOutput(Array(missing.utf8)).state == nil)
    let registry = motd + "    Server    REG_SZ    a\r\n"
    #expect(RegistryOutput(Array(registry.utf8), exitCode: 0).values.keys.sorted() == ["Server"])
  }
}
