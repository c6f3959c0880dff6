import Moonwire
import TwinAPI

extension TwinSeat {
    /// Writes a reply, in several messages where it is long. What is written already is not written again when the
    /// effect is tried again.
    func send(_ reply: ChannelEffect.Reply, to id: String, key: String) async throws -> EffectReceipt {
        guard !reply.isPrivate else { throw ChannelError.unsupported("TWIN24 has no notes for operators") }
        guard !reply.strictQuickReplies || reply.quickReplies.isEmpty else {
            throw ChannelError.unsupported("an operator of TWIN24 cannot offer buttons")
        }
        try await typists.wait(in: id, settings.typingHold, longest: settings.longestTypingHold)
        let parts = TwinText.parts(of: reply)
        let files = try await upload(reply, key: key)
        var progress = sent.progress(of: key)
        while progress.messages.count < parts.count {
            guard isWritable(id) else { throw gone(id) }
            let index = progress.messages.count
            let isLast = index == parts.count - 1
            let draft = TwinMessageDraft(
                parts[index], attachments: isLast ? files : [], replyTo: index == 0 ? reply.replyTo : nil)
            sent.begin(draft.body, in: id)
            let message: TwinSentMessage
            do {
                message = try await api.send(draft, to: id)
            } catch {
                sent.end(draft.body, in: id, message: nil)
                throw error
            }
            sent.end(draft.body, in: id, message: message.id)
            progress.messages.append(message.id)
            sent.keep(progress, of: key)
        }
        sent.keep(nil, of: key)
        return receipt(of: reply, ids: progress.messages)
    }

    private func upload(_ reply: ChannelEffect.Reply, key: String) async throws -> [String] {
        var progress = sent.progress(of: key)
        if let files = progress.files { return files }
        let files = reply.attachments.compactMap { upload -> TwinFile? in
            switch upload.source {
            case .file(let path):
                TwinFile(
                    filename: upload.name ?? String(path.split(separator: "/").last ?? "file"),
                    contentType: upload.mime, .path(path))
            case .data(let bytes):
                TwinFile(filename: upload.name ?? "file", contentType: upload.mime, .bytes(bytes))
            case .url: nil
            }
        }
        guard !files.isEmpty else { return [] }
        let ids: [String]
        do {
            ids = try await api.upload(files).compactMap(\.id)
        } catch let error as TwinError where error.isInDoubt {
            // A file that nobody names is no message: uploading it again harms nobody.
            throw ChannelError(
                code: "network", message: error.message, fate: .notPerformed, retryable: true,
                retryAfter: error.retryAfter, status: error.status)
        }
        progress.files = ids
        sent.keep(progress, of: key)
        return ids
    }

    private func receipt(of reply: ChannelEffect.Reply, ids: [String]) -> EffectReceipt {
        let id = ids.last ?? ""
        let now = state.serverTime(HostClock.system.now)
        let message = Message(
            id: id, text: TwinText.whole(of: reply), at: now, from: .own, replyTo: reply.replyTo)
        return EffectReceipt(value: EventBody.encode(message), nativeID: id)
    }

    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async throws -> Reconciliation {
        if let refusal = state.refusal, !refusal.retryable { return .undecided(refusal.message) }
        guard state.me != nil else {
            // Right after a start: without knowing who it is, the seat would find none of its own messages.
            return .unreachable(
                ChannelError(
                    code: "network", message: "the channel is not connected yet", fate: .inDoubt, retryable: true))
        }
        if let found = try await findNotice(delivery) { return found }
        switch delivery.effect {
        case .reply(let reply): return try await find(reply, delivery, recorded)
        case .transfer(let transfer): return try await isMoved(delivery.session.id, transfer)
        default: return .undecided("it leaves no trace that could be found")
        }
    }

    /// Looks through the session's messages since the intent for those of the reply that are not known to be written.
    private func find(
        _ reply: ChannelEffect.Reply, _ delivery: EffectDelivery, _ recorded: Set<String>
    ) async throws -> Reconciliation {
        let id = delivery.session.id
        let start = state.serverTime(delivery.intendedAt) + .seconds(-5)
        let messages = try await api.allMessages(ofSession: id, from: translator.time(start))
        var progress = sent.progress(of: delivery.key)
        var candidates = messages.filter {
            $0.authorType == .operator && $0.authorID == me && !recorded.contains($0.id)
                && !progress.messages.contains($0.id) && translator.instant($0.createdAt) + .seconds(1) > start
        }
        let parts = TwinText.parts(of: reply)
        for part in parts.dropFirst(progress.messages.count) {
            let fitting = candidates.filter { ($0.body ?? "").trimmedSpace == part.trimmedSpace }
            guard fitting.count <= 1 else { return .undecided("the session holds several such messages") }
            guard let found = fitting.first else {
                return .undecided("the session holds no such message")
            }
            candidates.removeAll { $0.id == found.id }
            progress.messages.append(found.id)
            sent.end(found.body ?? "", in: id, message: found.id)
            // With parts that were found, a repeat goes on behind them.
            sent.keep(progress, of: delivery.key)
        }
        sent.keep(nil, of: delivery.key)
        return .performed(receipt(of: reply, ids: progress.messages))
    }
}

extension String {
    fileprivate var trimmedSpace: String { self == " " ? "" : self }
}

/// A reply as plain text: the platform's operators have neither buttons nor links to files of others.
enum TwinText {
    /// Letters that one message holds at most; the platform publishes no limit.
    static let limit = 4000

    static func whole(of reply: ChannelEffect.Reply) -> String {
        var lines = reply.text.isEmpty ? [] : [reply.text]
        for (index, choice) in reply.quickReplies.enumerated() { lines.append("\(index + 1). \(choice.title)") }
        for upload in reply.attachments {
            if case .url(let link) = upload.source { lines.append(link) }
        }
        return lines.joined(separator: "\n")
    }

    /// The messages of a reply; one at least.
    static func parts(of reply: ChannelEffect.Reply) -> [String] { split(whole(of: reply)) }

    /// Splits at line ends or spaces where there are some in the second half of a part.
    static func split(_ text: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while rest.count > limit {
            let head = rest.prefix(limit)
            let middle = head.index(head.startIndex, offsetBy: limit / 2)
            let tail = head[middle...]
            let cut = tail.lastIndex(where: \.isNewline) ?? tail.lastIndex(where: \.isWhitespace)
            parts.append(String(cut.map { head[..<$0] } ?? head))
            rest = rest[(cut.map { rest.index(after: $0) } ?? head.endIndex)...]
        }
        return parts + [String(rest)]
    }
}
