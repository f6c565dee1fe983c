import Commands
import Foundation
import Testing

@testable import Shell

@Suite struct TerminalTests {
  private func terminal(_ environment: [String: String], noColor: Bool = false) -> Terminal {
    Terminal(input: true, output: true, error: true, environment: { environment[$0] }, noColor: noColor)
  }

  @Test func colors() {
    #expect(terminal(["TERM": "xterm"]).color)
    #expect(!terminal(["TERM": "xterm"], noColor: true).color)
    #expect(!terminal(["TERM": "xterm", "NO_COLOR": "1"]).color)
    #expect(terminal(["TERM": "xterm", "NO_COLOR": ""]).color)
    #expect(!terminal(["TERM": "dumb"]).color)
    #expect(!terminal([:]).movesCursor)
  }

  @Test func outputToNoTerminalHasNoColors() {
    #expect(!Terminal(input: true, output: false, error: true, environment: { _ in "xterm" }, noColor: false).color)
  }

  @Test func editingNeedsBothEnds() {
    for (input, output) in [(true, false), (false, true), (false, false)] {
      #expect(!Terminal(input: input, output: output, error: true, environment: { _ in nil }, noColor: false).canEdit)
    }
  }

  @Test func outsideTextIsMadeVisible() {
    #expect(OutputText.visible("WS\u{202E}1\n") == "WS\\u{202E}1\\n")
  }
}

@Suite struct ProgressLineTests {
  private let start = ContinuousClock.now

  @Test func isDrawnAtMostFourTimesASecond() {
    var line = ProgressLine(isShown: true)
    let drawn = (0..<100).compactMap { step in
      line.drawing(of: "\(step)", columns: 80, now: start + .milliseconds(10 * step))
    }
    #expect(drawn == ["\r0\u{1b}[K", "\r25\u{1b}[K", "\r50\u{1b}[K", "\r75\u{1b}[K"])
  }

  @Test func neverTakesTwoRows() {
    var line = ProgressLine(isShown: true)
    #expect(line.drawing(of: "ab\ncdefghi", columns: 10, now: start) == "\rab\\ncd…\u{1b}[K")
  }

  @Test func isErasedOnce() {
    var line = ProgressLine(isShown: true)
    #expect(line.erasing() == nil)
    _ = line.drawing(of: "x", columns: 80, now: start)
    #expect(line.erasing() == "\r\u{1b}[K")
    #expect(line.erasing() == nil)
    #expect(line.drawing(of: "y", columns: 80, now: start) != nil)
  }

  @Test func isNotDrawnWithoutATerminal() {
    var line = ProgressLine(isShown: false)
    #expect(line.drawing(of: "x", columns: 80, now: start) == nil)
    #expect(line.erasing() == nil)
  }
}

@Suite struct TerminalOutputTests {
  @Test func progressMakesWayForBoth() throws {
    let pipe = Pipe.ofOwn()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    let output = TerminalOutput(output: descriptor, error: descriptor, showsProgress: true, width: { 80 })
    output.showProgress("1 of 2")
    #expect(output.write("result\n") == .written)
    output.showProgress("2 of 2")
    output.writeError("note\n")
    output.clearProgress()
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text == "\r1 of 2\u{1b}[K\r\u{1b}[Kresult\n\r2 of 2\u{1b}[K\r\u{1b}[Knote\n")
  }

  @Test func aReaderThatLeftIsNoError() throws {
    ProcessSetup.run()
    let pipe = Pipe.ofOwn()
    try pipe.fileHandleForReading.close()
    #expect(Descriptor.write("x", to: pipe.fileHandleForWriting.fileDescriptor) == .readerGone)
  }

  @Test func aFullDiskIs() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    defer { close(full) }
    #expect(Descriptor.write("x", to: full) == .failed(ENOSPC))
    #expect(Descriptor.write("", to: full) == .written)
  }

  @Test func aSlowReaderOfANonBlockingPipeGetsAll() async throws {
    let pipe = Pipe.ofOwn()
    let writing = pipe.fileHandleForWriting.fileDescriptor
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let text = String(repeating: "0123456789", count: 100_000)
    async let read = Task.detached { pipe.fileHandleForReading.readDataToEndOfFile().count }.value
    #expect(Descriptor.write(text, to: writing) == .written)
    try pipe.fileHandleForWriting.close()
    #expect(await read == text.utf8.count)
  }
}

@Suite(.serialized) struct InterruptsTests {
  @Test func areCounted() async throws {
    let watch = Interrupts()
    defer { watch.end() }
    var events = watch.events.makeAsyncIterator()
    // One after the other: two that wait at the same time are one to the kernel.
    for (number, expected) in [
      (SIGINT, Interrupt(kind: .interrupt, count: 1)), (SIGINT, Interrupt(kind: .interrupt, count: 2)),
      (SIGTERM, Interrupt(kind: .terminate, count: 1)), (SIGINT, Interrupt(kind: .interrupt, count: 3)),
    ] {
      kill(getpid(), number)
      #expect(await events.next() == expected)
    }
  }

  @Test func theInnermostWatchGetsThem() async throws {
    let outer = Interrupts()
    let inner = Interrupts()
    kill(getpid(), SIGINT)
    var events = inner.events.makeAsyncIterator()
    #expect(await events.next() == Interrupt(kind: .interrupt, count: 1))
    inner.end()
    #expect(await events.next() == nil)
    kill(getpid(), SIGINT)
    var outerEvents = outer.events.makeAsyncIterator()
    #expect(await outerEvents.next() == Interrupt(kind: .interrupt, count: 1))
    outer.end()
  }

  @Test func afterwardsTheyDoWhatTheyDidBefore() async throws {
    var before = sigaction()
    sigaction(SIGINT, nil, &before)
    let watch = Interrupts()
    var during = sigaction()
    sigaction(SIGINT, nil, &during)
    #expect(address(during) != address(before))
    watch.end()
    watch.end()
    var after = sigaction()
    sigaction(SIGINT, nil, &after)
    #expect(address(after) == address(before))
  }

  private func address(_ action: sigaction) -> UInt {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: UInt.self)
  }
}
