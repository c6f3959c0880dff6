import HTTPTypes

/// The files of attachments: a redirect to storage, and the storage.
extension RouteTable {
    func addFileRoutes() {
        let world = world
        add([.get], "/rails/active_storage/blobs/redirect/:key/:name", wording: Refusal.client) { call in
            guard await world.attachment(key: call.segment("key")) != nil else { throw WorldError.notFound }
            let target =
                "/rails/active_storage/disk/\(call.segment("key"))/\(call.path.split(separator: "/").last ?? "")"
            var answer = Answer.text("", status: 302, contentType: "text/html")
            answer.headers.append((.location, await world.baseURL + target))
            return answer
        }
        add([.get], "/rails/active_storage/disk/:key/:name", wording: Refusal.client) { call in
            guard let file = await world.attachment(key: call.segment("key")) else { throw WorldError.notFound }
            return Answer(status: 200, contentType: file.contentType, body: file.bytes)
        }
    }
}
