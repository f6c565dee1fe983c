import Remote
import Synchronization

/// Who logged on with what: an account is locked after five wrong passwords, and then the right one is refused too.
package final class LogonBook: Sendable {
  package static let lockAfter = 5

  package struct Account: Sendable, Hashable {
    package var attempts = 0
    package var refused = 0
    package var isLocked: Bool { refused >= LogonBook.lockAfter }
  }

  private let password: String
  private let accounts = Mutex<[String: Account]>([:])

  init(password: String) { self.password = password }

  /// What has been tried for one account, letter case ignored.
  package func account(_ user: String) -> Account {
    accounts.withLock { $0[user.lowercased()] ?? Account() }
  }

  private static func take(_ isRight: Bool, _ account: inout Account) -> Bool {
    account.attempts += 1
    let isAdmitted = isRight && !account.isLocked
    if !isRight { account.refused += 1 }
    return isAdmitted
  }

  /// Takes one logon; false when it is refused.
  func admit(_ user: String, _ offered: Secret) -> Bool {
    let isRight = offered.reveal { $0 == password }
    return accounts.withLock { accounts in
      LogonBook.take(isRight, &accounts[user.lowercased(), default: Account()])
    }
  }
}
