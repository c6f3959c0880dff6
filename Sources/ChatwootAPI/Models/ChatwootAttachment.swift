internal import EventJSON

/// A file, a place or a card that belongs to a message.
public struct ChatwootAttachment: Hashable, Sendable {
    /// How the platform shows an attachment.
    public struct Kind: ChatwootWord {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let image = Self(rawValue: "image")
        public static let audio = Self(rawValue: "audio")
        public static let video = Self(rawValue: "video")
        public static let file = Self(rawValue: "file")
        public static let location = Self(rawValue: "location")
        public static let fallback = Self(rawValue: "fallback")
        public static let contact = Self(rawValue: "contact")
        public static let embed = Self(rawValue: "embed")
    }

    public let id: Int
    public let kind: Kind
    /// Redirects to storage. Follow redirects, send no credentials; right after the message it may still be 404.
    public let url: String?
    public let thumbnailURL: String?
    public let filenameExtension: String?
    public let contentType: String?
    public let fileSize: Int?
    public let width: Int?
    public let height: Int?
    /// What is said in an audio file, where the platform transcribes; may come later.
    public let transcribedText: String?
    public let title: String?
    public let latitude: Double?
    public let longitude: Double?

    init?(_ element: JSONElement) {
        guard element.isObject else { return nil }
        id = element["id"]?.id ?? 0
        kind = element.word("file_type") ?? .file
        url = element.filledText("data_url")
        thumbnailURL = element.filledText("thumb_url")
        filenameExtension = element.filledText("extension")
        contentType = element.filledText("content_type")
        fileSize = element["file_size"]?.int
        width = element["width"]?.int
        height = element["height"]?.int
        transcribedText = element.filledText("transcribed_text")
        title = element.filledText("fallback_title")
        latitude = element["coordinates_lat"]?.double
        longitude = element["coordinates_long"]?.double
    }
}
