import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe whose ends no child of ours inherits by accident: one that did would keep it open.
package struct LocalPipe: Sendable {
  package let reading: Int32
  package let writing: Int32

  package init() throws(CommandError) {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends) == 0 else { throw CommandError(.fault, "can't make a pipe: \(LocalPath.errorText())") }
    (reading, writing) = (ends[0], ends[1])
  }

  package func close() {
    for end in [reading, writing] { closeDescriptor(end) }
  }
}

private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
