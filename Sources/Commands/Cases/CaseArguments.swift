import ApexOne
package import ArgumentParser

/// The number of a case, from 1.
package struct CaseNumber: ExpressibleByArgument, Sendable, Hashable {
  package let value: Int
  package init?(argument: String) {
    guard let value = Int(argument), value > 0 else { return nil }
    self.value = value
  }
  package static var defaultCompletionKind: CompletionKind { CommandCompletion.caseNumber.kind }
}

/// Which kind of server Support is asked about.
enum CaseKind: String, Sendable, CaseIterable, ExpressibleByArgument {
  case onPremises = "on-premises"
  case service

  var value: SupportCase.Kind { self == .service ? .service : .onPremises }
}

/// The folder that an archive is written into, as typed.
struct FolderPath: ExpressibleByArgument, Sendable, Hashable {
  let path: String
  init?(argument: String) {
    guard !argument.isEmpty, !argument.utf8.contains(0) else { return nil }
    path = LocalPath.expandingHome(argument)
  }
  static var defaultCompletionKind: CompletionKind { CommandCompletion.folder.kind }
}

/// A day as `--since` takes it: `2026-11-23`.
struct DayText: ExpressibleByArgument, Sendable, Hashable {
  let text: String
  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], parts.joined().utf8.allSatisfy({ (48...57).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month),
      (1...DayText.days(in: month, of: year)).contains(day)
    else { return nil }
    text = argument
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
