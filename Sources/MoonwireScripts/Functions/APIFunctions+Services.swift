import EventJSON
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let services: [String: Implementation] = [
        "bot.now": { call in
            switch call.script.phase {
            case .running(let run): .value(.value(.number(run.at.seconds)))
            case .writing(let at): .value(.value(.number(at.seconds)))
            case .filtering(let context): .value(.value(.number(context.at.seconds)))
            case .loading, .idle: .nothing
            }
        },
        "bot.uuid": { call in .value(.text(UUIDText.random(try call.run().nextRandom))) },
        "bot.sleep": { call in
            let duration = try call.duration(0) ?? .zero
            var arguments = CanonicalArguments()
            arguments.add("duration_ms", duration.milliseconds)
            let run = try call.run()
            return call.wait(for: [], timeout: duration, arguments, .sleep, in: run)
        },
        "bot.limit": { call in
            let (key, spelled) = (call.text(0), call.text(1))
            guard let rate = SpelledDuration.parseRate(spelled) else {
                throw call.complaint("'rate' must be a rate such as \"10/m\" or \"3/10s\", got \"\(spelled)\"")
            }
            guard !key.isEmpty, key.utf8.count <= 512 else { throw call.complaint("'key' must have 1 to 512 bytes") }
            var arguments = CanonicalArguments()
            arguments.add("key", key)
            arguments.add("rate", spelled)
            let operation = HostEffect.StoreOperation(
                scope: "bot:" + call.script.sources.script, key: key,
                command: .limit(count: rate.count, period: rate.period))
            return call.suspend(.host(.store(operation)), arguments, session: nil, .allowance, in: try call.run())
        },
        "bot.secret": { call in
            let name = call.text(0)
            guard call.script.environment.secrets(name) != nil else {
                throw call.complaint("the configuration has no secret '\(name)'")
            }
            return .value(call.script.secretObject(name))
        },
    ]

    static let json: [String: Implementation] = [
        "bot.json.encode": { call in
            .value(.value(.string(LuaString(bytes: try call.json(0) ?? RawJSON.null.bytes))))
        },
        "bot.json.decode": { call in
            .value(.json(try call.checkedJSON(Array(call.text(0).utf8), "'text'")))
        },
    ]

    static let text: [String: Implementation] = [
        "bot.text.fold": { call in .value(.text(FoldedText.fold(call.text(0)))) },
        "bot.text.contains": { call in
            let value = try call.value(1)
            let words = value.array.map { $0.map(\.printed) } ?? [value.printed]
            let folded = Set(words.map(FoldedText.joinedWords))
            return .value(.value(.boolean(FoldedText(call.text(0)).containsAny(of: folded))))
        },
        "bot.text.truncate": { call in
            let text = call.text(0)
            let length = Int(call.integer(1))
            guard text.count > length else { return .value(.text(text)) }
            let ending = call.text(2).prefix(length)
            return .value(.text(String(text.prefix(length - ending.count)) + ending))
        },
        "bot.text.format": { call in .value(.text(try call.formatted())) },
    ]
}

extension LuaScript {
    func secretObject(_ name: String) -> LuaArgument {
        guard let secretClass = classes["secret"] else { return .nil }
        let index = secrets.firstIndex(of: name) ?? secrets.count
        if index == secrets.count { secrets.append(name) }
        return .new(secretClass, LuaObjectContent(handle: Int64(index + 1), label: "***"))
    }
}

/// A version 4 UUID from a run's own numbers.
enum UUIDText {
    static func random(_ next: () -> UInt64) -> String {
        let high = next() & ~0xF000 | 0x4000
        let low = next() & ~(0xC000 << 48) | (0x8000 << 48)
        let digits = padded(high) + padded(low)
        let lengths = [8, 4, 4, 4, 12]
        var rest = digits[...]
        return lengths.map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }

    private static func padded(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
