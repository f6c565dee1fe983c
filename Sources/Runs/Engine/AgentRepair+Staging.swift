import ApexOne
import Remote

extension AgentRepair {
  /// Locks the endpoint and puts the tool's files there, or nothing. What a try that failed has put there is removed.
  /// Returns who else works there, if anybody does.
  func stage(isForTool: Bool) async throws -> String? {
    let files = isForTool ? engine.work.files(machine.base.architecture ?? .x64) : []
    do {
      if connection.host == nil { try await connection.openPatiently() }
      return try await stage(files, under: try await root())
    } catch let error as RemoteError {
      await cleanUp()
      throw error
    }
  }

  /// Takes the endpoint's lock again and removes the folder that an earlier attempt left.
  func takeOver(_ folder: WindowsPath?) async throws(RemoteError) -> String? {
    let root = try await root()
    if let holder = try await takeLock(in: root, mayBeOurs: true) { return holder }
    guard let folder, folder.name.hasPrefix(Staging.prefix), folder.parent == root else { return nil }
    try await connection.within(options.copySeconds, "cleaning up") { host throws(RemoteError) in
      try await Staging.left(in: folder, on: host)?.remove(host)
    }
    note(.cleaned(folder))
    return nil
  }

  /// Windows' own folder there.
  private func root() async throws(RemoteError) -> WindowsPath {
    if let systemRoot { return systemRoot }
    let root = try await looking { host throws(RemoteError) in try await EndpointLook.systemRoot(host) }
    systemRoot = root
    return root
  }

  private func stage(_ files: [StagedFile], under root: WindowsPath) async throws -> String? {
    let staging = Staging(systemRoot: root, names: files.map(\.name))
    try await intend(.stage(folder: files.isEmpty ? nil : staging.folder))
    connection.mustCleanUp = true
    do {
      let holder = try await takeLock(in: root, mayBeOurs: lockBrokeOff)
      lockBrokeOff = false
      if let holder { return holder }
    } catch {
      // What was refused was not made.
      lockBrokeOff = error.isTransient
      throw error
    }
    if files.isEmpty { return nil }
    // From here on whatever happens is cleaned up, so the folder is known before it is made.
    self.staging = staging
    try await connection.within(options.copySeconds, "copying") { host throws(RemoteError) in
      try await staging.fill(host, with: files)
    }
    note(.staged("\(files.count) files, \(files.reduce(0) { $0 + $1.bytes.count }) bytes, read back equal"))
    return nil
  }

  /// Nil where the lock is ours now; else who holds it.
  private func takeLock(in root: WindowsPath, mayBeOurs: Bool) async throws(RemoteError) -> String? {
    var lock = EndpointLock(
      systemRoot: root, run: engine.run, position: position, installation: engine.journal.installation,
      isUnderWay: { [journal = engine.journal] in journal.isUnderWay($0) })
    let date = engine.clock.date
    let holder = try await connection.within(options.copySeconds, "locking") { host throws(RemoteError) in
      try await lock.take(host, at: date, mayBeOurs: mayBeOurs)
    }
    if holder == nil { self.lock = lock }
    return holder
  }

  /// Says anew that we work here, where that is due; what goes wrong meets the next step.
  func refreshLock() async {
    guard connection.host != nil, let old = lock else { return }
    let date = engine.clock.date
    let refreshed = try? await connection.within(options.copySeconds, "locking") { host throws(RemoteError) in
      var refreshed = old
      try? await refreshed.refresh(host, at: date)
      return refreshed
    }
    if let refreshed { lock = refreshed }
  }

  /// Removes what is ours, on the open connection or a new one; what stays is journaled and shown.
  func cleanUp() async {
    guard staging != nil || lock != nil else { return }
    var tries = 0
    while true {
      do throws(RemoteError) {
        if connection.host == nil {
          guard mayConnect else { throw RemoteError(.dropped, "no connection") }
          try await connection.open()
        }
        try await removeOurs()
        note(.cleaned(nil))
        return
      } catch {
        await connection.close()
        guard let pause = RetryPolicy.cleanUp(options).pause(after: tries, error, conditions) else {
          await releaseLockAlone()
          return leaveBehind(error)
        }
        tries += 1
        connection.countRetry()
        await connection.pause(pause)
      }
    }
  }

  /// After a refused password the gate decides.
  private var mayConnect: Bool { !engine.controls.cutsAll }

  /// The folder, and whatever becomes of that the lock: it would keep others out.
  private func removeOurs() async throws(RemoteError) {
    var failure: RemoteError?
    do throws(RemoteError) { try await removeFolder() } catch { failure = error }
    do throws(RemoteError) { try await releaseLock() } catch { failure = failure ?? error }
    if let failure { throw failure }
  }

  private func removeFolder() async throws(RemoteError) {
    guard let staging else { return }
    try await connection.within(options.copySeconds, "cleaning up") { host throws(RemoteError) in
      try await staging.remove(host)
    }
    self.staging = nil
  }

  private func releaseLock() async throws(RemoteError) {
    guard let lock else { return }
    try await connection.within(options.copySeconds, "cleaning up") { host throws(RemoteError) in
      try await lock.release(host)
    }
    self.lock = nil
  }

  /// Where each try to remove the folder took the connection along, the lock was never tried.
  private func releaseLockAlone() async {
    guard staging != nil, lock != nil, mayConnect else { return }
    do throws(RemoteError) {
      try await connection.open()
      try await releaseLock()
    } catch {
      await connection.close()
    }
  }

  func leftBehind(_ text: String) {
    leftovers.append(text)
    note(.leftBehind(text))
  }

  private func leaveBehind(_ error: RemoteError) {
    let places = [staging?.folder.text, lock?.folder.text].compactMap(\.self)
    let text = "\(places.joined(separator: " and ")) (\(error.message))"
    leftBehind(text)
    // Whoever stages once more does so in another folder.
    (staging, lock) = (nil, nil)
  }
}
