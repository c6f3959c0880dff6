internal import EventJSON

/// A file that the platform keeps: an upload, or a message's attachment. What a view leaves out is nil.
public struct TwinStoredFile: Hashable, Sendable {
    /// What a message names it by.
    public let id: String?
    public let name: String?
    /// With its ending.
    public let baseName: String?
    public let filenameExtension: String?
    public let suggestedExtension: String?
    public let contentType: String?
    /// In bytes.
    public let size: Int?
    public let isPrivate: Bool?
    public let path: String?
    public let url: String?
    public let downloadLink: String?
    public let ownerID: String?
    public let createdAt: TwinTime?

    init?(_ element: JSONElement) {
        guard element.isObject else { return nil }
        id = element.id("id")
        name = element.filledText("name", nil)
        baseName = element.filledText("baseName", "base_name")
        filenameExtension = element.filledText("extension", nil)
        // The platform's own lists misspell it.
        suggestedExtension =
            element.filledText("suggestedExtension", "suggested_extension")
            ?? element.filledText("sugestedExtension", "sugested_extension")
        contentType = element.filledText("contentType", "content_type")
        size = element.int("size")
        isPrivate = element.flag("isPrivate", "is_private") ?? element.flag("private")
        path = element.filledText("path", nil)
        url = element.filledText("url", nil)
        downloadLink = element.filledText("downloadLink", "download_link")
        ownerID = element.id("ownerId", "owner_id")
        createdAt = element.time("createdAt", "created_at")
    }
}
