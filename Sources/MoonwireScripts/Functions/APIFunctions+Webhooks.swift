import EventJSON
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let webhooks: [String: Implementation] = [
        "bot.webhook": { call in
            try call.registerWebhook()
            return .nothing
        }
    ]
}

extension APICall {
    fileprivate func registerWebhook() throws {
        let name = text(0)
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isPlain) else {
            throw complaint("'name' must have 1 to 64 letters, digits, dashes or underscores, got \"\(name)\"")
        }
        let options = options(1)
        var webhook = WebhookDeclaration(name: name, auth: try auth(options), location: location)
        webhook.methods = Set(options.texts("methods"))
        webhook.identity = try options.value("id").table.map { try place($0, "id") }
        webhook.ordering = try ordering(options)
        webhook.answer.status = options.integer("status")
        if let body = options.text("body") { webhook.answer.body = body }
        let contentType = options.text("content_type") ?? ""
        guard contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw complaint("option 'content_type' must be plain text")
        }
        webhook.answer.contentType = contentType
        if options.has("max_body") { webhook.bodyLimit = options.integer("max_body") }
        if let table = options.value("verify").table {
            webhook.verification = WebhookDeclaration.Verification(
                secret: try secretName(table["secret"]), tokenMember: table["token"].text ?? "hub.verify_token",
                echoMember: table["echo"].text ?? "hub.challenge")
        }
        try register(webhook)
    }

    private func register(_ webhook: WebhookDeclaration) throws {
        var filter = EventFilter(events: [webhook.eventName])
        filter.from = .any
        filter.anyOwner = true
        filter.maxAge = nil
        do {
            try script.registrations.add(
                .event, subject: webhook.eventName, name: webhook.eventName, dialog: nil, filter: filter, priority: 0,
                location: location, handler: Registrations.Handler(function: try luaFunction(2), filter: nil),
                webhook: webhook)
        } catch let problem as RegistrationProblem {
            throw complaint(problem.description)
        }
    }

    private func auth(_ options: APIOptions) throws -> WebhookDeclaration.Auth {
        let value = options.value("auth")
        if value.text == "none" { return .open }
        guard let table = value.table else { return .bearer(secret: try secretName(value)) }
        switch (table["bearer"].isNil, table["hmac"].isNil) {
        case (true, true): throw complaint("option 'auth' needs 'bearer' or 'hmac' with a secret, or is \"none\"")
        case (false, false): throw complaint("option 'auth' has either 'bearer' or 'hmac'")
        case (false, true): return .bearer(secret: try secretName(table["bearer"]))
        case (true, false): return .signature(try signature(table))
        }
    }

    private func signature(_ table: LuaTable) throws -> WebhookDeclaration.Signature {
        guard let header = table["header"].text else {
            throw complaint("option 'auth' with 'hmac' needs 'header', the header that holds the signature")
        }
        var signature = WebhookDeclaration.Signature(
            secret: try secretName(table["hmac"]), header: try headerName(header))
        typealias Terms = WebhookDeclaration.Signature
        signature.algorithm = table["algorithm"].text.flatMap(Terms.Algorithm.init(rawValue:)) ?? .sha256
        signature.encoding = table["encoding"].text.flatMap(Terms.Encoding.init(rawValue:)) ?? .hex
        signature.prefix = table["prefix"].text ?? ""
        if let timestamp = table["timestamp"].table {
            signature.timestamp = WebhookDeclaration.Timestamp(
                header: try headerName(timestamp["header"].text ?? ""),
                tolerance: TypeCheck.duration(timestamp["tolerance"]) ?? .seconds(300))
            signature.signed = "{timestamp}.{body}"
        }
        if let signed = table["signed"].text {
            guard signed.contains("{body}") else { throw complaint("option 'signed' must hold {body}") }
            guard signature.timestamp != nil || !signed.contains("{timestamp}") else {
                throw complaint("option 'signed' names {timestamp}: say in 'timestamp' which header holds it")
            }
            guard signature.timestamp == nil || signed.contains("{timestamp}") else {
                throw complaint(
                    "option 'signed' must hold {timestamp} beside 'timestamp': a time that is not signed proves nothing"
                )
            }
            signature.signed = signed
        }
        return signature
    }

    private func ordering(_ options: APIOptions) throws -> WebhookDeclaration.Ordering {
        if let table = options.value("ordered").table { return .by(try place(table, "ordered")) }
        return options.flag("ordered") ? .all : .none
    }

    private func place(_ table: LuaTable, _ option: String) throws -> WebhookDeclaration.Place {
        switch (table["header"].text, table["json"].text) {
        case (let header?, nil): return .header(try headerName(header))
        case (nil, let pointer?):
            guard pointer.hasPrefix("/") else {
                throw complaint("option 'json' must be a JSON pointer such as \"/entry/0/id\", got \"\(pointer)\"")
            }
            return .body(pointer: pointer)
        default: throw complaint("option '\(option)' needs either 'header' or 'json'")
        }
    }

    private func headerName(_ text: String) throws -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: ".") }) else {
            throw complaint("'\(text)' is no name for a header")
        }
        return text.lowercased()
    }

    private func secretName(_ value: LuaValue) throws -> String {
        let index = Int(clamping: value.object?.handle ?? 0) - 1
        guard script.secrets.indices.contains(index) else { throw complaint("the secret is not known") }
        return script.secrets[index]
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension LuaScript {
    /// What a webhook's function is called with.
    func requestObject(_ event: AdmittedEvent) -> LuaArgument {
        guard let requestClass = classes["request"] else { return .nil }
        let details = event.body.raw.bytes
        var content = LuaObjectContent(fields: details)
        if let body = (try? JSON(parsing: details))?["body"]?.string, let first = body.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), (try? JSON(parsing: body)) != nil
        {
            content.overrides = [("json", .json(Array(body.utf8)))]
        }
        return .new(requestClass, content)
    }
}
