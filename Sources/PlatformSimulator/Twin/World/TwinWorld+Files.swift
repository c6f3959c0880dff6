/// The file service.
extension TwinWorld {
    func storeFiles(_ uploads: [UploadedFile], isPrivate: Bool, by caller: Int) throws(TwinRefusal) -> JSONValue {
        guard !uploads.isEmpty else { throw .invalid("No file.") }
        guard uploads.allSatisfy({ $0.bytes.count <= dials.largestFile }) else { throw .tooLarge }
        var views: [JSONValue] = []
        for upload in uploads {
            let file = TwinFile(
                id: makeUUID(), ownerID: caller, name: upload.filename, contentType: upload.contentType,
                isPrivate: isPrivate, bytes: upload.bytes, createdAt: now)
            files[file.id] = file
            views.append(view(file))
        }
        return .array(views)
    }

    func file(_ id: String) throws(TwinRefusal) -> TwinFile {
        guard let file = files[id] else { throw .notFound }
        return file
    }
}
