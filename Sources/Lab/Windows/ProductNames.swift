/// Names of files, services and places that the product has, as `Sources/ApexOne` does not give them.
enum ProductNames {
  static let certificate = "OfcNTCer.dat"
  static let listener = "tmlisten"
  static let scanner = "ntrtscan"
  static let requiredServices = [listener, scanner]
  static let trayProgram = "PccNTMon.exe"
  static let serverFolder = #"C:\Program Files (x86)\Trend Micro\Apex One\PCCSRV"#

  static func agentFolder(on architecture: AgentSpec.Architecture) -> String {
    architecture == .x86
      ? #"C:\Program Files\Trend Micro\Security Agent"#
      : #"C:\Program Files (x86)\Trend Micro\Security Agent"#
  }
}
