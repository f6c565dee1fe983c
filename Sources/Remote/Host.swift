/// What a way of reaching a Windows machine can do there.
package struct HostAbilities: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Run a program with arguments in a folder.
  package static let run = HostAbilities(rawValue: 1)
  /// Make folders; put, get, list and remove files.
  package static let files = HostAbilities(rawValue: 2)
  /// Programs run there may log on to a third machine as the account: a logon by password lets them, one by key does
  /// not.
  package static let network = HostAbilities(rawValue: 4)
}

/// A connection to one Windows machine: the small set of things that everything else is built from.
///
/// `run` may be called while another `run` on the same host is under way (a second channel): that is how services are
/// looked at while a tool still runs. Nothing here waits longer than the caller allows: the caller cuts with `abort`.
package protocol Host: AnyObject, Sendable {
  var abilities: HostAbilities { get }
  /// What the far side took at the logon; nil where there is only one thing it can have been.
  var credential: RemoteError.Credential? { get }

  /// What lines to this machine go through; found out by asking, once a connection. Throws `.unsupported`, with the
  /// reason and the way out, for a shell that can't be quoted for.
  func shell() async throws(RemoteError) -> FarShell

  /// Runs one program to its end. Output beyond `RemoteLimits.output` a stream is dropped and marked so.
  func run(_ command: RemoteCommand) async throws(RemoteError) -> CommandResult

  /// Runs programs that only look, one after the other, each whatever became of those before; in one line to the far
  /// side's shell where it takes that. Their exit codes may be lost then, and errors stand behind the output.
  func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult]

  /// Makes one folder. Throws `.alreadyExists` when anything of that name is there.
  func makeFolder(_ folder: WindowsPath) async throws(RemoteError)
  /// Writes a whole file, replacing it.
  func put(_ bytes: [UInt8], to file: WindowsPath) async throws(RemoteError)
  /// Reads a whole file. Throws `.tooLarge` when it holds more than `limit` bytes, `.notFound` when it isn't there.
  func get(_ file: WindowsPath, limit: Int) async throws(RemoteError) -> [UInt8]
  /// What is in a folder, without `.` and `..`; at most `RemoteLimits.listing` entries, else `.tooLarge`.
  func list(_ folder: WindowsPath) async throws(RemoteError) -> [RemoteEntry]
  /// What is there under a path, a link itself and not what it points to; nil where nothing is, or it can't be told.
  func entry(at path: WindowsPath) async throws(RemoteError) -> RemoteEntry?
  func removeFile(_ file: WindowsPath) async throws(RemoteError)
  /// Removes an empty folder.
  func removeFolder(_ folder: WindowsPath) async throws(RemoteError)

  /// Writes whole files into one folder, in order. Where one fails, those before it are there.
  func put(_ files: [RemoteFile], into folder: WindowsPath) async throws(RemoteError)
  /// Reads files of one folder and gives the name of the first that is not what it should be; nil where all are.
  func firstDifference(_ files: [RemoteFile], in folder: WindowsPath) async throws(RemoteError) -> String?
  /// Removes files of one folder, then the folder. What is gone already counts as removed.
  func remove(_ files: [String], with folder: WindowsPath) async throws(RemoteError)

  /// Cuts the connection at once, from any thread: whatever is under way throws `.dropped`.
  func abort()
  /// Ends the connection in good order. Safe to call twice, and after `abort`.
  func close() async
}

extension Host {
  package var credential: RemoteError.Credential? { nil }

  package func run(inTurn commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    try await run(oneByOne: commands)
  }

  /// The same with a call for each.
  package func run(oneByOne commands: [RemoteCommand]) async throws(RemoteError) -> [CommandResult] {
    var results: [CommandResult] = []
    for command in commands { results.append(try await run(command)) }
    return results
  }

  /// Throws `.unsupported`, with the reason and the way out, for a command that can't reach this machine unchanged.
  package func check(_ command: RemoteCommand) async throws(RemoteError) {
    try CommandLineQuoting.check(command, shells: [try await shell()])
  }
}

package struct RemoteEntry: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case file, folder, link, other }
  package var name: String
  package var kind: Kind
  /// Bytes, where known.
  package var size: UInt64?
  /// Seconds since 1970, where known.
  package var modified: Int64?
  package init(name: String, kind: Kind, size: UInt64? = nil, modified: Int64? = nil) {
    self.name = name
    self.kind = kind
    self.size = size
    self.modified = modified
  }
}

/// Caps on what a far side can make us hold.
package enum RemoteLimits {
  /// Bytes of each of standard output and standard error.
  package static let output = 1 << 20
  /// Entries of a folder.
  package static let listing = 1_000
  /// Bytes of an entry's name.
  package static let name = 1_024
  /// Bytes that a program may write, kept or not, before its connection is cut: no tool of ours says so much.
  package static let flood = 64 << 20
  /// Bytes that wait in a file transfer's channel: some more than what is asked for at once.
  package static let waiting = 1 << 20
  /// Bytes of all else that a far side sends over a connection and nobody asked for.
  package static let unasked = 1 << 20
}
