// A shell that does nothing, for the tests of the line editor on a real terminal: it shows what it read, and does on
// request what only a test wants to see. Requests from outside come as lines of the FIFO $PROBE_FIFO:
// `print TEXT`, `prompt TEXT`, `stop`, `exit`.
import DisplayText
import Foundation
import LineEditor
import Remote
import Shell

let environment = ProcessInfo.processInfo.environment
let terminal = Terminal()
let output = TerminalOutput(terminal: terminal)
let asker = Asker(terminal: terminal, output: output)
let history = environment["PROBE_HISTORY"].map { HistoryFile(path: $0) }

struct Words: LineCompleter {
  static let commands = ["transfer": "repair with IpXfer", "trust": "keys of endpoints", "report": "show a run"]

  func complete(line: String, cursor: Int) -> LineCompletion {
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    let word = before.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    let start = cursor - word.utf8.count
    if start == 0 {
      let found = Self.commands.filter { $0.key.hasPrefix(word) }.sorted { $0.key < $1.key }
      return LineCompletion(start: start, candidates: found.map { .init($0.key, description: $0.value) })
    }
    let names = (1...500).map { number in "WS-" + String(1_000 + number).dropFirst() }
    return LineCompletion(start: start, candidates: names.filter { $0.hasPrefix(word) }.map { .init($0) })
  }

  func hint(line: String) -> String? {
    let whole = "list-mismatched --format json"
    return whole.hasPrefix(line) ? String(whole.dropFirst(line.count)) : nil
  }
}

guard terminal.canEdit, let editor = LineEditor(options: terminal.editorOptions, completer: Words()) else {
  output.writeError("probe: no terminal\n")
  exit(70)
}

if let fifo = environment["PROBE_FIFO"] {
  let thread = Thread {
    guard let file = FileHandle(forReadingAtPath: fifo) else { return }
    while true {
      let data = file.availableData
      if data.isEmpty { return }
      for request in String(decoding: data, as: UTF8.self).split(separator: "\n") {
        if request.hasPrefix("print ") { editor.print(String(request.dropFirst(6))) }
        if request == "exit" { exit(3) }
        if request == "stop" { editor.stop() }
        if request.hasPrefix("prompt ") { editor.setPrompt(Prompt(String(request.dropFirst(7)), style: .red)) }
      }
    }
  }
  thread.start()
}

func run(_ line: String) async {
  switch line {
  case "confirm":
    output.write("answer: \(await asker.line("How many? "))\n")
  case "withdrawn":
    let question = Task { await asker.line("How many? ") }
    try? await Task.sleep(for: .milliseconds(300))
    question.cancel()
    output.write("answer: \(await question.value)\n")
  case "secret":
    let answer = await asker.secret("Password: ")
    output.write("secret: \(answer.given.map { $0.reveal { $0.count } } ?? -1) characters\n")
  case "wait":
    await Interrupts.during { interrupt in
      output.write("interrupt \(interrupt.kind) \(interrupt.count)\n")
    } _: {
      output.write("waiting\n")
      try? await Task.sleep(for: .seconds(1))
    }
  case "progress":
    output.showProgress("working " + String(repeating: "x", count: 200))
    try? await Task.sleep(for: .milliseconds(300))
    output.write("result\n")
  default:
    output.write("got: \(VisibleText.of(line))\n")
  }
}

editor.addHistory((try? history?.load())?.map(\.line) ?? [])
loop: while true {
  switch await editor.readLine(prompt: Prompt("probe>", style: .green)) {
  case .line("exit"): break loop
  case .line(let line):
    editor.addHistory(line)
    try? history?.append(line, time: Date().timeIntervalSince1970)
    await run(line)
  case .cancelled: continue
  case .endOfInput: break loop
  case .failed(let error):
    output.writeError("probe: can't read: \(error)\n")
    break loop
  }
}
editor.stop()
output.write("bye\n")
