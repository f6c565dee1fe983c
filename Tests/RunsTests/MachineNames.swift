@testable import Runs

extension RepairPhase {
  enum Name: String, Sendable, CaseIterable {
    case connecting, inspecting, takingOver, readingBoot, checking, staging, running, awaitingTurn, reopening
    case recordingReboot, confirming, awaitingRemoval, reviving, startingServices, settling, pausing, ended
  }

  var name: Name {
    switch self {
    case .connecting: .connecting
    case .inspecting: .inspecting
    case .takingOver: .takingOver
    case .readingBoot: .readingBoot
    case .checking: .checking
    case .staging: .staging
    case .running: .running
    case .awaitingTurn: .awaitingTurn
    case .reopening: .reopening
    case .recordingReboot: .recordingReboot
    case .confirming: .confirming
    case .awaitingRemoval: .awaitingRemoval
    case .reviving: .reviving
    case .startingServices: .startingServices
    case .settling: .settling
    case .pausing: .pausing
    case .ended: .ended
    }
  }
}

extension RepairEvent {
  enum Name: String, Sendable, CaseIterable {
    case done, failed, inspected, remains, boot, held, toolEnded, toolBroken, toolTimedOut, gaveUp
  }

  var name: Name {
    switch self {
    case .done: .done
    case .failed: .failed
    case .inspected: .inspected
    case .remains: .remains
    case .boot: .boot
    case .held: .held
    case .toolEnded: .toolEnded
    case .toolBroken: .toolBroken
    case .toolTimedOut: .toolTimedOut
    case .gaveUp: .gaveUp
    }
  }
}
