import EventJSON
import LuaRuntime
import Moonwire

extension APICall {
    /// Compares the configured settings with the declared ones and makes `bot.config`.
    func declareSettings() throws -> LuaReturn {
        guard script.registrations.settingsLocation == nil else {
            throw complaint("the settings were declared at \(script.registrations.settingsLocation ?? "") already")
        }
        script.registrations.settingsLocation = location
        let declarations = try value(0).table ?? LuaTable()
        let configured = (try? JSON(parsing: script.sources.settings.bytes))?.object ?? JSONObject()
        let names = declarations.textKeys
        for key in configured.keys where !names.contains(key) {
            throw complaint(
                "the configuration sets '\(key)', which is not declared" + NearestWord.hint(for: key, in: names))
        }
        var fields: [(name: String, field: LuaObjectContent.Field)] = []
        for name in names {
            let setting = Setting(name: name, declaration: declarations[name].table ?? LuaTable())
            do {
                let value = try setting.resolve(configured[name].map(LuaValue.init))
                fields.append((name, .value(.value(value))))
            } catch {
                throw complaint(error.description)
            }
        }
        let config = try script.state.makeObject(
            try script.state.makeClass(LuaObjectClass(name: "bot.config", fields: names)),
            LuaObjectContent(overrides: fields))
        script.bot?.set("config", .value(.object(config)))
        return .value(.object(config))
    }
}

/// One declared setting.
struct Setting {
    let name: String
    let declaration: LuaTable

    struct Problem: Error {
        let description: String
    }

    /// The configured value, or the default, if it is what the declaration says.
    func resolve(_ configured: LuaValue?) throws(Problem) -> LuaValue {
        if let configured, !configured.isNil {
            try check(configured, "the configuration")
            return configured
        }
        let fallback = declaration["default"]
        if !fallback.isNil {
            try check(fallback, "its default")
        } else if declaration["required"].boolean == true {
            throw Problem(description: "setting '\(name)' is required and not configured")
        }
        return fallback
    }

    private func check(_ value: LuaValue, _ source: String) throws(Problem) {
        let type = declaration["type"].text ?? "string"
        let fits =
            switch type {
            case "string": value.text != nil
            case "number": value.number != nil
            case "integer": value.integer != nil
            case "boolean": value.boolean != nil
            case "list": value.array != nil
            default: value.isTable
            }
        guard fits else { throw refusal(value, type == "integer" ? "an integer" : "a \(type)", source) }
        if let number = value.number {
            if let least = declaration["min"].number, number < least {
                throw refusal(value, "at least \(declaration["min"].printed)", source)
            }
            if let most = declaration["max"].number, number > most {
                throw refusal(value, "at most \(declaration["max"].printed)", source)
            }
        }
        if let choices = declaration["choices"].array, !choices.contains(value) {
            throw refusal(value, "one of " + choices.map(\.words).joined(separator: ", "), source)
        }
    }

    private func refusal(_ value: LuaValue, _ wanted: String, _ source: String) -> Problem {
        Problem(description: "setting '\(name)' must be \(wanted), but \(source) has \(value.words)")
    }
}

extension LuaScript {
    /// A configured setting that nothing declares is a mistake of the configuration.
    func checkUndeclaredSettings() throws(ScriptFailure) {
        guard registrations.settingsLocation == nil,
            let key = (try? JSON(parsing: sources.settings.bytes))?.object?.keys.first
        else { return }
        throw ScriptFailure(
            kind: .runtime,
            message: "\(sources.entry): the configuration sets '\(key)', but the script declares no settings "
                + "(bot.settings{ \(key) = { type = … } })")
    }
}
