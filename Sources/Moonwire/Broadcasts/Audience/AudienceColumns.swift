import EventJSON

/// What the columns of a file mean, by their headings.
struct AudienceColumns {
    private let names: [String]

    /// Headings in the languages of the people who keep such files, for the fields that have a meaning.
    private static let known: [(field: String, headings: [String])] = [
        (
            "phone",
            [
                "phone", "phone number", "mobile", "mobile number", "tel", "telephone", "whatsapp", "msisdn", "الجوال",
                "رقم الجوال", "الهاتف", "رقم الهاتف", "موبايل", "teléfono", "móvil", "celular", "телефон",
                "номер телефона",
            ]
        ),
        (
            "email",
            [
                "email", "e mail", "mail", "email address", "البريد الإلكتروني", "الإيميل", "correo",
                "correo electrónico", "почта", "электронная почта",
            ]
        ),
        (
            "name",
            [
                "name", "full name", "customer", "customer name", "client", "client name", "الاسم", "اسم العميل",
                "nombre", "имя", "клиент",
            ]
        ),
        ("tz", ["tz", "timezone", "time zone", "المنطقة الزمنية", "zona horaria", "часовой пояс"]),
        ("language", ["language", "lang", "locale", "اللغة", "idioma", "язык"]),
        ("id", ["id", "client id", "contact id", "contact"]),
        ("session", ["session", "session id", "conversation", "conversation id"]),
        ("identifier", ["identifier", "external id", "customer id", "user id"]),
    ]

    private static let fields: [String: String] = {
        var fields: [String: String] = [:]
        for (field, headings) in known {
            for heading in headings { fields[FoldedText.joinedWords(heading.replacing("_", with: " "))] = field }
        }
        return fields
    }()

    /// - Throws: a sentence about headings that cannot be told apart, or a mapping of a column that is not there.
    init(_ headings: [String], mapping: [String: String]) throws(BroadcastProblem) {
        let trimmed = headings.map { $0.trimmingWhitespace }
        for heading in mapping.keys.sorted() where !trimmed.contains(heading) {
            throw BroadcastProblem(
                "there is no column '\(heading)'" + NearestWord.hint(for: heading, in: trimmed)
                    + "; the file has \(trimmed.joined(separator: ", "))")
        }
        names = trimmed.map { heading in
            if let field = mapping[heading] { return field }
            let folded = FoldedText.joinedWords(heading.replacing("_", with: " ").replacing("-", with: " "))
            // A column that is mapped by hand takes the field's place.
            if let field = Self.fields[folded], !mapping.values.contains(field) { return field }
            return heading
        }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw BroadcastProblem("two columns are called '\(name)'; rename one, or map it with 'columns'")
        }
    }

    var count: Int { names.count }

    func row(_ values: [String]) -> AudienceRow {
        var fields = JSONObject()
        for (name, value) in zip(names, values) where !name.isEmpty {
            let value = value.trimmingWhitespace
            if !value.isEmpty { fields.append(name, .string(value)) }
        }
        return AudienceRow(fields)
    }
}
