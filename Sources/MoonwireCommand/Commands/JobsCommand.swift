import ArgumentParser
import Moonwire
import SQLiteJournal

/// `moonwire jobs`: what runs by the clock.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Lists the jobs that scripts declare; triggers, pauses and back-fills them.",
        discussion: """
            Examples:
              moonwire jobs --config moonwire.yaml
              moonwire jobs history weekly --limit 50
              moonwire jobs trigger weekly
              moonwire jobs back-fill weekly --from 7d

            list and history read the journal, whether a host runs or not; the others ask the
            running host. Times are of this machine's zone.
            """,
        subcommands: [List.self, History.self, Trigger.self, Pause.self, Resume.self, BackFill.self],
        defaultSubcommand: List.self)

    /// Finds a job by name, or says which one was meant.
    static func record(of name: String, in store: any JobStore) async throws -> JobRecord {
        let jobs = try await store.jobs()
        guard let job = jobs.first(where: { $0.name == name }) else {
            throw HostError(
                "there is no job '\(name)'" + NearestWord.hint(for: name, in: jobs.map(\.name)), isWrongInput: true)
        }
        return job
    }
}

extension JobsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the jobs in words, with their next due time and their last outcome.",
            discussion: """
                Example:
                  moonwire jobs list --all --json
                """)

        @OptionGroup var journal: JournalOptions

        @Flag(help: "Also jobs that no script declares any more.")
        var all = false

        @Flag(help: "Print one JSON object instead of text.")
        var json = false

        /// Enough to come upon one that has ended.
        private static let looked = 50

        func run() async throws {
            let store = try journal.reader()
            let output = Terminal(.output)
            do {
                let open = Dictionary(grouping: try await store.openTicks(), by: \.tick.id.job)
                var texts: [String] = []
                var reports: [JobReport] = []
                let now = HostClock.system.now
                for record in try await store.jobs() where all || !record.isRetired {
                    let ticks = open[record.name] ?? []
                    let running = ticks.count { $0.tick.state == .running }
                    let newest = try await store.ticks(
                        of: record.name, before: Instant(rawValue: .max), limit: Self.looked)
                    let last = newest.first { !$0.state.isOpen }
                    let queued = ticks.count - running
                    reports.append(JobReport(record, running: running, queued: queued, last: last))
                    texts.append(
                        JobText.job(record, running: running, queued: queued, last: last, at: now, output))
                }
                let text = texts.isEmpty ? "no script declares a job" : texts.joined(separator: "\n")
                output.line(json ? JobsCommand.line(["jobs": reports]) : text)
            } catch {
                throw Complaint.failed(error)
            }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the ticks of a job, newest first: when they were due, and what became of them.",
            discussion: """
                Example:
                  moonwire jobs history weekly --limit 50

                'skipped (misfire)' was due while no host could run it, 'skipped (overlap)' while an
                earlier tick was still going on. `moonwire run-info RUN` shows the steps of a run.
                """)

        @OptionGroup var journal: JournalOptions

        @Argument(help: "The job.")
        var name: String

        @Option(help: "How many at most.")
        var limit = 20

        @Flag(help: "Print one JSON object instead of text.")
        var json = false

        func run() async throws {
            let store = try journal.reader()
            let output = Terminal(.output)
            do {
                let record = try await JobsCommand.record(of: name, in: store)
                let ticks = try await store.ticks(of: record.name, before: Instant(rawValue: .max), limit: limit)
                let text = ticks.isEmpty ? "\(name) has not been due yet" : nil
                output.line(
                    json
                        ? JobsCommand.line(["ticks": ticks.map(TickReport.init)])
                        : text ?? ticks.map { JobText.tick($0, output) }.joined(separator: "\n"))
            } catch let error as HostError {
                throw Complaint.wrongInput(error)
            } catch {
                throw Complaint.failed(error)
            }
        }
    }

    struct Trigger: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a job run now, or behind the tick that is going on.",
            discussion: """
                Example:
                  moonwire jobs trigger weekly

                Its function gets tick.manual = true. The schedule goes on as before, and a paused job
                stays paused.
                """)

        @OptionGroup var control: ControlOptions

        @Argument(help: "The job.")
        var name: String

        func run() async throws { try await JobsCommand.ask(control, JobsRequest(action: .trigger, job: name)) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops a job's ticks until it is resumed, also over a restart.",
            discussion: """
                Example:
                  moonwire jobs pause weekly
                """)

        @OptionGroup var control: ControlOptions

        @Argument(help: "The job.")
        var name: String

        func run() async throws { try await JobsCommand.ask(control, JobsRequest(action: .pause, job: name)) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a paused job go on from now; what was due in between does not run.",
            discussion: """
                Example:
                  moonwire jobs resume weekly
                """)

        @OptionGroup var control: ControlOptions

        @Argument(help: "The job.")
        var name: String

        func run() async throws { try await JobsCommand.ask(control, JobsRequest(action: .resume, job: name)) }
    }

    static func ask(_ control: ControlOptions, _ request: JobsRequest) async throws {
        try await control.ask(.jobs(request)) { response, output in
            guard case .jobs(let answer) = response else { return nil }
            return output.colour(answer.sentence, .green)
        }
    }

    static func line(_ value: some Encodable) -> String {
        String(decoding: ControlCoding.line(of: value), as: UTF8.self)
    }
}
