import Foundation
import Testing

@testable import Shell

@Suite struct ProcessSetupTests {
  @Test func theSoftLimitOfDescriptorsIsRaised() throws {
    var before = rlimit()
    try #require(getLimit(&before) == 0)
    ProcessSetup.allowManyDescriptors()
    var after = rlimit()
    try #require(getLimit(&after) == 0)
    #expect(after.rlim_max == before.rlim_max)
    #expect(after.rlim_cur == max(before.rlim_cur, min(before.rlim_max, rlim_t(ProcessSetup.mostDescriptors))))
  }

  private func getLimit(_ limit: inout rlimit) -> Int32 {
    #if canImport(Glibc)
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #else
      getrlimit(RLIMIT_NOFILE, &limit)
    #endif
  }
}
