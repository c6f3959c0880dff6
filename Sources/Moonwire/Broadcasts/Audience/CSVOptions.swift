/// How a file of comma-separated values is to be read. What is absent is detected.
public struct CSVOptions: Sendable, Hashable, Codable {
    public var delimiter: String?
    /// `utf-8`, `utf-16`, `windows-1256`, `windows-1251` or `latin-1`.
    public var encoding: String?
    /// The field that a column is called here, by the column's heading.
    public var columns: [String: String]
    /// Where phone numbers without a calling code are dialled: an ISO 3166 code such as `SA`.
    public var country: String?

    public init(
        delimiter: String? = nil, encoding: String? = nil, columns: [String: String] = [:], country: String? = nil
    ) {
        self.delimiter = delimiter
        self.encoding = encoding
        self.columns = columns
        self.country = country
    }
}

extension CSVOptions {
    var callingCode: CallingCode? { country.flatMap { CallingCodes.byCountry[$0.uppercased()] } }
}
