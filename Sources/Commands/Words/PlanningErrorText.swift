import Runs

// Why a repair can't be planned or carried out, in words, with what can be done about it.
extension PlanningError: PresentableError {
  package var exitCode: ExitCode {
    switch self {
    case .noCertificate, .certificateExpired, .certificateNotYetValid, .noCanary, .noSuchRun, .runOfOtherServer:
      .unusableInput
    case .productUnknown, .targetUnknown: .misuse
    case .remedy(let error): error.exitCode
    case .otherCertificate, .noUnloadPassword, .listTooOld, .planWithoutDate, .planOfOtherServer, .changed, .newResults,
      .allRefused, .notConfirmed:
      .refused
    }
  }

  package var message: String {
    switch self {
    case .noCertificate(let problem): problem ?? "the server has no certificate; see: check server"
    case .certificateExpired(let serial, let date):
      "the certificate (serial \(serial)) expired on \(TimeText.date(date)); repair the server first (check server)"
    case .certificateNotYetValid(let serial, let date):
      "the certificate (serial \(serial)) is valid only from \(TimeText.date(date)); check the clocks"
    case .otherCertificate(let serial, let own, let number):
      Self.otherCertificate(serial, own, ofCase: number)
    case .productUnknown: "the product is not known from the folder's name; set product apex-one or another"
    case .targetUnknown(let value):
      "\(value.key.rawValue) is not known: ofcscan.ini has none that can be used; set \(value.key.rawValue)"
    case .noUnloadPassword:
      "no unload-password; give it by: set unload-password, or at the start by --unload-password-from-file FILE; or say "
        + "--no-unload-password"
    case .remedy(let error): error.message
    case .listTooOld(let list, let age): "\(list.text) \(age.sentence); \(list.remedy), or give --old-list"
    case .planWithoutDate:
      "the plan does not say when its list was taken, so its age is not known; plan anew, or give --old-list"
    case .planOfOtherServer(let server, let here):
      "the plan is for \(OutputText.visible(server)), and the current server is \(here); connect to it first"
    case .changed(let moment, let differences):
      "not what was \(moment.rawValue): \(OutputText.visible(differences.joined(separator: "; "))); plan anew; nothing was "
        + "touched"
    case .newResults(let count, let first, let now):
      "runs since the plan was made had \(first) (\(now?.text ?? "nothing known"))"
        + "\(count > 1 ? ", and \(NumberText.grouped(count - 1)) more" : ""); plan anew; nothing was touched"
    case .allRefused: "the plan refuses every agent; nothing was touched"
    case .notConfirmed(let given, let count, let digest):
      "not confirmed: --confirm '\(OutputText.visible(given))' is neither the count, \(count), nor the digest, \(digest); "
        + "nothing was touched"
    case .noCanary: "holds no agent that the plan would repair"
    case .noSuchRun(let number): "there is no run \(number); see: list runs"
    case .runOfOtherServer(let number, let server):
      "run \(number) was of another server (\(OutputText.visible(server))); connect to it first"
    }
  }

  private static func otherCertificate(_ serial: String, _ own: String, ofCase number: Int?) -> String {
    let what = number.map { "the certificate of case \($0)" } ?? "the certificate of the setting"
    let remedy = number.map { "leave --case \($0) out" } ?? "unset certificate"
    return
      "\(what) (serial \(serial)) is not the server's own (serial \(own)); \(remedy), or give --certificate-differs "
      + "(for apply: to the command that plans anew); nothing was touched"
  }
}

extension ListInQuestion {
  fileprivate var text: String {
    switch self {
    case .newest: "the list"
    case .ofPlan: "the plan's list"
    case .ofRun(let number): "the list of run \(number)"
    }
  }

  fileprivate var remedy: String {
    self == .newest ? "take a new one (list-mismatched)" : "take a new one (list-mismatched) and plan anew"
  }
}

extension ServerTarget.Value {
  fileprivate var key: SettingKey {
    switch self {
    case .serverName: .serverName
    case .httpPort: .httpPort
    case .agentPort: .agentPort
    }
  }
}

extension DeployedCertificate {
  /// What a person should know before confirming; nil where it is the server's own.
  var warning: String? {
    guard let own else {
      return "the server's own certificate is not known: whether agents that get this one (serial "
        + "\(certificate.serial)) obey the server can't be told"
    }
    guard origin == .other else { return nil }
    return "the certificate (serial \(certificate.serial)) is NOT the server's own (serial \(own.serial)): agents that "
      + "get it don't obey the server until that is the server's own"
  }
}
