import CLibssh
import Remote

/// Counts what a far side makes us take in over one connection, and says when that is more than anybody asked for.
///
/// libssh takes data beyond a channel's window, and data of channels that we have freed; it answers and keeps requests
/// that a server sends to a client. So everything that comes is counted: the bytes of channels where they are handed
/// over, all other bytes as what libssh's own counter has beyond those.
final class FloodMeter {
  private let counter: ssh_counter
  /// Payload of packets that brought data to a channel of ours.
  private var delivered: UInt64 = 0
  private var overflow: String?

  init() {
    counter = .allocate(capacity: 1)
    counter.initialize(to: ssh_counter_struct())
  }

  deinit { counter.deallocate() }

  /// Counts a session from now on, and has libssh answer a server's requests at once instead of keeping them. The
  /// session must be freed before this.
  func watch(_ session: ssh_session) {
    ssh_set_counters(session, nil, counter)
    ssh_set_message_callback(session, { _, _, _ in 1 }, nil)
  }

  /// One packet of data: its bytes, and its head (a channel's number, perhaps a stream's, a length).
  func deliver(_ count: Int) { delivered += UInt64(count) + 16 }

  /// More came over a channel than may: what, as a part of a sentence.
  func exceed(_ what: String) { overflow = overflow ?? what }

  /// What was exceeded; nil while all is well.
  var excess: String? {
    if let overflow { return overflow }
    let all = counter.pointee.in_bytes
    // Whoever is sent a file says now and then that more may come.
    let allowed = UInt64(RemoteLimits.unasked) + counter.pointee.out_bytes / 256
    guard all > delivered, all - delivered > allowed else { return nil }
    return "it sent over \(allowed >> 10) KB that nobody asked for"
  }
}
