import CSystem

/// The thread that holds libedit: a bare one, since Foundation's comes with a run loop's classes, and the first prompt
/// waits for it.
enum EditorThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// False where there can be no further thread.
  static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    let body = Unmanaged.passRetained(Body(run))
    let code = cs_try_thread(
      "line editor", 1 << 20, { Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().run() },
      body.toOpaque())
    if code != 0 { body.release() }
    return code == 0
  }
}
