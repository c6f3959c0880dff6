import Synchronization

/// What completions leave behind, in the order in which they came.
public final class Collector<Element: Sendable>: Sendable {
    private let collected = Mutex<[Element]>([])

    public init() {}

    public func add(_ element: Element) {
        collected.withLock { $0.append(element) }
    }

    public var values: [Element] { collected.withLock { $0 } }
}
