/// Finds the handlers of an event: by name first, then by the host-side filters, in order of priority.
struct Router {
    private var handlers: [String: [Candidate]] = [:]
    private var commands: [String: [Candidate]] = [:]

    /// Scripts in configuration order: with equal priority the earlier script's handler runs first, and within a
    /// script the earlier registration.
    init(scripts: [LoadedScript]) {
        for script in scripts {
            for handler in script.instance.handlers {
                let candidate = Candidate(script: script, handler: handler)
                switch handler.trigger {
                case .event:
                    for name in handler.filter.events { handlers[name, default: []].append(candidate) }
                case .command(let word): commands[word, default: []].append(candidate)
                }
            }
        }
        handlers = handlers.mapValues(Self.sorted)
        commands = commands.mapValues(Self.sorted)
    }

    private static func sorted(_ candidates: [Candidate]) -> [Candidate] {
        candidates.enumerated().sorted { left, right in
            let (first, second) = (left.element.handler.priority, right.element.handler.priority)
            return first == second ? left.offset < right.offset : first > second
        }.map(\.element)
    }

    /// Whether anyone could want events of this name.
    func knows(_ name: String) -> Bool { handlers[name] != nil }

    func handlers(for event: Event, text: FoldedText, now: Instant) -> [Candidate] {
        guard let named = handlers[event.name] else { return [] }
        return named.filter { $0.handler.filter.matches(event, text: text, now: now) }
    }

    /// The handlers of the command that a peer's message begins with.
    func commands(for event: Event, text: FoldedText, now: Instant) -> [Candidate] {
        guard !commands.isEmpty, event.name == "message.created", let word = text.command?.word,
            let named = commands[word]
        else { return [] }
        return named.filter { $0.handler.filter.matches(event, text: text, now: now) }
    }
}
