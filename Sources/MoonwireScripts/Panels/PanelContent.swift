import EventJSON
import LuaRuntime

/// What a panel shows: the value that its function returned, checked, and with nothing in it that a page need not know.
struct PanelContent {
    struct Problem: Error {
        let description: String
    }

    private static let maxRows = 50
    private static let maxButtons = 12
    private static let maxText = 2000
    private static let styles = ["normal", "primary", "danger"]

    let json: [UInt8]

    /// - Parameter value: What the function returned: a table with `rows`, `buttons` and `title`.
    init(_ value: LuaValue) throws(Problem) {
        guard let table = value.table ?? (value.array?.isEmpty == true ? LuaTable() : nil) else {
            throw Problem(description: "must return a table with rows and buttons, or nil to show nothing")
        }
        for entry in table.entries {
            guard case .string(let key) = entry.key, let name = key.text, ["title", "rows", "buttons"].contains(name)
            else { throw Problem(description: "may return title, rows and buttons, and nothing else") }
        }
        var content = JSONObject()
        if let title = try Self.text(table["title"], "'title'") { content.append("title", .string(title)) }
        content.append("rows", .array(try Self.list(table["rows"], "rows", Self.maxRows).map(Self.row)))
        content.append("buttons", .array(try Self.list(table["buttons"], "buttons", Self.maxButtons).map(Self.button)))
        json = JSON.object(content).bytes
    }

    private static func list(_ value: LuaValue, _ name: String, _ limit: Int) throws(Problem) -> [LuaValue] {
        if value.isNil { return [] }
        if let table = value.table, table.entries.isEmpty { return [] }
        guard let list = value.array else { throw Problem(description: "'\(name)' must be a list") }
        guard list.count <= limit else {
            throw Problem(description: "'\(name)' has \(list.count) entries; a panel shows \(limit) at most")
        }
        return list
    }

    private static func row(_ value: LuaValue) throws(Problem) -> JSON {
        if let text = value.text { return ["value": .string(try bounded(text, "a row"))] }
        guard let table = value.table else {
            throw Problem(description: "a row must be a text, or a table with label and value")
        }
        var row = JSONObject()
        if let label = try text(table["label"], "a row's 'label'") { row.append("label", .string(label)) }
        row.append("value", .string(try text(table["value"], "a row's 'value'") ?? ""))
        if case .boolean(true) = table["private"] { row.append("private", true) }
        return .object(row)
    }

    private static func button(_ value: LuaValue) throws(Problem) -> JSON {
        guard let table = value.table, let label = try text(table["label"], "a button's 'label'"),
            let action = try text(table["action"], "a button's 'action'"), isWord(action)
        else {
            throw Problem(
                description:
                    "a button must be a table with a 'label' and an 'action' of letters, digits, '.', '_' and '-'")
        }
        var button = JSONObject()
        button.append("label", .string(label))
        button.append("action", .string(action))
        let scope = try text(table["scope"], "a button's 'scope'") ?? action
        guard isWord(scope) else { throw Problem(description: "the scope of button \(action) must be a word") }
        button.append("scope", .string(scope))
        if let style = try text(table["style"], "a button's 'style'") {
            guard styles.contains(style) else {
                throw Problem(description: "the style of button \(action) must be normal, primary or danger")
            }
            button.append("style", .string(style))
        }
        if let confirm = try text(table["confirm"], "a button's 'confirm'") {
            button.append("confirm", .string(confirm))
        }
        guard !table["args"].isNil else { return .object(button) }
        guard let bytes = try? table["args"].json(), let arguments = try? JSON(parsing: bytes) else {
            throw Problem(description: "the args of button \(action) must be values that JSON can say")
        }
        button.append("args", arguments)
        return .object(button)
    }

    private static func text(_ value: LuaValue, _ what: String) throws(Problem) -> String? {
        switch value {
        case .nil: return nil
        case .string, .integer, .number, .boolean: return try bounded(value.printed, what)
        default: throw Problem(description: "\(what) must be a text")
        }
    }

    private static func bounded(_ text: String, _ what: String) throws(Problem) -> String {
        guard text.count <= maxText else {
            throw Problem(description: "\(what) has \(text.count) characters; a panel shows \(maxText) at most")
        }
        return text
    }

    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
