import EventJSON
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let broadcasts: [String: Implementation] = [
        "bot.broadcast": { call in try call.registerBroadcast() },
        "broadcast:audience": { call in
            let registered = try call.registeredBroadcast()
            try call.setAudience(of: registered)
            return .nothing
        },
        "broadcast:message": { call in
            let registered = try call.registeredBroadcast()
            guard registered.message == nil else { throw call.complaint("'\(registered.name)' has a message already") }
            if call.kind(0) == .function {
                registered.message = .script
                registered.writer = try call.luaFunction(0)
                return .nothing
            }
            do throws(MessageTemplate.Problem) {
                _ = try MessageTemplate(call.text(0))
            } catch {
                throw call.complaint(error.description)
            }
            registered.message = .template(call.text(0))
            return .nothing
        },
        "broadcast:start": { call in
            let registered = try call.registeredBroadcast()
            let options = call.options(0)
            let key = options.text("key") ?? ""
            guard !key.isEmpty, key.utf8.count <= 200 else {
                throw call.complaint("option 'key' must have 1 to 200 bytes")
            }
            let isDraft = options.flag("draft")
            var arguments = CanonicalArguments()
            arguments.add("broadcast", registered.name)
            arguments.add("key", key)
            arguments.add(flag: "draft", isDraft)
            guard let plan = registered.plan else {
                throw call.complaint("'\(registered.name)' needs an audience and a message first")
            }
            return call.suspend(
                .host(.ledger(.create(plan, key: key, starts: !isDraft))), arguments, session: nil, .value,
                in: try call.run())
        },
        "broadcast:pause": { call in try call.steer(.pause) },
        "broadcast:resume": { call in try call.steer(.resume) },
        "broadcast:cancel": { call in try call.steer(.cancel) },
        "broadcast:retry": { call in try call.askLedger { .retry($0) } },
        "broadcast:status": { call in try call.askLedger { .status($0) } },
        "client:opt_out": { call in try call.consent { .optOut(addresses: $0, topic: $1) } },
        "client:opt_in": { call in try call.consent { .optIn(addresses: $0, topic: $1) } },
        "client:opted_out": { call in try call.consent(.value) { .isOptedOut(addresses: $0, topic: $1) } },
        "bot.template": { call in
            let values = try JSON(parsing: try call.json(1) ?? RawJSON.emptyObject.bytes)
            do throws(MessageTemplate.Problem) {
                return .value(.text(try MessageTemplate(call.text(0)).text(values.object ?? JSONObject())))
            } catch {
                throw call.complaint(error.description)
            }
        },
    ]
}

extension APICall {
    fileprivate func registerBroadcast() throws -> LuaReturn {
        let name = text(0)
        guard (1...100).contains(name.utf8.count), !name.contains(where: { $0.isWhitespace || $0 == ":" }) else {
            throw complaint("'name' must be one word of 1 to 100 bytes without a colon, got \"\(name)\"")
        }
        let options = options(1)
        let channel = ChannelID(options.text("channel") ?? "")
        let channels = script.environment.channels
        guard channels.isEmpty || channels[channel] != nil else {
            throw complaint(
                "the configuration has no channel '\(channel)'"
                    + NearestWord.hint(for: channel.rawValue, in: channels.keys.map(\.rawValue)))
        }
        let zone = options.text("tz") ?? script.environment.timeZone
        guard ScriptTimeZone.isKnown(zone) else {
            throw complaint("option 'tz' is no IANA time zone: \"\(zone)\"; write one such as Asia/Riyadh")
        }
        var plan = BroadcastPlan(
            name: name, script: script.sources.script, version: script.sources.version, channel: channel,
            topic: options.text("topic") ?? name, audience: .script, message: .script, zone: zone, location: location)
        plan.inbox = options.text("inbox")
        plan.throttle = try rate(options, "throttle")
        plan.perClient = try rate(options, "per_client")
        if let quiet = options.text("quiet") {
            guard let hours = QuietHours(quiet, zone: zone) else {
                throw complaint(
                    "option 'quiet' must be hours such as \"21:00-09:00 client\" or \"21:00-09:00 Asia/Riyadh\", got "
                        + "\"\(quiet)\"")
            }
            plan.quiet = hours
        }
        if let rules = options.value("stop_if").table {
            plan.stop = BroadcastPlan.StopRules(
                errors: try share(rules, "errors"), optOuts: try share(rules, "opt_outs"))
        }
        plan.ramp = (options.value("ramp").array ?? []).compactMap { $0.integer.map(Int.init(clamping:)) }
        plan.rampWait = options.duration("ramp_wait")?.milliseconds ?? plan.rampWait
        let number: Int
        do {
            number = try script.registrations.add(RegisteredBroadcast(plan))
        } catch {
            throw complaint(error.description)
        }
        guard let broadcastClass = script.classes["broadcast"] else { return .nothing }
        var content = LuaObjectContent(handle: Int64(number + 1), label: name)
        content.overrides = [("name", .value(.text(name)))]
        return .value(.new(broadcastClass, content))
    }

