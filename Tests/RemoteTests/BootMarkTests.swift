import Testing

@testable import Remote

/// Was a machine rebooted between two looks?
@Suite struct BootMarkTests {
  private let first = BootMark(shutdown: "80A1B2C3D4E5F601", processID: 812)

  @Test(
    arguments: [
      ("80A1B2C3D4E5F601", 812, .same), ("80A1B2C3D4E5F602", 812, .rebooted), ("80A1B2C3D4E5F601", 900, .rebooted),
      ("80A1B2C3D4E5F602", 900, .rebooted), (nil, 812, .unknown), ("80A1B2C3D4E5F601", nil, .unknown),
      (nil, 900, .rebooted), ("80A1B2C3D4E5F602", nil, .rebooted), (nil, nil, .unknown),
    ] as [(String?, UInt32?, BootMark.Comparison)])
  func oneDifferenceIsEnough(shutdown: String?, processID: UInt32?, expected: BootMark.Comparison) {
    #expect(BootMark(shutdown: shutdown, processID: processID).since(first) == expected)
  }

  @Test func aLineReadsBack() {
    for mark in [first, BootMark(shutdown: nil, processID: 4), BootMark(shutdown: nil, processID: nil)] {
      #expect(BootMark(line: mark.line) == mark)
    }
    #expect(BootMark(line: "nonsense rpcss=x shutdown=") == BootMark(shutdown: "", processID: nil))
  }
}
