/// What kind of machine an endpoint is: decides which program of IpXfer runs there.
package enum EndpointArchitecture: Sendable, Hashable, Codable {
  case x86
  case x64
  /// As the machine names it: `ARM64`, `IA64`.
  case other(String)

  /// From the machine's own `PROCESSOR_ARCHITECTURE` in the registry; a process's variable of that name tells of the
  /// process only.
  package init(processorArchitecture text: String) {
    switch text.uppercased() {
    case "AMD64": self = .x64
    case "X86": self = .x86
    default: self = .other(text)
    }
  }

  package var isSupported: Bool {
    if case .other = self { false } else { true }
  }
}

extension EndpointArchitecture: CustomStringConvertible {
  package var description: String {
    switch self {
    case .x86: "x86"
    case .x64: "x64"
    case .other(let text): text
    }
  }
}
