import Foundation
import Moonwire
import MoonwireConfiguration
import Testing

struct HostConfigurationTests {
    private func parse(
        _ text: String, environment: [String: String] = [:], directory: URL = URL(fileURLWithPath: "/etc/moonwire/")
    ) throws -> HostConfiguration {
        try HostConfiguration.parse(text, file: "moonwire.yaml", directory: directory, environment: environment)
    }

    private func problems(_ text: String, environment: [String: String] = [:]) -> [String] {
        do {
            _ = try parse(text, environment: environment)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    @Test func readsBothRolesWithTheirDefaults() throws {
        let configuration = try parse(
            """
            channels:
              shop:
                platform: hoory
                role: client
                inbox: inboxIdentifier
              desk:
                platform: bevatel
                role: operator
                origin: https://business-chat.example.com/
                account: 3
                token: ${DESK_TOKEN}
                rate: 20/s
                in_doubt: repeat
            scripts:
              - scripts/hello.lua
              - path: scripts/orders.lua
                settings: { greeting: Hi, limit: 3, nested: [true, null] }
            """, environment: ["DESK_TOKEN": "t0ken"])
        #expect(configuration.channels.map(\.name) == ["shop", "desk"])
        #expect(configuration.channels[0].origin == "https://app.hoory.com")
        #expect(configuration.channels[1].origin == "https://business-chat.example.com")
        #expect(configuration.channels[1].delivery.rate == 20)
        #expect(configuration.channels[1].delivery.inDoubt == .repeat)
        guard case .operator(let seat) = configuration.channels[1].seat else {
            Issue.record("desk is an operator channel")
            return
        }
        #expect(seat.token.revealed == "t0ken")
        #expect(
            configuration.scripts.map(\.path) == [
                "/etc/moonwire/scripts/hello.lua", "/etc/moonwire/scripts/orders.lua",
            ])
        #expect(configuration.scripts[1].settings.text == #"{"greeting":"Hi","limit":3,"nested":[true,null]}"#)
        #expect(configuration.journal.path == "/etc/moonwire/moonwire.journal")
    }

    @Test func anUnknownKeyNamesItsLineAndTheNearestRightOne() {
        #expect(
            problems(
                """
                chanels: {}
                journal:
                  durabilty: power
                """) == [
                    "moonwire.yaml:1: unknown key 'chanels' in 'the configuration'; did you mean 'channels'?",
                    "moonwire.yaml:3: unknown key 'durabilty' in 'journal'; did you mean 'durability'?",
                ])
    }

    @Test func allProblemsAreToldAtOnce() throws {
        let found = problems(
            """
            channels:
              desk:
                platform: bevatel
                role: operator
                account: minus one
                token: ${MISSING}
            timezone: Mars/Olympus
            """)
        try #require(found.count == 3)
        #expect(found[0].hasPrefix("moonwire.yaml:5: 'account' must be a whole number"))
        #expect(found[1] == "moonwire.yaml:6: the environment variable MISSING is not set")
        #expect(found[2].hasPrefix("moonwire.yaml:7: 'Mars/Olympus' is no IANA time zone"))
    }

    @Test func brokenYAMLNamesItsLine() {
        #expect(problems("channels:\n  a: [1,\n").first?.hasPrefix("moonwire.yaml:3: this is not YAML") == true)
    }

    @Test func aRepeatedKeyIsAnError() {
        #expect(!problems("log: { level: info }\nlog: { level: debug }\n").isEmpty)
    }

    @Test func aKeyOfTheOtherRoleIsRefused() {
        let found = problems(
            """
            channels:
              shop: { platform: hoory, role: client, inbox: x, token: y }
            """)
        #expect(found == ["moonwire.yaml:2: 'token' does not belong to a client-role channel"])
    }

    @Test func anOriginWithAPathIsRefused() {
        let found = problems(
            "channels:\n  a: { platform: chatwoot, role: client, inbox: x, origin: 'https://chat.example.com/app' }\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("'origin' must be https://host") == true)
    }

    @Test func aSecretComesFromAFileAndNeverPrints() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try "s3cret\n".write(to: directory.appendingPathComponent("key"), atomically: true, encoding: .utf8)
        let configuration = try parse("secrets:\n  CRM: { file: key }\n", directory: directory)
        #expect(configuration.secrets["CRM"]?.revealed == "s3cret")
        #expect(!"\(configuration)".contains("s3cret"))
    }

    @Test func aMissingFileSaysWhatToDo() {
        #expect(throws: ConfigurationError.self) { try HostConfiguration.load(path: "/nowhere/moonwire.yaml") }
    }

    @Test(arguments: [("250ms", 250), ("20s", 20_000), ("1.5h", 5_400_000), ("14d", 1_209_600_000)])
    func durationsAreReadAsPeopleWriteThem(text: String, milliseconds: Int64) {
        #expect(DurationText.parse(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: ["", "s", "-1s", "1", "1y", "infs", "nans", "99999999999999999d"])
    func otherDurationsAreRefused(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func readsWhatWaitingRunsMayHold() throws {
        let engine = try parse(
            "engine: { outcome_size: 2, run_size: 32, passivate_after: 5m, waiting_in_memory: 100 }"
        ).engine
        #expect(engine.outcomeLimit == 2 << 20 && engine.runLimit == 32 << 20)
        #expect(engine.passivation == EngineSettings.Passivation(idle: .seconds(300), ceiling: 100))
        #expect(problems("engine: { run_size: 0 }").first?.contains("run_size") == true)
    }

    @Test func watchingIsOnUnlessItIsTurnedOff() throws {
        #expect(try parse("scripts: [a.lua]").watch)
        #expect(try !parse("watch: false").watch)
        #expect(problems("watch: maybe") == ["moonwire.yaml:1: 'watch' must be true or false"])
    }

    @Test func theJournalIsFoundWithoutTheSecretsOfTheRest() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID()).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try "channels: { desk: { token: '${NOT_SET}' } }\njournal: { path: '${PLACE:-x}/a.journal' }\n".write(
            to: file, atomically: true, encoding: .utf8)
        let section = try HostConfiguration.loadJournal(path: file.path, environment: ["PLACE": "/srv"])
        #expect(section.path == "/srv/a.journal")
        try "journal: { pth: x }".write(to: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: ConfigurationError.self) { try HostConfiguration.loadJournal(path: file.path) }
        #expect(error?.description.contains("did you mean 'path'?") == true)
    }
}
