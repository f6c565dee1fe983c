#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
package import Commands
import Dispatch

/// ^C and SIGTERM while something runs in the foreground cancel it; the process survives.
package enum Foreground {
  package static func run(_ work: @escaping @Sendable () async -> ExitCode) async -> ExitCode {
    let task = Task { await work() }
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { task.cancel() }
      source.resume()
      return source
    }
    let code = await task.value
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    return code
  }
}
