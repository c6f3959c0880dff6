import EventJSON
import Foundation
import Moonwire

extension ControlHandler {
    func answer(_ order: BroadcastOrder) async throws(HostError) -> BroadcastAnswer {
        do {
            return try await carryOut(order)
        } catch let error as HostError {
            throw error
        } catch let failure as EffectFailure {
            throw HostError(failure.message, isWrongInput: true)
        } catch {
            throw HostError("\(error)")
        }
    }

    private func carryOut(_ order: BroadcastOrder) async throws -> BroadcastAnswer {
        let target = BroadcastTarget.named(order.name, key: order.key)
        switch order.action {
        case .new, .start:
            if order.action == .start, let draft = try await host.engine.broadcastRecord(target),
                order.key == nil ? draft.state == .draft : draft.state == .draft || draft.state == .paused
            {
                return try await steer(order, .id(draft.id), .start)
            }
            let key = order.key ?? Self.today
            let answer = try await host.engine.changeBroadcasts(
                .create(try await plan(order.name), key: key, starts: order.action == .start))
            let figures = try await figures(.named(order.name, key: key))
            if order.action == .start { try Self.refuse(answer["state"]?.string, figures?.reason, order.name, key) }
            return BroadcastAnswer(
                figures: figures, created: answer["created"]?.bool, readsAgain: answer["asks_again"]?.bool)
        case .pause: return try await steer(order, target, .pause)
        case .resume: return try await steer(order, target, .resume)
        case .cancel: return try await steer(order, target, .cancel)
        case .delete:
            guard let record = try await host.engine.broadcastRecord(target) else {
                throw HostError("there is no broadcast '\(order.name)' to delete", isWrongInput: true)
            }
            return try await steer(order, .id(record.id), .delete)
        case .retry: return try await change(.retry(target), target)
        case .resolve:
            guard let decision = order.decision.flatMap(LedgerOperation.Resolution.init(rawValue:)) else {
                throw HostError("a decision is sent, failed or retry", isWrongInput: true)
            }
            return try await change(.resolve(target, address: order.address, as: decision), target)
        case .preview:
            let preview = try await host.engine.previewBroadcast(
                try await planOf(order), key: order.key, limit: max(order.limit ?? 10, 0))
            return BroadcastAnswer(preview: preview)
        case .test:
            var row = JSONObject()
            for (name, value) in (order.row ?? [:]).sorted(by: { $0.key < $1.key }) { row[name] = .string(value) }
            return BroadcastAnswer(
                sent: try await host.engine.testBroadcast(try await plan(order.name), to: row))
        }
    }

    /// A start that starts nothing must not look like one.
    private static func refuse(_ state: String?, _ reason: String?, _ name: String, _ key: String) throws {
        let why = reason.map { " (\($0))" } ?? ""
        switch state {
        case BroadcastState.paused.word:
            throw HostError(
                "'\(name)' with the key '\(key)' is paused\(why); moonwire broadcast resume \(name) --key \(key) "
                    + "goes on with it", isWrongInput: true)
        case BroadcastState.cancelled.word, BroadcastState.deleted.word:
            throw HostError(
                "'\(name)' with the key '\(key)' is \(state ?? "over"), and the same key twice is one broadcast; "
                    + "start it with another --key", isWrongInput: true)
        default: return
        }
    }

    private func steer(
        _ order: BroadcastOrder, _ target: BroadcastTarget, _ steering: LedgerOperation.Steering
    ) async throws -> BroadcastAnswer {
        _ = try await host.engine.changeBroadcasts(
            .steer(target, steering, reason: steering == .pause ? "paused by hand" : nil))
        return BroadcastAnswer(figures: try await figures(target))
    }

    private func change(_ operation: LedgerOperation, _ target: BroadcastTarget) async throws -> BroadcastAnswer {
        let answer = try await host.engine.changeBroadcasts(operation)
        return BroadcastAnswer(figures: try await figures(target), changed: answer["changed"]?.int)
    }

    private func figures(_ target: BroadcastTarget) async throws -> BroadcastStatus? {
        try await host.engine.broadcastRecord(target).map { BroadcastStatus($0) }
    }

    /// What a script in service registers now.
    private func plan(_ name: String) async throws -> BroadcastPlan {
        let plans = await host.engine.broadcastPlans()
        if let plan = plans.first(where: { $0.name == name }) { return plan }
        let names = plans.map(\.name)
        let known = names.isEmpty ? "; no script registers one" : "; known are \(names.joined(separator: ", "))"
        throw HostError(
            "no script registers a broadcast '\(name)'" + NearestWord.hint(for: name, in: names) + known,
            isWrongInput: true)
    }

    /// Of a preview: as it was made, where a key names one.
    private func planOf(_ order: BroadcastOrder) async throws -> BroadcastPlan {
        if let key = order.key {
            guard let record = try await host.engine.broadcastRecord(.named(order.name, key: key)) else {
                throw HostError("there is no broadcast '\(order.name)' with the key '\(key)'", isWrongInput: true)
            }
            return record.plan
        }
        return try await plan(order.name)
    }

    /// The key of who names none: one broadcast of a name each day.
    private static var today: String {
        Date.now.formatted(Date.ISO8601FormatStyle(timeZone: .current).year().month().day())
    }
}
