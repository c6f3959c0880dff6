extension Lane {
    /// Takes note of what begins or ends a pause, ahead of the events that still queue.
    func notePause(_ event: Event, of session: SessionState) {
        switch event.name {
        case PanelEvent.paused:
            paused.insert(session.key)
            guard let dispatch = session.dispatch, !SessionPause.letsThrough(dispatch.event.event) else { return }
            session.dispatch?.remaining = []
        case PanelEvent.resumed: endPause(of: session)
        case "session.closed", "session.lost":
            guard paused.contains(session.key) else { return }
            record(.pause(session.key, nil))
            endPause(of: session)
        default: return
        }
    }

    private func endPause(of session: SessionState) {
        guard paused.remove(session.key) != nil else { return }
        session.queue.prepend(session.setAside)
        session.setAside = EventQueue()
    }

    /// What a paused session does with an event: what ends its waits is kept for the end of the pause, in the journal
    /// too; an opt-out holds in any case; all else has found nobody.
    func keepOut(_ queued: QueuedEvent, of session: SessionState) {
        let event = queued.admitted
        if noteOptOut(event.event) {
            finishEvent(event, .handled)
            return
        }
        let mayWait = !session.waiting.isEmpty || sleepers.hold(session.digest)
        if mayWait, endReason(of: event.event) != nil {
            session.setAside.append(queued)
        } else {
            finishEvent(event, .unmatched)
            ports.observer.detail(.unmatched(event.event))
        }
    }
}
