/// What the engine's metrics are, for whoever shows them.
public enum MetricTexts {
    public struct Entry: Sendable {
        public let name: String
        public let help: String
    }

    public static let engine: [Entry] = [
        Entry(
            name: "moonwire_events_admitted_total",
            help:
                "Events that the journal accepted, by the channel that brought them; host for ticks, webhooks and pages."
        ),
        Entry(
            name: "moonwire_events_repeated_total", help: "Events that the journal held already and that were dropped."),
        Entry(
            name: "moonwire_events_ended_total",
            help: "Events that are done with: handled, unmatched where no handler wanted them, or failed."),
        Entry(name: "moonwire_runs_started_total", help: "Runs of handlers that began."),
        Entry(
            name: "moonwire_runs_ended_total",
            help: "Runs that ended: done, failed by a script's error, or dead where the host could not continue them."),
        Entry(name: "moonwire_dead_letters_total", help: "What was put aside for people: moonwire journal lists it."),
        Entry(
            name: "moonwire_effects_total",
            help: "Effects on a channel by how they ended; of an unknown one nobody can tell whether it was performed."),
        Entry(
            name: "moonwire_effect_attempts_total",
            help: "Requests by which effects were tried; more than effects where some were repeated."),
        Entry(
            name: "moonwire_effect_duration_seconds",
            help: "From an effect's intent to its end, with its wait for the channel's pace and all repeats."),
        Entry(name: "moonwire_http_requests_total", help: "Requests of scripts to other hosts, by how they ended."),
        Entry(
            name: "moonwire_http_request_duration_seconds", help: "How long requests of scripts took, with all repeats."
        ),
        Entry(
            name: "moonwire_job_ticks_total",
            help: "Due times of jobs: ran, failed, missed while the host was down, or overlapped by an earlier one."),
        Entry(
            name: "moonwire_job_last_lateness_seconds",
            help: "How long after its due time the last scheduled tick began, jitter included."),
    ]
}
