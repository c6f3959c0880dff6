import LuaRuntime
import Moonwire

extension APIFunctions {
    static let replies: [String: Implementation] = [
        "session:reply": { call in
            guard call.kind(0) == .table else {
                let text = try call.formatted()
                var arguments = CanonicalArguments()
                arguments.add("text", text)
                return try call.perform(.reply(ChannelEffect.Reply(text: text)), arguments, .message)
            }
            let options = call.options(0)
            var reply = ChannelEffect.Reply(text: options.text("text") ?? "")
            reply.isPrivate = options.flag("private")
            reply.isTemplate = options.flag("template")
            reply.replyTo = options.messageID("reply_to")
            var arguments = CanonicalArguments()
            arguments.add("text", reply.text)
            arguments.add(flag: "private", reply.isPrivate)
            arguments.add(flag: "template", reply.isTemplate)
            arguments.add("reply_to", reply.replyTo)
            return try call.perform(.reply(reply), arguments, .message, needs: reply.isPrivate ? "note" : "reply")
        },
        "session:note": { call in
            let text = call.text(0)
            var arguments = CanonicalArguments()
            arguments.add("text", text)
            return try call.perform(.reply(ChannelEffect.Reply(text: text, isPrivate: true)), arguments, .message)
        },
        "session:quick_replies": { call in
            let options = call.options(0)
            let replies = try call.quickReplies(options.value("replies"), option: "replies")
            let isStrict = options.flag("strict")
            let reply = ChannelEffect.Reply(
                text: options.text("text") ?? "", quickReplies: replies, strictQuickReplies: isStrict)
            var arguments = CanonicalArguments()
            arguments.add("text", reply.text)
            arguments.add("replies", replies)
            arguments.add(flag: "strict", isStrict)
            // Without buttons the channel writes a numbered list.
            return try call.perform(.reply(reply), arguments, .message, needs: isStrict ? "quick_replies" : "reply")
        },
        "session:attach": { call in
            let options = call.options(0)
            let caption = options.text("caption") ?? ""
            var arguments = CanonicalArguments()
            let source = try call.uploadSource(options, &arguments)
            let upload = ChannelEffect.Upload(
                source: source, name: options.text("name"), mime: options.text("mime"))
            arguments.add("name", upload.name)
            arguments.add("mime", upload.mime)
            arguments.add("caption", caption.isEmpty ? nil : caption)
            return try call.perform(
                .reply(ChannelEffect.Reply(text: caption, attachments: [upload])), arguments, .message)
        },
    ]
}

extension APICall {
    private static let mostReplies = 20

    /// The first argument, or what it makes of those after it.
    func formatted() throws -> String {
        let text = text(0)
        let values = try rest()
        guard !values.isEmpty else { return text }
        let arguments = values.map { value -> LuaArgument in
            // Objects come over without their fields; what they print is decided here.
            if case .object = value { return .text(value.printed) }
            return .value(value)
        }
        let results: [LuaValue]
        do {
            results = try script.prelude.format.call([.text(text)] + arguments, purpose: "a format")
        } catch {
            guard error.code == .runtime else { throw error }
            throw complaint(error.message)
        }
        guard let result = results.first?.text else { throw complaint("the formatted text is not UTF-8") }
        return result
    }

    /// Buttons as the script spells them: titles, or tables with title and value.
    func quickReplies(_ value: LuaValue, option: String) throws -> [QuickReply] {
        let items = value.array ?? []
        guard (1...Self.mostReplies).contains(items.count) else {
            throw complaint("option '\(option)' must have 1 to \(Self.mostReplies) entries, got \(items.count)")
        }
        return items.map { item in
            guard let table = item.table, item.isTable else {
                return QuickReply(title: item.printed, value: item.printed)
            }
            let title = table["title"].printed
            return QuickReply(title: title, value: table["value"].isNil ? title : table["value"].printed)
        }
    }

    fileprivate func uploadSource(
        _ options: APIOptions, _ arguments: inout CanonicalArguments
    ) throws -> ChannelEffect.Upload.Source {
        let given = ["file", "url", "data"].filter(options.has)
        guard given.count == 1 else {
            throw complaint(
                "exactly one of file, url and data is needed, got \(given.isEmpty ? "none" : given.joined(separator: " and "))"
            )
        }
        if let file = options.text("file") {
            arguments.add("file", file)
            return .file(path: try script.attachmentPath(file, for: self))
        }
        if let url = options.text("url") {
            if let problem = WebAddress.problem(url) { throw complaint("option 'url' \(problem)") }
            arguments.add("url", url)
            return .url(url)
        }
        let data = options.bytes("data") ?? []
        arguments.add("data", content: data)
        return .data(data)
    }
}

extension APIOptions {
    /// The id of a message given as an object or as its id.
    func messageID(_ name: String) -> String? {
        object(name)?.field("id").text ?? text(name)
    }
}

extension LuaScript {
    /// An absolute path below the script's folder or the attachments folder. Decided by the path's text alone, so that
    /// a replay decides the same.
    func attachmentPath(_ path: String, for call: APICall, option: String = "file") throws -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard !parts.isEmpty, !parts.contains(".."), !path.utf8.contains(0) else {
            throw call.complaint("option '\(option)' must be a path without '..', got \"\(path)\"")
        }
        if path.hasPrefix("/") {
            guard let root = environment.attachments, path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
                throw call.complaint(
                    "option '\(option)' must be a path below the script's folder, or below the configured attachments folder"
                )
            }
            return path
        }
        guard let folder = environment.folders[sources.script] else {
            throw call.complaint("option '\(option)': the script has no folder")
        }
        return folder + "/" + parts.joined(separator: "/")
    }
}
