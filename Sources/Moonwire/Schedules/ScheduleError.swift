/// What is wrong with a schedule, in a sentence that names the part and the nearest right thing.
public struct ScheduleError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
