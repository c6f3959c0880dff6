import Moonwire
import SQLiteJournal

/// What the journal holds of the jobs that are checked. Read only: a check beside a running host disturbs nothing, and
/// one before the first start leaves no file behind.
struct StoredJobs {
    private var records: [String: JobRecord] = [:]

    /// Knows none.
    init() {}

    /// Knows none either where there is no journal that can be read.
    init(journal path: String) async {
        guard let jobs = try? await JournalReader(path: path).jobs() else { return }
        for job in jobs where !job.isRetired { records[job.name] = job }
    }

    /// When a job is due next.
    struct Next {
        let due: Instant?
        let isStored: Bool
        let isPaused: Bool

        /// `next in 3 h 20 min (2026-11-22 09:00:00)`
        func words(at now: Instant) -> String {
            if isPaused { return "paused" }
            guard let due else { return "next never" }
            return "next " + JobText.next(due, at: now) + (isStored ? "" : ", counted from now")
        }
    }

    func next(of job: JobDeclaration, at now: Instant) -> Next {
        guard let record = records[job.name] else {
            return Next(due: job.schedule.next(after: now), isStored: false, isPaused: false)
        }
        // A schedule that has changed counts from when the host takes it over.
        guard record.declaration.schedule == job.schedule else {
            return Next(
                due: record.isPaused ? nil : job.schedule.next(after: now), isStored: false, isPaused: record.isPaused)
        }
        return Next(due: record.isPaused ? nil : record.nextDue, isStored: true, isPaused: record.isPaused)
    }
}
