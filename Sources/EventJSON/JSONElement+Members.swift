extension JSONElement {
    /// The value of a member, or nil when this is no object or has no such member. Of equal keys the first counts.
    @inlinable
    public subscript(_ key: StaticString) -> JSONElement? {
        guard isObject, key.hasPointerRepresentation else { return nil }
        return member(key.utf8Start, count: key.utf8CodeUnitCount)
    }

    /// The value of a member whose name is known only at run time.
    public subscript(name key: String) -> JSONElement? {
        guard isObject else { return nil }
        var key = key
        return key.withUTF8 { member($0.baseAddress ?? strings, count: $0.count) }
    }

    @inlinable
    func member(_ key: UnsafePointer<UInt8>, count: Int) -> JSONElement? {
        let end = nextIndex - 1
        var position = index + 1
        while position < end {
            let value = at(position + 1)
            if at(position).matches(key, count: count) { return value }
            position = value.nextIndex
        }
        return nil
    }

    /// Visits the members in the order of the document; does nothing when this is no object.
    @inlinable
    public func forEachMember(_ body: (_ key: JSONElement, _ value: JSONElement) throws -> Void) rethrows {
        guard isObject else { return }
        let end = nextIndex - 1
        var position = index + 1
        while position < end {
            let value = at(position + 1)
            try body(at(position), value)
            position = value.nextIndex
        }
    }

    /// The values of an array, in order; empty when this is no array.
    @inlinable public var elements: JSONElements {
        isArray
            ? JSONElements(container: self, position: index + 1, end: nextIndex - 1)
            : JSONElements(container: self, position: 0, end: 0)
    }

    /// How many members or elements there are. Walks them, so ask once.
    public var count: Int {
        if isArray { return elements.reduce(0) { count, _ in count + 1 } }
        var count = 0
        forEachMember { _, _ in count += 1 }
        return count
    }
}

/// The values of an array.
public struct JSONElements: Sequence, IteratorProtocol {
    @usableFromInline let container: JSONElement
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable
    init(container: JSONElement, position: Int, end: Int) {
        self.container = container
        self.position = position
        self.end = end
    }

    @inlinable
    public mutating func next() -> JSONElement? {
        guard position < end else { return nil }
        let element = container.at(position)
        position = element.nextIndex
        return element
    }

    /// The first value, if there is one.
    @inlinable public var first: JSONElement? { position < end ? container.at(position) : nil }
}
