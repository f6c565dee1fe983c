import Remote
import Testing

@Suite("What sc.exe writes")
struct ServiceOutputTests {
  private func block(
    name: String = "SERVICE_NAME", state: String = "4  RUNNING", pid: String? = "4711", labels: [String]? = nil
  ) -> String {
    let labels = labels ?? ["TYPE", "STATE", "WIN32_EXIT_CODE", "SERVICE_EXIT_CODE", "CHECKPOINT", "WAIT_HINT"]
    let values = ["10  WIN32_OWN_PROCESS ", state, "0  (0x0)", "0  (0x0)", "0x0", "0x0"]
    var lines = ["", "\(name): tmlisten"]
    for (label, value) in zip(labels, values) {
      lines.append("        \(label)               : \(value)")
      if label == labels[1] { lines.append("                                (STOPPABLE, NOT_PAUSABLE)") }
    }
    if let pid { lines += ["        PID                : \(pid)", "        FLAGS              : "] }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  private func read(_ text: String) -> ServiceOutput { ServiceOutput(Array(text.utf8)) }

  @Test func `state and process id come by their places`() {
    let output = read(block())
    #expect(output.state == .running)
    #expect(output.processID == 4_711)
    #expect(output.error == nil)
    #expect(output.isRunning)
    #expect(read(block(pid: nil)).processID == nil)
    #expect(read(block(state: "1  STOPPED", pid: "0")).processID == nil)
    #expect(read(block(state: "1  STOPPED", pid: "0")).state == .stopped)
    #expect(read(block(state: "2  START_PENDING")).state == .startPending)
    #expect(read(block(state: "3  STOP_PENDING")).state == .stopPending)
  }

  @Test func `labels may be in any language`() {
    let german = ["TYP", "STATUS", "WIN32_BEENDIGUNGSCODE", "DIENST_BEENDIGUNGSCODE", "PRÜFPUNKT", "WARTEHINWEIS"]
    let japanese = ["種類", "状態", "終了コード", "サービス終了コード", "チェックポイント", "待機"]
    #expect(read(block(name: "DIENSTNAME", labels: german)).processID == 4_711)
    #expect(read(block(name: "サービス名", labels: japanese)).state == .running)
    let shared = block().replacing("10  WIN32_OWN_PROCESS ", with: "e0  WIN32_PACKAGED")
    #expect(read(shared).state == .running)
    #expect(read(shared).processID == 4_711)
  }

  @Test func `errors are numbers before a colon`() {
    let samples: [(String, UInt32)] = [
      ("[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nThe service does not exist.\r\n", 1_060),
      ("[SC] EnumQueryServicesStatus:OpenService FEHLER 1060:\r\n\r\nDer Dienst ist nicht installiert.\r\n", 1_060),
      ("[SC] EnumQueryServicesStatus:échec(s) OpenService 1060 :\r\n\r\nCe service n'existe pas.\r\n", 1_060),
      ("[SC] EnumQueryServicesStatus:OpenService 失敗 1060：\r\n\r\nサービスがありません。\r\n", 1_060),
      ("[SC] OpenService FAILED 5:\r\n\r\nAccess is denied.\r\n", 5),
      ("[SC] StartService FAILED 1056:\r\n\r\nAn instance of the service is already running.\r\n", 1_056),
    ]
    for (text, number) in samples {
      #expect(read(text).error == number)
      #expect(read(text).state == nil)
    }
    #expect(read(samples[0].0).isMissing)
    #expect(read(samples[4].0).isAccessDenied)
    #expect(read(samples[5].0).error == 1_056)
  }

  @Test func `a blank in a code page stands before a French colon`() {
    let bytes = Array("[SC] OpenService ".utf8) + [0x82] + Array("chec 1060".utf8) + [0xFF] + Array(":\r\n".utf8)
    #expect(ServiceOutput(bytes).isMissing)
  }

  @Test func `nothing is made of nothing`() {
    for text in ["", "\r\n", "hello: world", "        TYPE : 10\r\n        STATE : 9\r\n", "x1060:y", "12:"] {
      #expect(read(text).state == nil)
      #expect(read(text).processID == nil)
    }
    #expect(read("x1060: y").error == nil)
    #expect(read("SERVICE_NAME: tm1060: x").error == nil)
  }
}
