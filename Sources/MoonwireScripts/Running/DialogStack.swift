import Moonwire

/// A dialog as a script registered it.
struct Dialog {
    let name: String
    /// Counted from the dialog's beginning.
    let expires: Duration?
    /// Folded, as `DialogTerms` wants them.
    let cancel: Set<String>
    let restart: Set<String>
    let onReload: DialogTerms.OnReload
    /// `file:line` of the registration.
    let location: String
}

/// The dialogs that a run is inside of, outermost first.
///
/// A wait that ends for another reason than its answer or its own time ends dialogs: from then on every wait in them
/// gives that reason at once, so that a dialog finds its way out without asking anything more.
struct DialogStack {
    private struct Frame {
        let id: Int64
        let dialog: Dialog
        let expiresAt: Instant?
        /// Why the dialog is over.
        var end: String?
    }

    private var frames: [Frame] = []
    private var lastID: Int64 = 0

    /// Begins a dialog. What is called in a dialog that is over is over too.
    mutating func enter(_ dialog: Dialog, at instant: Instant) -> Int64 {
        lastID += 1
        let end = reason(at: instant)
        frames.append(Frame(id: lastID, dialog: dialog, expiresAt: dialog.expires.map { instant + $0 }, end: end))
        return lastID
    }

    /// By identity, because a script's own coroutines may leave dialogs in another order than they entered them.
    mutating func leave(_ id: Int64) {
        frames.removeAll { $0.id == id }
    }

    /// Takes over why a wait has ended. A cancel word ends the innermost dialog that has it.
    mutating func end(because reason: String, word: String? = nil, at instant: Instant) {
        switch reason {
        case "cancelled":
            end(from: frames.lastIndex { $0.dialog.cancel.contains(word ?? "") && $0.end == nil } ?? 0, reason)
        case "expired":
            let earliest = frames.compactMap(\.expiresAt).min()
            end(from: firstDue(at: instant) ?? frames.firstIndex { $0.expiresAt == earliest } ?? 0, reason)
        case "retired", "closed", "transferred": end(from: 0, reason)
        default: break
        }
    }

    private mutating func end(from first: Int, _ reason: String) {
        for index in frames.indices.dropFirst(first) where frames[index].end == nil { frames[index].end = reason }
    }

    /// Why the run may wait no more where it is; nil while it may.
    mutating func reason(at instant: Instant) -> String? {
        if let due = firstDue(at: instant) { end(from: due, "expired") }
        return frames.last?.end
    }

    private func firstDue(at instant: Instant) -> Int? {
        frames.firstIndex { frame in frame.expiresAt.map { $0 <= instant } ?? false }
    }

    /// What all dialogs together have agreed with the client; nil outside of dialogs.
    var terms: DialogTerms? {
        guard let outermost = frames.first else { return nil }
        return DialogTerms(
            cancel: frames.reduce(into: []) { $0.formUnion($1.dialog.cancel) },
            restart: frames.reduce(into: []) { $0.formUnion($1.dialog.restart) },
            expiresAt: frames.compactMap(\.expiresAt).min(), onReload: outermost.dialog.onReload)
    }
}
