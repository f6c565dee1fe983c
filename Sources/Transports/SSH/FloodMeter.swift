import CLibssh
import Remote

/// Counts what a far side makes us take in over one connection, and says when that is more than anybody asked for.
///
/// libssh takes data beyond a channel's window, and data of channels that we have freed; it answers and keeps requests
/// that a server sends to a client. So everything that comes is counted: the bytes of channels where they are handed
/// over, all other bytes as what libssh's own counter has beyond those. That counter has whole packets only, and after
/// a message that libssh does not let pass it takes in bytes and makes no packets of them: so what it reads from the
/// socket is counted, too.
final class FloodMeter {
  /// Payload of whole packets, and all bytes of the socket.
  private let (counter, raw): (ssh_counter, ssh_counter)
  /// How many packets there were when another was seen last, and the bytes read until then.
  private var packets: UInt64 = 0
  private var bytesAtPacket: UInt64 = 0
  /// Payload of packets that brought data to a channel of ours.
  private var delivered: UInt64 = 0
  private var overflow: String?

  /// What a packet counts as at least: an empty one is work as well.
  static let least = 64

  init() {
    counter = .allocate(capacity: 1)
    counter.initialize(to: ssh_counter_struct())
    raw = .allocate(capacity: 1)
    raw.initialize(to: ssh_counter_struct())
  }

  deinit {
    counter.deallocate()
    raw.deallocate()
  }

  /// Counts a session from now on, and has libssh answer a server's requests at once instead of keeping them. The
  /// session must be freed before this.
  func watch(_ session: ssh_session) {
    ssh_set_counters(session, raw, counter)
    ssh_set_message_callback(session, { _, _, _ in 1 }, nil)
  }

  /// One packet of data: its bytes, and its head (a channel's number, perhaps a stream's, a length).
  func deliver(_ count: Int) { delivered += UInt64(count + 16 + FloodMeter.least) }

  /// More came over a channel than may: what, as a part of a sentence.
  func exceed(_ what: String) { overflow = overflow ?? what }

  /// What was exceeded; nil while all is well. `isOpen`: we are logged on; before, nothing comes but keys, banners,
  /// lists of methods and prompts.
  func excess(isOpen: Bool) -> String? {
    if let overflow { return overflow }
    let (read, most) = (raw.pointee.in_bytes, UInt64(RemoteLimits.unasked))
    if !isOpen, read > most { return "it sent over \(most >> 10) KB before the logon was done" }
    if counter.pointee.in_packets != packets {
      (packets, bytesAtPacket) = (counter.pointee.in_packets, read)
    } else if read - bytesAtPacket > most {
      return "it sent over \(most >> 10) KB after a message that nobody asked for"
    }
    let all = counter.pointee.in_bytes + counter.pointee.in_packets * UInt64(FloodMeter.least)
    // Whoever is sent a file says now and then that more may come.
    let allowed = UInt64(RemoteLimits.unasked) + counter.pointee.out_bytes / 256
    guard all > delivered, all - delivered > allowed else { return nil }
    return "it sent over \(allowed >> 10) KB that nobody asked for"
  }
}
