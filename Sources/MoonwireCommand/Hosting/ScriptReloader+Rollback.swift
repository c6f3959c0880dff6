import Moonwire
import MoonwireScripts

extension ScriptReloader {
    /// Puts an earlier version of a script in the place of the one that runs.
    ///
    /// It stays in force, over restarts too, until the script's files change. Going back to what is on the disk ends it.
    ///
    /// - Parameter version: A version or an unambiguous beginning of it; the one that was current before when `nil`.
    /// - Throws: `HostError`.
    func rollBack(_ name: String, to version: String?) async throws(HostError) -> ScriptReload {
        await takeTurn()
        defer { giveTurn() }
        guard var script = scripts[name] else {
            throw HostError(
                "no script is called '\(name)'" + NearestWord.hint(for: name, in: order), isWrongInput: true)
        }
        let target = try await target(of: version, name, script)
        guard target != script.current?.version else {
            throw HostError("\(name): version \(ScriptReload.short(target)) is the current one", isWrongInput: true)
        }
        let sources = try await recordedSources(of: target, name)
        if let diagnostic = loader.check(sources).diagnostics.first(where: { $0.severity == .error }) {
            throw HostError("\(name): version \(ScriptReload.short(target)) does not load: \(diagnostic)")
        }
        let others = order.compactMap { $0 == name ? sources : scripts[$0]?.current }
        if let failure = await install(others)[name] {
            throw HostError("\(name): version \(ScriptReload.short(target)) does not load: \(failure.message)")
        }
        let previous = script.current?.version
        script.goBack(to: sources)
        let isOnDisk = script.seen == target
        if isOnDisk { script.problem = nil }
        script.pin = isOnDisk ? nil : script.seen.map { VersionPin(disk: $0, version: target) }
        scripts[name] = script
        var result = ScriptReload(
            script: name, outcome: .live, version: target, previous: previous,
            rolledBackFrom: isOnDisk ? nil : script.seen)
        if let previous { result.runsOnPrevious = await runs(on: [previous])[previous] }
        tell(result)
        do {
            if let disk = script.seen { try await keep(isOnDisk ? nil : target, for: name, disk: disk) }
        } catch {
            throw HostError(
                "\(name): version \(ScriptReload.short(target)) is live, but the journal could not keep that over a "
                    + "restart: \(error)")
        }
        return result
    }

    /// At the start: puts the version in place that a rollback made current, if the disk is still what it was then.
    func take(_ pin: VersionPin, for script: inout TrackedScript, disk: ScriptSources) async {
        let name = disk.script
        guard pin.disk == disk.version else {
            try? await keep(nil, for: name, disk: disk.version)
            return
        }
        var result = ScriptReload(script: name, outcome: .failed, version: disk.version)
        do {
            let sources = try await recordedSources(of: pin.version, name)
            if let diagnostic = loader.check(sources).diagnostics.first(where: { $0.severity == .error }) {
                throw HostError("it does not load: \(diagnostic)")
            }
            script.current = sources
            script.pin = pin
            result = ScriptReload(
                script: name, outcome: .unchanged, version: pin.version, rolledBackFrom: pin.disk)
        } catch {
            let version = ScriptReload.short(pin.version)
            result.error = "version \(version) had been rolled back to and cannot run: \(error)"
        }
        tell(result)
    }

    /// Writes a rollback down, or takes it back.
    func keep(_ version: String?, for script: String, disk: String) async throws {
        let entry = JournalEntry.pin(script: script, disk: disk, version: version)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            journal.append(
                JournalBatch(entries: [entry], mayFail: true) { result in
                    continuation.resume(with: result.map { _ in }.mapError { $0 as any Error })
                })
        }
    }

    private func target(
        of version: String?, _ name: String, _ script: TrackedScript
    ) async throws(HostError) -> String {
        let known = try await reports(of: name).map(\.version)
        guard let version else {
            let left = script.abandoned.union(
                [script.current?.version, script.pin?.disk, script.seen].compactMap(\.self))
            // What this process does not know the journal does, newest first.
            guard let earlier = script.earlier.last ?? known.first(where: { !left.contains($0) }) else {
                throw HostError(
                    "\(name): the journal knows no earlier version; 'moonwire scripts' lists what it has, for --to",
                    isWrongInput: true)
            }
            return earlier
        }
        return try VersionName(version).match(in: known, of: name)
    }

    func reports(of script: String?) async throws(HostError) -> [VersionReport] {
        do {
            return try await journal.versions(of: script)
        } catch {
            throw HostError("the journal cannot be read: \(error)")
        }
    }

    private func recordedSources(of version: String, _ name: String) async throws(HostError) -> ScriptSources {
        do {
            if let sources = try await journal.sources(of: version) { return sources }
        } catch {
            throw HostError("the journal cannot be read: \(error)")
        }
        throw HostError("\(name): the journal no longer has the sources of version \(ScriptReload.short(version))")
    }
}

/// A version as a person writes it: whole, or as much of it as tells it from others.
struct VersionName {
    private let text: String

    init(_ text: String) {
        // As printed, with the mark of what was left out.
        self.text = text.hasSuffix("…") ? String(text.dropLast()) : text
    }

    /// - Throws: `HostError` when none or several match.
    func match(in versions: [String], of script: String? = nil) throws(HostError) -> String {
        let place = script.map { "\($0): " } ?? ""
        if versions.contains(text) { return text }
        guard text.count >= 4 else {
            throw HostError(
                "\(place)'\(text)' is too short for a version; write at least 4 characters", isWrongInput: true)
        }
        let matches = versions.filter { $0.hasPrefix(text) }
        switch matches.count {
        case 1: return matches[0]
        case 0:
            throw HostError(
                "\(place)the journal knows no version \(text); 'moonwire scripts' lists them", isWrongInput: true)
        default:
            throw HostError(
                "\(place)'\(text)' could be \(matches.prefix(5).joined(separator: ", ")); write more of it",
                isWrongInput: true)
        }
    }
}
