import Remote

/// Folders and names over SFTP.
extension SFTPClient {
  func makeFolder(_ path: String) throws(RemoteError) {
    try watched("make folder \(path)") { () throws(RemoteError) in
      let reply = try ask(.makeFolder) {
        $0.add(path)
        $0.add(UInt32(0))
      }
      do throws(RemoteError) {
        try succeed(reply, "make folder \(path)")
      } catch  where error.kind == .protocolFault || error.kind == .accessDenied {
        // Version 3 has no word for it: a plain failure where something of that name is there.
        guard (try? attributes(path)) != nil else { throw error }
        throw RemoteError(.alreadyExists, "\(session.label): make folder \(path): it exists already")
      }
    }
  }

  /// Of the thing itself, not of what a link points to.
  func attributes(_ path: String) throws(RemoteError) -> SFTPAttributes {
    var reply = try ask(.lstat) { $0.add(path) }
    guard reply.kind == .attributes else {
      try succeed(reply, path)
      throw broken()
    }
    guard let attributes = reply.attributes() else { throw broken() }
    return attributes
  }

  func remove(_ path: String) throws(RemoteError) {
    try watched("remove \(path)") { () throws(RemoteError) in
      try succeed(ask(.remove) { $0.add(path) }, "remove \(path)")
    }
  }

  func removeFolder(_ path: String) throws(RemoteError) {
    try watched("remove folder \(path)") { () throws(RemoteError) in
      try succeed(ask(.removeFolder) { $0.add(path) }, "remove folder \(path)")
    }
  }

  /// Files, then their folder; all are asked for before the first answer. What is not there counts as removed.
  func remove(_ files: [String], with folder: String) throws(RemoteError) {
    try watched("remove \(folder)") { () throws(RemoteError) in
      var asked: [(id: UInt32, what: String)] = []
      for file in files { asked.append((try send(.remove) { $0.add(file) }, "remove \(file)")) }
      asked.append((try send(.removeFolder) { $0.add(folder) }, "remove folder \(folder)"))
      var failure: RemoteError?
      for (id, what) in asked {
        let reply = try answer(toOneOf: [id]).reply
        do throws(RemoteError) { try succeed(reply, what) } catch {
          if error.kind != .notFound { failure = failure ?? error }
        }
      }
      if let failure { throw failure }
    }
  }

  func list(_ path: String) throws(RemoteError) -> [RemoteEntry] {
    try watched("list \(path)") { () throws(RemoteError) in
      let what = "list \(path)"
      let handle = try handle(ask(.openFolder) { $0.add(path) }, what)
      let result: Result<[RemoteEntry], RemoteError>
      do throws(RemoteError) { result = .success(try entries(handle, what)) } catch { result = .failure(error) }
      if session.isConnected { _ = try ask(.close) { $0.add(handle) } }
      return try result.get()
    }
  }

  /// The handle that an open answers with.
  func handle(_ reply: SFTPReply, _ what: String) throws(RemoteError) -> [UInt8] {
    var reply = reply
    guard reply.kind == .handle else {
      try succeed(reply, what)
      throw broken()
    }
    guard let bytes = reply.bytes(), bytes.count <= 256 else { throw broken() }
    return Array(bytes)
  }

  private func entries(_ handle: [UInt8], _ what: String) throws(RemoteError) -> [RemoteEntry] {
    var entries: [RemoteEntry] = []
    // Those that are left out count too, and answers without any: a list that brings nothing on must end.
    var seen = 0
    while true {
      var reply = try ask(.readFolder) { $0.add(handle) }
      guard reply.kind == .name else {
        if try status(reply, what) == SFTP.Status.endOfFile { return entries }
        throw broken()
      }
      guard let count = reply.number() else { throw broken() }
      seen += max(1, Int(count))
      guard seen <= RemoteLimits.listing + 10 else { throw tooLong(what) }
      for _ in 0..<count {
        guard let name = reply.text(), name.utf8.count <= RemoteLimits.name, let long = reply.text(),
          let attributes = reply.attributes()
        else {
          throw broken()
        }
        if name == "." || name == ".." { continue }
        let kind = attributes.kind(longName: long)
        entries.append(RemoteEntry(name: name, kind: kind, size: attributes.size, modified: attributes.modified))
      }
      guard entries.count <= RemoteLimits.listing else { throw tooLong(what) }
    }
  }

  private func tooLong(_ what: String) -> RemoteError {
    RemoteError(.tooLarge, "\(session.label): \(what): more than \(RemoteLimits.listing) entries")
  }
}
