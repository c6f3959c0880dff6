import LuaRuntime
import Moonwire

extension APIFunctions {
    static let http: [String: Implementation] = [
        "bot.http.get": { call in try call.send("GET", url: call.text(0), call.options(1)) },
        "bot.http.post": { call in try call.send("POST", url: call.text(0), call.options(1)) },
        "bot.http.request": { call in
            let options = call.options(0)
            return try call.send(options.text("method") ?? "GET", url: options.text("url") ?? "", options)
        },
        "response:json": { call in
            guard let body = call.lua.receiver?.field("body").bytes else { throw call.complaint("there is no body") }
            return .value(.json(try call.checkedJSON(body, "the body")))
        },
    ]

    private static let longestBody = 8 << 20

    fileprivate static func refuse(_ body: [UInt8]?) -> String? {
        guard let body, body.count > longestBody else { return nil }
        return "the body has more than \(longestBody >> 20) MiB"
    }
}

extension APICall {
    /// JSON text that is known to be JSON.
    func checkedJSON(_ bytes: [UInt8], _ what: String) throws -> [UInt8] {
        do {
            try script.state.checkJSON(bytes)
            return bytes
        } catch {
            throw complaint("\(what) is not JSON: \(error.message)")
        }
    }

    fileprivate func send(_ method: String, url: String, _ options: APIOptions) throws -> LuaReturn {
        if let problem = WebAddress.problem(url) { throw complaint("'url' \(problem)") }
        let run = try run()
        let query = try fields(options, "query")
        let address = WebAddress.adding(query, to: url)
        var headers = try headers(options)
        let body = try body(options, &headers)
        if let problem = APIFunctions.refuse(body) { throw complaint(problem) }
        let isSafe = method != "POST" && method != "PATCH"
        let isRepeatable = options.has("repeatable") ? options.flag("repeatable") : isSafe
        let timeout = options.duration("timeout")
        var arguments = CanonicalArguments()
        arguments.add("method", method)
        arguments.add("url", address)
        if !headers.isEmpty { arguments.add("headers", json: try LuaValue.table(headers.shown).json()) }
        arguments.add("body", content: body)
        arguments.add("timeout_ms", timeout?.milliseconds)
        arguments.add(flag: "repeatable", isRepeatable)
        let request = HostEffect.OutboundRequest(
            method: method, url: address, headers: headers.sent, body: body, timeout: timeout,
            isRepeatable: isRepeatable)
        return suspend(.host(.http(request)), arguments, session: nil, .response, in: run)
    }

    /// Headers as they are sent, and as they may be shown: secrets by name.
    private struct Headers {
        var sent: [(name: String, value: String)] = []
        var shown = LuaTable()

        var isEmpty: Bool { sent.isEmpty }

        func has(_ name: String) -> Bool { sent.contains { $0.name.lowercased() == name } }

        mutating func add(_ name: String, _ value: String, shown: LuaValue? = nil) {
            sent.append((name, value))
            self.shown.entries.append(.init(key: .text(name), value: shown ?? .text(value)))
        }
    }

    private func headers(_ options: APIOptions) throws -> Headers {
        var headers = Headers()
        for entry in options.value("headers").table?.entries ?? [] {
            let name = entry.key.printed
            let isToken = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
            guard !name.isEmpty, isToken else { throw complaint("'\(name)' is no name for a header") }
            guard let reference = entry.value.object else {
                try add(entry.value.printed, nil, named: name, to: &headers)
                continue
            }
            let secret = try secret(reference.handle)
            try add(secret.value, ["secret": .text(secret.name)], named: name, to: &headers)
        }
        if let reference = options.value("auth").object {
            guard !headers.has("authorization") else {
                throw complaint("give either auth or the header Authorization")
            }
            let secret = try secret(reference.handle)
            try add("Bearer " + secret.value, ["bearer": .text(secret.name)], named: "Authorization", to: &headers)
        }
        return headers
    }

    private func add(_ value: String, _ shown: LuaValue?, named name: String, to headers: inout Headers) throws {
        guard !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
            throw complaint("header '\(name)' holds a line break")
        }
        headers.add(name, value, shown: shown)
    }

    private func secret(_ handle: Int64) throws -> (name: String, value: String) {
        let index = Int(handle) - 1
        guard script.secrets.indices.contains(index), let value = script.environment.secrets(script.secrets[index])
        else { throw complaint("the secret is not configured") }
        return (script.secrets[index], value)
    }

    private func fields(_ options: APIOptions, _ name: String) throws -> [(name: String, value: String)] {
        (options.value(name).table?.entries ?? []).map { ($0.key.printed, $0.value.printed) }
    }

    private func body(_ options: APIOptions, _ headers: inout Headers) throws -> [UInt8]? {
        let given = ["json", "form", "body"].filter(options.has)
        guard given.count <= 1 else { throw complaint("give only one of \(given.joined(separator: " and "))") }
        switch given.first {
        case "json"?:
            if !headers.has("content-type") { headers.add("Content-Type", "application/json") }
            return try options.value("json").json()
        case "form"?:
            if !headers.has("content-type") { headers.add("Content-Type", "application/x-www-form-urlencoded") }
            return Array(WebAddress.form(try fields(options, "form")).utf8)
        case "body"?: return options.bytes("body")
        default: return nil
        }
    }
}