    fileprivate func registeredBroadcast() throws -> RegisteredBroadcast {
        let index = Int(clamping: lua.handle) - 1
        guard script.registrations.broadcasts.indices.contains(index) else {
            throw complaint("the broadcast is not known any more")
        }
        return script.registrations.broadcasts[index]
    }

    fileprivate func setAudience(of registered: RegisteredBroadcast) throws {
        guard registered.audience == nil else { throw complaint("'\(registered.name)' has an audience already") }
        if kind(0) == .function {
            registered.audience = .script
            try registerRows(of: registered, try luaFunction(0))
            return
        }
        let options = options(0)
        switch (options.text("csv"), options.value("clients").table) {
        case (let file?, nil):
            var csv = CSVOptions(delimiter: options.text("delimiter"), encoding: options.text("encoding"))
            csv.country = try country(options)?.country
            for entry in options.value("columns").table?.entries ?? [] {
                if let heading = entry.key.text, let field = entry.value.text { csv.columns[heading] = field }
            }
            // A script that is only looked at may have no folder.
            let isHomeless = script.environment.folders.isEmpty
            let path = try isHomeless ? file : script.attachmentPath(file, for: self, option: "csv")
            registered.audience = .csv(path: path, options: csv)
        case (nil, let query?):
            registered.audience = .clients(labels: query["label"].texts, text: query["text"].text)
        default: throw complaint("exactly one of csv and clients is needed")
        }
    }

    /// The rows come from a run of their own, which the host asks for with an event.
    private func registerRows(of registered: RegisteredBroadcast, _ body: LuaFunction) throws {
        let event = AudienceRequest.eventName(of: registered.name)
        var filter = EventFilter(events: [event])
        filter.from = .any
        filter.anyOwner = true
        filter.maxAge = nil
        let handler = Registrations.Handler(function: try script.prelude.audience(body), filter: nil)
        do {
            try script.registrations.add(
                .event, subject: event, name: event, dialog: nil, filter: filter, priority: 0, location: location,
                handler: handler)
        } catch {
            throw complaint(error.description)
        }
    }

    fileprivate func steer(_ steering: LedgerOperation.Steering) throws -> LuaReturn {
        try askLedger { .steer($0, steering, reason: "asked for by the script") }
    }

    fileprivate func askLedger(_ operation: (BroadcastTarget) -> LedgerOperation) throws -> LuaReturn {
        let name = try registeredBroadcast().name
        let key = text(0)
        var arguments = CanonicalArguments()
        arguments.add("broadcast", name)
        arguments.add("key", key.isEmpty ? nil : key)
        let target = BroadcastTarget.named(name, key: key.isEmpty ? nil : key)
        return suspend(.host(.ledger(operation(target))), arguments, session: nil, .value, in: try run())
    }

    fileprivate func consent(
        _ reader: OutcomeReader = .nothing, _ operation: ([String], String) -> LedgerOperation
    ) throws -> LuaReturn {
        let run = try run()
        guard let client = lua.receiver, let channel = client.field("channel").text else {
            throw complaint("the client belongs to no channel")
        }
        var fields = JSONObject()
        for name in ["id", "phone", "email", "identifier"] {
            if let value = client.field(name).text { fields[name] = .string(value) }
        }
        // Audiences may name the session of a client alone.
        if channel == run.context.channel.rawValue, let session = run.context.sessionID {
            fields["session"] = .string(session)
        }
        let addresses = AudienceRow(client: fields).addresses(on: ChannelID(channel))
        guard !addresses.isEmpty else { throw complaint("nothing is known of the client by which it could be found") }
        let topic = text(0)
        var arguments = CanonicalArguments()
        arguments.add("client", addresses)
        arguments.add("topic", topic)
        return suspend(.host(.ledger(operation(addresses, topic))), arguments, session: nil, reader, in: run)
    }

    private func rate(_ options: APIOptions, _ name: String) throws -> SendRate? {
        guard let spelled = options.text(name) else { return nil }
        let words = ["second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "30d"]
        let parts = spelled.split(separator: "/", maxSplits: 1).map(String.init)
        let text = parts.count == 2 ? parts[0] + "/" + (words[parts[1]] ?? parts[1]) : spelled
        guard let rate = SpelledDuration.parseRate(text) else {
            throw complaint("option '\(name)' must be a rate such as \"20/s\" or \"2/week\", got \"\(spelled)\"")
        }
        return SendRate(count: Int64(rate.count), period: rate.period)
    }

    private func share(_ rules: LuaTable, _ name: String) throws -> Double? {
        let value = rules[name]
        if value.isNil { return nil }
        let spelled = value.printed
        let percent = spelled.hasSuffix("%")
        guard let number = Double(percent ? String(spelled.dropLast()) : spelled), number.isFinite else {
            throw complaint("option '\(name)' must be a share such as \"3%\", got \"\(spelled)\"")
        }
        let share = percent ? number / 100 : number
        guard (0...1).contains(share) else {
            throw complaint("option '\(name)' must be a share from 0% to 100%, got \"\(spelled)\"")
        }
        return share
    }
}
