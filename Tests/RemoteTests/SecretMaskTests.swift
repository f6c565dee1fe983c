import Remote
import Testing

@Suite struct SecretMaskTests {
  @Test(arguments: [
    ("P@ssw0rd", #"-pwd P@ssw0rd"#), ("P@ssw0rd", #"-pwd P^@ssw0rd"#), (#"Hidden"Word7"#, #"-pwd "Hidden\"Word7""#),
    (#"Hidden"Word7"#, #"-pwd Hidden""Word7"#), ("gehäuse-Schlüssel", "-pwd geh\u{FFFD}use-Schl\u{FFFD}ssel"),
    ("plain7", "plain7plain7"), ("P@ssw0rd", "-PWD P@SSW0RD"), ("P@ssw0rd", "p@ssw0rd"),
  ])
  func everyFormOfItIsHidden(secret: String, text: String) throws {
    let masked = try #require(Secret(secret).masked(in: text))
    for run in secret.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber)) }) where run.count > 3 {
      #expect(!masked.lowercased().contains(run.lowercased()), "\(masked)")
    }
    #expect(masked.contains(Secret.dots))
  }

  @Test func whatCouldStandAnywhereIsNotKept() {
    #expect(Secret(#"a"b!c"#).masked(in: "anything") == nil)
    #expect(Secret("").masked(in: "anything") == "anything")
    #expect(Secret("abc").masked(in: "abc and abd") == "\(Secret.dots) and abd")
  }
}
