import CustomChannelAPI
import EventJSON
import Moonwire

/// Turns the platform's calls into the host's words, and replies into the protocol's. Pure.
struct CustomTranslator: Sendable {
    let descriptor: ChannelDescriptor
    let idType: CustomChannelIDType
    let quickReplies: CustomChannelSettings.QuickReplies

    func session(_ contact: String) -> Session {
        Session(
            id: SessionID(channel: descriptor.id, id: contact), status: "open", owner: .bot,
            client: Client(id: contact, phone: idType == .phone ? contact : nil))
    }

    func event(_ name: String, native: String? = nil, key: String, id: String, at: Instant) -> Event {
        Event(
            name: name, native: native ?? name, key: key, id: id, at: at, channel: descriptor.id,
            platform: descriptor.platform, role: descriptor.role)
    }

    static func key(of mID: CustomChannelMessageID) -> String { "message.created:\(mID)" }

    /// What an agent, a workflow or a broadcast of the platform wants said. Which of them, the wire does not tell.
    func created(_ call: CustomChannelCall, _ mID: CustomChannelMessageID, at now: Instant) -> Event {
        var event = event("message.created", native: "message", key: Self.key(of: mID), id: mID.rawValue, at: now)
        event.from = .operator
        event.session = session(call.contactID)
        event.message = message(call.message, id: mID.rawValue, from: .operator, at: now)
        event.raw = RawJSON(validated: call.raw)
        return event
    }

    func connected(at now: Instant) -> Event {
        event("channel.connected", key: "channel.connected:\(now.rawValue)", id: "\(descriptor.id)", at: now)
    }

    func started(_ contact: String, at now: Instant) -> Event {
        var event = event("session.started", native: "message", key: "session.started:\(contact)", id: contact, at: now)
        event.session = session(contact)
        return event
    }

    func message(_ content: CustomChannelMessage, id: String, from: Speaker, at: Instant) -> Message {
        var message = Message(id: id, text: "", at: at, from: from, contentType: content.type)
        switch content {
        case .text(let text): message.text = text
        case .attachment(let file):
            message.text = file.description ?? ""
            message.attachments = [
                Attachment(id: "", kind: file.kind.rawValue, url: file.url, name: file.fileName, mime: file.mimeType)
            ]
        case .location(let place):
            message.text = place.address ?? ""
            message.attachments = [
                Attachment(
                    id: "", kind: "location", name: place.address, latitude: place.latitude,
                    longitude: place.longitude)
            ]
        case .quickReply(let question):
            message.text = quickReplies == .numbered ? question.numberedText : question.title
            message.quickReplies = question.replies.map { QuickReply(title: $0, value: $0) }
        }
        return message
    }

    /// The messages of a reply, one for each post.
    func messages(
        of reply: ChannelEffect.Reply, attachmentKind: String? = nil, splits: Bool = false
    ) throws(ChannelError) -> [CustomChannelMessage] {
        if let place = reply.place {
            return [
                .location(.init(latitude: place.latitude, longitude: place.longitude, address: place.address))
            ]
        }
        if !reply.quickReplies.isEmpty { return [question(reply)] }
        guard !reply.attachments.isEmpty else {
            return splits ? CustomChannelText.split(reply.text).map { .text($0) } : [.text(reply.text)]
        }
        var files: [CustomChannelMessage.Attachment] = []
        for upload in reply.attachments { files.append(try file(upload, attachmentKind)) }
        // An image carries its words; other files do not.
        if files.count == 1, files[0].kind == .image, reply.text.utf16.count <= CustomChannelLimits.words {
            files[0].description = reply.text.isEmpty ? nil : reply.text
            return [.attachment(files[0])]
        }
        return files.map { .attachment($0) } + (reply.text.isEmpty ? [] : [.text(reply.text)])
    }

    /// A question that is too long to have buttons is asked in numbered lines.
    private func question(_ reply: ChannelEffect.Reply) -> CustomChannelMessage {
        let question = CustomChannelMessage.QuickReply(title: reply.text, replies: reply.quickReplies.map(\.title))
        let native = CustomChannelMessage.quickReply(question)
        guard !reply.strictQuickReplies else { return native }
        do throws(CustomChannelError) {
            try native.check()
            return native
        } catch {
            return .text(question.numberedText)
        }
    }

    private func file(
        _ upload: ChannelEffect.Upload, _ kind: String?
    ) throws(ChannelError) -> CustomChannelMessage.Attachment {
        guard case .url(let url) = upload.source else {
            throw ChannelError(
                code: "unsupported",
                message:
                    "a custom channel sends files by links only: put the file where anybody can open it and give url",
                fate: .notPerformed, retryable: false)
        }
        if let kind {
            guard let known = CustomChannelMessage.Attachment.Kind(rawValue: kind) else {
                throw ChannelError(
                    code: "invalid",
                    message: "message.attachment.type must be image, video, audio or file, got '\(kind)'",
                    fate: .notPerformed, retryable: false)
            }
            return .init(known, url: url, mimeType: upload.mime, fileName: upload.name)
        }
        return .init(Self.kind(of: upload, url), url: url, mimeType: upload.mime, fileName: upload.name)
    }

    private static func kind(
        of upload: ChannelEffect.Upload, _ url: String
    ) -> CustomChannelMessage.Attachment.Kind {
        let major = upload.mime?.split(separator: "/").first.map(String.init) ?? ""
        if let kind = CustomChannelMessage.Attachment.Kind(rawValue: major) { return kind }
        guard upload.mime == nil else { return .file }
        let path = upload.name ?? String(url.prefix { $0 != "?" && $0 != "#" })
        switch path.split(separator: ".").last?.lowercased() ?? "" {
        case "png", "jpg", "jpeg", "gif", "webp": return .image
        case "mp4", "mov", "webm", "3gp": return .video
        case "ogg", "mp3", "m4a", "wav", "aac", "opus": return .audio
        default: return .file
        }
    }
}
