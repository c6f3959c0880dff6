import EventJSON
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let steering: [String: Implementation] = [
        "session:typing": { call in
            let value = try call.value(0)
            let isOn = value.boolean ?? true
            let duration = value.boolean == nil ? TypeCheck.duration(value) : nil
            var arguments = CanonicalArguments()
            arguments.add(flag: "on", isOn)
            arguments.add("duration_ms", duration?.milliseconds)
            return try call.perform(.typing(ChannelEffect.Typing(isOn: isOn, duration: duration)), arguments)
        },
        "session:mark_read": { call in try call.perform(.markRead, CanonicalArguments()) },
        "session:take": { call in try call.perform(.take, CanonicalArguments(), .value) },
        "session:rename": { call in
            let name = call.text(0)
            guard !name.allSatisfy(\.isWhitespace) else { throw call.complaint("'name' must not be empty") }
            var arguments = CanonicalArguments()
            arguments.add("name", name)
            return try call.perform(.rename(name), arguments)
        },
        "session:edit": { call in
            let id = try call.messageID()
            let text = call.text(1)
            var arguments = CanonicalArguments()
            arguments.add("message", id)
            arguments.add("text", text)
            return try call.perform(.edit(message: id, text: text), arguments)
        },
        "session:delete": { call in
            let id = try call.messageID()
            var arguments = CanonicalArguments()
            arguments.add("message", id)
            return try call.perform(.delete(message: id), arguments)
        },
        "session:close": { call in
            let result = call.options(0).text("result")
            var arguments = CanonicalArguments()
            arguments.add("result", result)
            return try call.perform(.close(result: result), arguments)
        },
        "session:reopen": { call in try call.perform(.reopen, CanonicalArguments()) },
        "session:label": { call in
            let labels = try call.labels()
            var arguments = CanonicalArguments()
            arguments.add("labels", labels)
            return try call.perform(.label(add: labels), arguments)
        },
        "session:unlabel": { call in
            let labels = try call.labels()
            var arguments = CanonicalArguments()
            arguments.add("labels", labels)
            return try call.perform(.unlabel(remove: labels), arguments)
        },
        "session:set": { call in
            let attributes = try call.json(0) ?? RawJSON.emptyObject.bytes
            var arguments = CanonicalArguments()
            arguments.add("attributes", json: attributes)
            return try call.perform(.set(attributes: RawJSON(validated: attributes)), arguments)
        },
        "session:transfer": { call in
            let options = call.options(0)
            var arguments = CanonicalArguments()
            let target = try call.transferTarget(options, &arguments)
            let note = options.text("note")
            arguments.add("note", note)
            return try call.perform(.transfer(ChannelEffect.Transfer(target: target, note: note)), arguments)
        },
        "session:submit": { call in
            let message = call.lua.keepObject(at: 1)
            guard let id = message?.field("id").text ?? call.lua.string(at: 1) else {
                throw call.complaint("'message' has no id")
            }
            let values = try call.submittedValues(to: message)
            var arguments = CanonicalArguments()
            arguments.add("message", id)
            arguments.add("values", json: values)
            return try call.perform(
                .submit(message: id, values: RawJSON(validated: values)), arguments, .message)
        },
    ]
}

extension APICall {
    /// The id of the message that is the first argument, given as an object or as its id.
    fileprivate func messageID() throws -> String {
        guard let id = lua.keepObject(at: 1)?.field("id").text ?? lua.string(at: 1), !id.isEmpty else {
            throw complaint("'message' has no id")
        }
        return id
    }

    fileprivate func labels() throws -> [String] {
        var labels: [String] = []
        for value in [try value(0)] + (try rest()) {
            labels += value.array.map { $0.map(\.printed) } ?? [value.printed]
        }
        let all = labels.filter { !$0.isEmpty }
        guard !all.isEmpty else { throw complaint("at least one label is needed") }
        return all
    }

    fileprivate func transferTarget(
        _ options: APIOptions, _ arguments: inout CanonicalArguments
    ) throws -> ChannelEffect.Transfer.Target {
        let given = ["operator", "group"].filter(options.has) + (options.flag("queue") ? ["queue"] : [])
        guard given.count == 1 else {
            throw complaint(
                "exactly one of operator, group and queue = true is needed, got "
                    + (given.isEmpty ? "none" : given.joined(separator: " and ")))
        }
        if options.has("operator") {
            let seat = options.object("operator")?.field("id").text ?? options.text("operator") ?? ""
            arguments.add("operator", seat)
            return .operator(seat)
        }
        if let group = options.text("group") {
            arguments.add("group", group)
            return .group(group)
        }
        arguments.add(flag: "queue", true)
        return .queue
    }

    /// A button's title or value becomes the button, where the message tells its buttons; all else goes as it is.
    fileprivate func submittedValues(to message: LuaObject?) throws -> [UInt8] {
        guard let chosen = lua.string(at: 2), let replies = message?.field("quick_replies").array, !replies.isEmpty
        else { return try json(1) ?? RawJSON.null.bytes }
        let buttons = replies.compactMap(\.table)
        guard let button = buttons.first(where: { $0["value"].text == chosen || $0["title"].text == chosen }) else {
            let titles = buttons.compactMap { $0["title"].text.map { "\"\($0)\"" } }
            throw complaint("the message has no button \"\(chosen)\"; it has \(titles.joined(separator: ", "))")
        }
        var writer = JSONWriter()
        writer.beginArray()
        writer.beginObject()
        writer.key("title")
        writer.value(button["title"].text ?? chosen)
        writer.key("value")
        writer.value(button["value"].text ?? chosen)
        writer.endObject()
        writer.endArray()
        return writer.bytes
    }
}
