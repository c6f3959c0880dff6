import EventJSON
import Moonwire

/// A step's outcome as bytes: one JSON object.
///
/// Members that a later release adds are ignored; a member that is missing reads as its absence, never as an error.
enum OutcomeCoding {
    static func encode(_ outcome: StepOutcome) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 192)
        writer.beginObject()
        writer.key("at")
        writer.value(outcome.at.rawValue)
        switch outcome.result {
        case .value(let value):
            writer.key("value")
            writer.raw(value.bytes)
        case .none(let reason):
            writer.key("none")
            writer.value(reason)
        case .event(let event): encode(event, to: &writer)
        case .failure(let failure): encode(failure, to: &writer)
        }
        if let session = outcome.session {
            writer.key("session")
            writer.raw(session.journalBytes)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Reads an outcome. An event is looked up by its id; one that was never admitted is read from the outcome itself.
    static func decode(
        _ bytes: [UInt8], parser: JSONParser, event lookUp: (EventID) throws -> AdmittedEvent
    ) throws -> StepOutcome {
        let parts = try parser.parse(bytes) { root in Parts(root) }
        let session = try parts.session.map { try Session(journalBytes: $0.bytes, parser: parser) }
        let result: StepOutcome.Result
        if let id = parts.event {
            if let body = parts.eventBody {
                let event = try Event(journalBytes: body.bytes, key: nil, parser: parser)
                result = .event(
                    AdmittedEvent(
                        id: id, event: event, body: EventBody(event), admittedAt: parts.admitted ?? parts.at))
            } else {
                result = .event(try lookUp(id))
            }
        } else if let failure = parts.failure {
            result = .failure(failure)
        } else if let reason = parts.reason {
            result = .none(reason: reason)
        } else {
            result = .value(parts.value ?? .null)
        }
        return StepOutcome(result: result, at: parts.at, session: session)
    }

    /// What can be read while the parser holds the document.
    private struct Parts {
        let at: Instant
        let value: RawJSON?
        let reason: String?
        let event: EventID?
        let eventBody: RawJSON?
        let admitted: Instant?
        let failure: EffectFailure?
        let session: RawJSON?

        init(_ root: JSONElement) {
            at = Instant(rawValue: Int64(root["at"]?.int ?? 0))
            value = root["value"].map(RawJSON.init(copying:))
            reason = root["none"]?.string
            event = root["event"]?.int.map { EventID(rawValue: Int64($0)) }
            eventBody = root["body"].map(RawJSON.init(copying:))
            admitted = root["admitted"]?.int.map { Instant(rawValue: Int64($0)) }
            failure = root["failure"].map { element in
                EffectFailure(
                    code: element["code"]?.string ?? "unknown", message: element["message"]?.string ?? "",
                    retryable: element["retryable"]?.bool ?? false, status: element["status"]?.int)
            }
            session = root["session"].map(RawJSON.init(copying:))
        }
    }

    private static func encode(_ event: AdmittedEvent, to writer: inout JSONWriter) {
        writer.key("event")
        writer.value(event.id.rawValue)
        guard event.id.rawValue == 0 else { return }
        writer.key("admitted")
        writer.value(event.admittedAt.rawValue)
        writer.key("body")
        writer.raw(event.body.journalBytes)
    }

    private static func encode(_ failure: EffectFailure, to writer: inout JSONWriter) {
        writer.key("failure")
        writer.beginObject()
        writer.key("code")
        writer.value(failure.code)
        writer.key("message")
        writer.value(failure.message)
        writer.key("retryable")
        writer.value(failure.retryable)
        if let status = failure.status {
            writer.key("status")
            writer.value(status)
        }
        writer.endObject()
    }
}
