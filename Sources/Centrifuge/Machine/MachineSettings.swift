/// What a machine needs to know of the configuration.
struct MachineSettings: Sendable {
    var timing = CentrifugeTiming()
    var token = ""
    var hasTokenProvider = false
    var hasDataProvider = false
    var name = ""
    var version = ""
    var headers: [String: String] = [:]
    var positions: [String: CentrifugePosition] = [:]
    var maxWaitingEvents = 16_384
    var maxWaitingBytes = 64 << 20
    var maxCommandBytes = 65_536
}

extension MachineSettings {
    init(_ configuration: CentrifugeConfiguration) {
        timing = configuration.timing
        token = configuration.token
        hasTokenProvider = configuration.tokenProvider != nil
        hasDataProvider = configuration.dataProvider != nil
        name = String(configuration.name.prefix(16))
        version = String(configuration.version.prefix(64))
        headers = configuration.headers
        positions = configuration.positions
        maxWaitingEvents = configuration.maxWaitingEvents
        maxWaitingBytes = configuration.maxWaitingBytes
        maxCommandBytes = configuration.maxCommandBytes
    }
}
