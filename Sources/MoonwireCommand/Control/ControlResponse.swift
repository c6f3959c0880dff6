import Foundation

/// What a host answers to a request. On the wire one JSON object: `{"ok":true,…}` or `{"ok":false,"error":"…",…}`.
enum ControlResponse: Sendable, Equatable {
    case reloads([ScriptReload])
    case scripts(HostScripts)
    case rollback(ScriptReload)
    case retirement(ScriptRetirement)
    case jobs(JobsAnswer)
    case pairing(DashboardPairing)
    case broadcast(BroadcastAnswer)
    case failure(message: String, isWrongInput: Bool)

    init(_ error: HostError) {
        self = .failure(message: error.description, isWrongInput: error.isWrongInput)
    }

    /// Whether everything that was asked for has been done.
    var isOK: Bool {
        switch self {
        case .reloads(let reloads): !reloads.contains { $0.outcome == .failed }
        case .failure: false
        case .scripts, .rollback, .retirement, .jobs, .pairing, .broadcast: true
        }
    }

    private enum Key: String, CodingKey {
        case ok, reloads, host, rollback, retirement, jobs, pairing, broadcast, error
        case isWrongInput = "wrongInput"
    }
}

/// All scripts of a host.
struct HostScripts: Codable, Sendable, Equatable {
    let scripts: [ScriptStatus]
    /// Lua states in memory: one for each loaded version and lane.
    let luaStates: Int
}

extension ControlResponse: Codable {
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        if let reloads = try fields.decodeIfPresent([ScriptReload].self, forKey: .reloads) {
            self = .reloads(reloads)
        } else if let host = try fields.decodeIfPresent(HostScripts.self, forKey: .host) {
            self = .scripts(host)
        } else if let rollback = try fields.decodeIfPresent(ScriptReload.self, forKey: .rollback) {
            self = .rollback(rollback)
        } else if let retirement = try fields.decodeIfPresent(ScriptRetirement.self, forKey: .retirement) {
            self = .retirement(retirement)
        } else if let answer = try fields.decodeIfPresent(JobsAnswer.self, forKey: .jobs) {
            self = .jobs(answer)
        } else if let pairing = try fields.decodeIfPresent(DashboardPairing.self, forKey: .pairing) {
            self = .pairing(pairing)
        } else if let answer = try fields.decodeIfPresent(BroadcastAnswer.self, forKey: .broadcast) {
            self = .broadcast(answer)
        } else {
            self = .failure(
                message: try fields.decode(String.self, forKey: .error),
                isWrongInput: try fields.decodeIfPresent(Bool.self, forKey: .isWrongInput) ?? false)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(isOK, forKey: .ok)
        switch self {
        case .reloads(let reloads): try fields.encode(reloads, forKey: .reloads)
        case .scripts(let host): try fields.encode(host, forKey: .host)
        case .rollback(let rollback): try fields.encode(rollback, forKey: .rollback)
        case .retirement(let retirement): try fields.encode(retirement, forKey: .retirement)
        case .jobs(let answer): try fields.encode(answer, forKey: .jobs)
        case .pairing(let pairing): try fields.encode(pairing, forKey: .pairing)
        case .broadcast(let answer): try fields.encode(answer, forKey: .broadcast)
        case .failure(let message, let isWrongInput):
            try fields.encode(message, forKey: .error)
            try fields.encode(isWrongInput, forKey: .isWrongInput)
        }
    }

    /// One line of the wire, without its end.
    var line: [UInt8] { ControlCoding.line(of: self) }

    init(line: [UInt8]) throws(HostError) {
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(ControlResponse.self, from: Data(line))
        } catch {
            throw HostError("the host's answer cannot be read; is it another release of moonwire?")
        }
    }
}

/// How both directions are written.
enum ControlCoding {
    /// The longest line that a host reads: a request is names and a few words.
    static let requestLimit = 64 << 10
    /// The longest line that a client reads.
    static let responseLimit = 64 << 20

    static func line(of value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and lists of ours: there is nothing in them that JSON cannot say.
        return (try? encoder.encode(value)).map(Array.init) ?? Array(#"{"ok":false,"error":"not encodable"}"#.utf8)
    }
}
