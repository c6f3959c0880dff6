extension CentrifugeMachine {
    func status(now: Duration) -> CentrifugeStatus {
        let shown: CentrifugeStatus.Phase =
            switch phase {
            case .idle: .idle
            case .preparing, .opening, .joining: .connecting
            case .connected: .connected
            case .waiting: isHeldBack ? .heldBack : .waiting
            case .stopped: .stopped
            }
        return CentrifugeStatus(
            phase: shown, attempts: attempts, failure: lastFailure, silence: isOpen ? now - lastHeard : nil,
            waitingEvents: inbox.events.count, duplicates: duplicates)
    }
}
