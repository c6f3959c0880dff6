import Moonwire
import PrometheusMetrics
import Testing

@testable import MoonwireScripts

/// `bot.metric`.
struct MetricTests {
    private let registry = MetricsRegistry()

    private func handler(_ body: String) throws -> Rehearsal {
        let rehearsal = try Rehearsal(
            "bot.on('message.created', function(event, session)\n\(body)\nend)", metrics: registry)
        return try rehearsal.happens(rehearsal.message("hi"))
    }

    private var samples: Set<String> {
        Set(
            String(decoding: registry.text(), as: UTF8.self).split(separator: "\n").map(String.init)
                .filter { $0.hasPrefix("moonwire_script_") })
    }

    @Test func countersGaugesAndHistogramsAreTheScriptsOwn() throws {
        _ = try handler(
            """
            bot.metric.count("orders")
            bot.metric.count("orders_total", 2.5)
            bot.metric.count("orders", 1, { kind = "gift" })
            bot.metric.gauge("level", 7)
            bot.metric.gauge("level", 4)
            bot.metric.observe("took_seconds", 0.3, { step = 1 })
            """)
        let samples = samples
        for line in [
            #"moonwire_script_orders_total{script="bot"} 3.5"#,
            #"moonwire_script_orders_total{kind="gift",script="bot"} 1"#,
            #"moonwire_script_level{script="bot"} 4"#,
            #"moonwire_script_took_seconds_bucket{script="bot",step="1",le="0.25"} 0"#,
            #"moonwire_script_took_seconds_bucket{script="bot",step="1",le="0.5"} 1"#,
            #"moonwire_script_took_seconds_sum{script="bot",step="1"} 0.3"#,
        ] { #expect(samples.contains(line), "\(line)") }
    }

    @Test func aRebuiltRunCountsNothingTwice() throws {
        let rehearsal = try handler(
            """
            bot.metric.count("begun")
            session:ask("Number?")
            bot.metric.count("answered")
            session:ask("More?")
            """)
        try rehearsal.says("5")
        try rehearsal.rebuilds()
        try rehearsal.says("no")
        #expect(rehearsal.isFinished)
        #expect(
            samples == [
                #"moonwire_script_begun_total{script="bot"} 1"#, #"moonwire_script_answered_total{script="bot"} 1"#,
            ])
    }

    @Test(arguments: [
        ("bot.metric.count('Orders')", "'name' must be small letters"), ("bot.metric.count('')", "'name' must be"),
        ("bot.metric.count('a-b')", "'name' must be"), ("bot.metric.count('n', -1)", "must not be below zero"),
        ("bot.metric.gauge('n', 0/0)", "'value'"), ("bot.metric.gauge('n')", "'value'"),
        ("bot.metric.count('n', 1, { script = 'x' })", "no name for a label"),
        ("bot.metric.count('n', 1, { ['é'] = 'x' })", "no name for a label"),
        ("bot.metric.count('n', 1, { k = ('x'):rep(65) })", "longer than 64 bytes"),
        ("bot.metric.count('n', 1, { a=1, b=1, c=1, d=1, e=1, f=1, g=1, h=1, i=1 })", "may have 8 labels, got 9"),
        ("for n = 1, 51 do bot.metric.count('n' .. n) end", "'n51' is one more"),
        ("bot.metric.counts('n')", "did you mean 'count'"),
    ])
    func whatMakesNoSenseIsAnErrorThatSaysSo(_ body: String, _ complaint: String) throws {
        let rehearsal = try handler(body)
        #expect(rehearsal.failure?.message.contains(complaint) == true, "\(rehearsal.failure?.message ?? "none")")
    }

    @Test func theTopLevelOfAFileMeasuresNothing() {
        #expect(throws: (any Error).self) { try Rehearsal("bot.metric.count('n')") }
    }
}
