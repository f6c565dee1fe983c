package import Foundation

extension Pipe {
  /// A pipe whose ends no program that another test starts inherits: one that lives on would keep it open.
  package static func ofOwn() -> Pipe {
    let pipe = Pipe()
    for end in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
      _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
    }
    return pipe
  }
}
