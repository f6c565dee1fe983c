import Remote
import Testing

@Suite("Windows paths")
struct WindowsPathTests {
  @Test func `slashes become one kind`() {
    #expect(WindowsPath("C:/Windows/Temp/").text == #"C:\Windows\Temp"#)
    #expect(WindowsPath(#"C:\"#).text == #"C:\"#)
    #expect(WindowsPath(#"C:\Windows"#).forward == "C:/Windows")
    #expect(WindowsPath("C:/a/\u{301}b").text.unicodeScalars.contains("/") == false)
  }

  @Test func `parts`() {
    #expect(WindowsPath(#"C:\Windows"#).parent?.text == #"C:\"#)
    #expect(WindowsPath(#"C:\"#).appending("a").appending("b").text == #"C:\a\b"#)
    #expect(WindowsPath(#"C:\a\b.dat"#).name == "b.dat")
  }
}
