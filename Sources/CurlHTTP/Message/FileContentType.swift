/// What a file is taken for by the ending of its name.
package enum FileContentType {
    /// The content type of a file with this name; `application/octet-stream` when its ending is not known.
    package static func named(_ filename: String) -> String {
        let ending = filename.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        return contentTypes[ending] ?? "application/octet-stream"
    }

    private static let contentTypes = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "svg": "image/svg+xml", "bmp": "image/bmp", "tiff": "image/tiff", "heic": "image/heic",
        "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "ogv": "video/ogg",
        "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "m4a": "audio/mp4",
        "wav": "audio/wav", "aac": "audio/aac", "amr": "audio/amr",
        "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "json": "application/json",
        "zip": "application/zip", "doc": "application/msword", "xls": "application/vnd.ms-excel",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
}
