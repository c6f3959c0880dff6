import EventJSON

/// The JSON object that is printed, member by member.
struct Report {
    private var writer = JSONWriter()

    init(type: String) {
        writer.beginObject()
        writer.key("type")
        writer.value(type)
    }

    mutating func add(_ key: StaticString, _ count: Int) {
        writer.key(key)
        writer.value(count)
    }

    /// Adds a measurement, rounded to tenths or to so many parts of one.
    mutating func add(_ key: StaticString, _ figure: Double, parts: Double = 10) {
        writer.key(key)
        writer.value((figure * parts).rounded() / parts)
    }

    var text: String {
        var whole = writer
        whole.endObject()
        return String(decoding: whole.bytes, as: UTF8.self)
    }
}
