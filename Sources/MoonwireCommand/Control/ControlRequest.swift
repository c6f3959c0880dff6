import Foundation
import Moonwire

/// What a running host can be asked for. On the wire one JSON object, such as
/// `{"command":"reload","scripts":["orders"]}`.
enum ControlRequest: Sendable, Equatable {
    /// Reads these scripts anew, or all when there are none.
    case reload(scripts: [String])
    /// Tells of each script's versions.
    case scripts
    /// Makes an earlier version current: the one before when there is none.
    case rollback(script: String, version: String?)
    /// Ends the waiting runs of a version.
    case retire(version: String, cancels: Bool, isForced: Bool)
    case jobs(JobsRequest)
    /// Makes a code with which a person signs in to a dashboard app; the only one when none is named.
    case pair(person: String, app: String?)
    case broadcast(BroadcastOrder)

    private enum Name: String, CaseIterable {
        case reload, scripts, rollback, retire, jobs, pair, broadcast
    }

    private enum Key: String, CodingKey {
        case command, scripts, script, version, cancel, force, person, app, order
    }
}

extension ControlRequest: Codable {
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let command = try fields.decode(String.self, forKey: .command)
        guard let name = Name(rawValue: command) else {
            let known = Name.allCases.map(\.rawValue)
            throw HostError(
                "there is no command '\(command.prefix(40))'" + NearestWord.hint(for: command, in: known)
                    + "; known are \(known.joined(separator: ", "))", isWrongInput: true)
        }
        switch name {
        case .reload: self = .reload(scripts: try fields.decodeIfPresent([String].self, forKey: .scripts) ?? [])
        case .scripts: self = .scripts
        case .rollback:
            self = .rollback(
                script: try fields.decode(String.self, forKey: .script),
                version: try fields.decodeIfPresent(String.self, forKey: .version))
        case .broadcast: self = .broadcast(try fields.decode(BroadcastOrder.self, forKey: .order))
        case .retire:
            self = .retire(
                version: try fields.decode(String.self, forKey: .version),
                cancels: try fields.decodeIfPresent(Bool.self, forKey: .cancel) ?? false,
                isForced: try fields.decodeIfPresent(Bool.self, forKey: .force) ?? false)
        case .jobs: self = .jobs(try JobsRequest(from: decoder))
        case .pair:
            self = .pair(
                person: try fields.decode(String.self, forKey: .person),
                app: try fields.decodeIfPresent(String.self, forKey: .app))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        switch self {
        case .reload(let scripts):
            try fields.encode(Name.reload.rawValue, forKey: .command)
            try fields.encode(scripts, forKey: .scripts)
        case .scripts: try fields.encode(Name.scripts.rawValue, forKey: .command)
        case .rollback(let script, let version):
            try fields.encode(Name.rollback.rawValue, forKey: .command)
            try fields.encode(script, forKey: .script)
            try fields.encodeIfPresent(version, forKey: .version)
        case .broadcast(let order):
            try fields.encode(Name.broadcast.rawValue, forKey: .command)
            try fields.encode(order, forKey: .order)
        case .retire(let version, let cancels, let isForced):
            try fields.encode(Name.retire.rawValue, forKey: .command)
            try fields.encode(version, forKey: .version)
            try fields.encode(cancels, forKey: .cancel)
            try fields.encode(isForced, forKey: .force)
        case .jobs(let request):
            try fields.encode(Name.jobs.rawValue, forKey: .command)
            try request.encode(to: encoder)
        case .pair(let person, let app):
            try fields.encode(Name.pair.rawValue, forKey: .command)
            try fields.encode(person, forKey: .person)
            try fields.encodeIfPresent(app, forKey: .app)
        }
    }

    /// Reads a line of the wire.
    ///
    /// - Throws: `HostError` with a sentence about what is wrong with it.
    init(line: [UInt8]) throws(HostError) {
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(ControlRequest.self, from: Data(line))
        } catch let error as HostError {
            throw error
        } catch let error as DecodingError {
            throw HostError(Self.explain(error), isWrongInput: true)
        } catch {
            throw HostError("the request cannot be read", isWrongInput: true)
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the request lacks '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.first.map { "'\($0.stringValue)' of the request has the wrong type" }
                ?? "the request is no JSON object"
        default: "the request is not JSON; send one object a line"
        }
    }
}
