import EventJSON

/// A parsed value together with its place in the source.
///
/// Visitors get the cursor at the value and need not move it: what they leave is stepped over.
struct LocatedElement {
    let element: JSONElement

    /// Visits the members in order; steps over anything that is no object.
    func forEachMember(
        _ cursor: inout SourceCursor, _ body: (JSONElement, LocatedElement, inout SourceCursor) -> Void
    ) {
        guard element.isObject else {
            cursor.skipValue()
            return
        }
        cursor.enter()
        element.forEachMember { key, value in
            cursor.toMemberValue()
            let start = cursor.index
            body(key, LocatedElement(element: value), &cursor)
            if cursor.index == start { cursor.skipValue() }
        }
        cursor.leave()
    }

    /// Visits the elements in order; steps over anything that is no array.
    func forEachElement(_ cursor: inout SourceCursor, _ body: (LocatedElement, inout SourceCursor) -> Void) {
        guard element.isArray else {
            cursor.skipValue()
            return
        }
        cursor.enter()
        for value in element.elements {
            cursor.toElement()
            let start = cursor.index
            body(LocatedElement(element: value), &cursor)
            if cursor.index == start { cursor.skipValue() }
        }
        cursor.leave()
    }

    /// A code, an id or a number of seconds; 0 when it is none.
    func code(_ cursor: inout SourceCursor) -> UInt32 {
        UInt32(clamping: cursor.takeUnsigned() ?? 0)
    }

    var text: String { element.string ?? "" }

    var flag: Bool { element.bool ?? false }
}

/// Texts of JSON.
public enum JSONText {
    /// What stands for a payload that is absent.
    public static let null = Array("null".utf8)
}
