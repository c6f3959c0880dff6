import ArgumentParser

/// The `moonwire-bench` program: what single operations cost through Moonwire's own targets, as one JSON object.
///
/// Takes the options of the C program `bench-microfloor` and prints its keys where both do the same, with the same
/// repetitions and warm-up. It knows the targets that it measures, and nothing of how they are composed into a host.
@main
struct MoonwireBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moonwire-bench",
        abstract: "Measures single operations and prints one JSON object.",
        discussion: """
            HTTP is measured only with a URL, the journal only with a directory, waiting dialogs only with a journal. \
            Example:
              moonwire-bench --make-dialogs 1000000 --dialogs /tmp/dialogs.journal
              moonwire-bench --dialogs /tmp/dialogs.journal
            """)

    @Option(help: "Where requests go; anything that answers 200.")
    var url: String?

    @Option(help: "How many requests are under way at once.")
    var inFlight = 64

    @Option(help: "How many requests are measured.")
    var requests = 100_000

    @Option(help: "An existing folder for a journal, which is removed again.")
    var directory: String?

    @Option(help: "A journal with waiting dialogs; a host is started on it, and nothing else measured.")
    var dialogs: String?

    @Option(help: "How many waiting dialogs to fill the journal with; then nothing is measured.")
    var makeDialogs: Int?

    func validate() throws {
        guard inFlight > 0, requests > 0 else {
            throw ValidationError("--in-flight and --requests must be at least 1")
        }
    }

    func run() async throws {
        var report = Report(type: "moonwire-bench")
        if let dialogs {
            let benchmark = DialogBenchmark(path: dialogs)
            if let makeDialogs { return try await benchmark.make(makeDialogs) }
            try await benchmark.run(&report)
            print(report.text)
            return
        }
        try LuaBenchmark().run(&report)
        try RebuildBenchmark().run(&report)
        try JSONBenchmark().run(&report)
        var failed = 0
        if let url {
            failed = try await HTTPBenchmark(url: url, inFlight: inFlight, requests: requests).run(&report)
        }
        if let directory {
            try await JournalBenchmark(directory: directory).run(&report)
        }
        print(report.text)
        if failed > 0 { throw ExitCode.failure }
    }
}
