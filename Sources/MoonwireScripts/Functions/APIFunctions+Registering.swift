import LuaRuntime
import Moonwire

extension APIFunctions {
    static let registering: [String: Implementation] = [
        "bot.on": { call in
            let event = call.text(0)
            let opts = call.options(3)
            try call.register(
                .event, subject: event, event: event, name: opts.text("name"), priority: opts.integer("priority"))
            return .nothing
        },
        "bot.command": { call in
            let spelled = call.text(0)
            let word = FoldedText.fold(spelled.hasPrefix("/") ? String(spelled.dropFirst()) : spelled)
            guard !word.isEmpty, !word.contains(where: \.isWhitespace) else {
                throw call.complaint("'word' must be one word, got \"\(spelled)\"")
            }
            try call.register(
                .command(word), subject: "/" + word, event: "message.created", name: nil, priority: 0)
            return .nothing
        },
        "bot.dialog": { call in try call.registerDialog() },
        "bot.panel": { call in try call.registerPanel() },
        "bot.use": { call in
            call.script.registrations.middlewares.append(try call.luaFunction(0))
            return .nothing
        },
        "bot.on_error": { call in
            guard call.script.registrations.errorHandler == nil else {
                throw call.complaint("the script has an error handler already")
            }
            call.script.registrations.errorHandler = try call.luaFunction(0)
            return .nothing
        },
        "bot.settings": { call in try call.declareSettings() },
    ]
}

extension APICall {
    fileprivate func register(
        _ trigger: HandlerDescriptor.Trigger, subject: String, event: String, name: String?, priority: Int
    ) throws {
        let options = options(1)
        let filter = try eventFilter(options, event: event)
        let function = try luaFunction(2)
        let dialog = try script.prelude.dialogNumber(of: function).map { script.registrations.dialogs[$0] }
        do {
            try script.registrations.add(
                trigger, subject: subject, name: name, dialog: dialog, filter: filter, priority: priority,
                location: location,
                handler: Registrations.Handler(function: function, filter: options.function("where")))
        } catch {
            throw complaint(error.description)
        }
    }

    /// Behind all other handlers of the event, so that a panel shows what they did.
    fileprivate func registerPanel() throws -> LuaReturn {
        let name = text(0)
        guard !name.isEmpty, name.utf8.count <= 64 else { throw complaint("'name' must have 1 to 64 bytes") }
        var filter = EventFilter(events: [PanelEvent.opened, PanelEvent.action])
        filter.from = .any
        filter.anyOwner = true
        filter.maxAge = nil
        do {
            try script.registrations.add(
                .event, subject: "panel", name: "panel:" + name, dialog: nil, filter: filter, priority: -1000,
                location: location,
                handler: Registrations.Handler(function: try luaFunction(1), filter: nil, panel: name))
        } catch let problem as RegistrationProblem {
            throw complaint(problem.description)
        }
        return .nothing
    }

    /// A dialog and the function that begins it.
    fileprivate func registerDialog() throws -> LuaReturn {
        let name = text(0)
        guard !name.isEmpty else { throw complaint("'name' must not be empty") }
        let options = options(1)
        let dialog = Dialog(
            name: name, expires: options.duration("expires"), cancel: try words(options, "cancel"),
            restart: try words(options, "restart"),
            onReload: options.text("on_reload").flatMap(DialogTerms.OnReload.init(rawValue:)) ?? .finish,
            location: location)
        do {
            let number = try script.registrations.add(dialog)
            return .value(.function(try script.prelude.dialog(number, try luaFunction(2))))
        } catch let problem as RegistrationProblem {
            throw complaint(problem.description)
        }
    }

    private func words(_ options: APIOptions, _ name: String) throws -> Set<String> {
        var words: Set<String> = []
        for word in options.texts(name) {
            let folded = FoldedText.joinedWords(word)
            guard !folded.isEmpty else { throw complaint("option '\(name)' has an entry without letters: \"\(word)\"") }
            words.insert(folded)
        }
        return words
    }
}
