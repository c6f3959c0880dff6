import HTTPTypes

/// The auth service of TWIN24 with its files, and the notification service.
extension RouteTable {
    func addTwinAccountRoutes(_ world: TwinWorld) {
        let iam = TwinPath.iam
        open([.post], "\(iam)/auth/login") { call in .json(try await world.login(call.parameters)) }
        open([.post], "\(iam)/auth/refresh") { call in
            // This one call takes the bare token.
            guard let token = call.headers[.authorization], !token.hasPrefix("Bearer ") else {
                throw TwinRefusal.unauthorized
            }
            return .json(try await world.refresh(token, call.parameters))
        }
        twin([.get], "\(iam)/users/me", world) { try await world.me($0.caller) }
        twin([.get], "\(iam)/users", world) { try await world.listOperators($0.query) }
        twin([.post], "\(iam)/files", world) { call in
            try await world.storeFiles(
                call.call.files("file[]"), isPrivate: call.parameters["private"]?.castBool ?? false, by: call.caller)
        }
        open([.get], "\(iam)/files/:file") { call in
            let file = try await world.file(call.segment("file"))
            if file.isPrivate { _ = try await world.authenticate(try Self.bearer(call)) }
            return Answer(status: 200, contentType: file.contentType, body: file.bytes)
        }
        twin([.post], "\(TwinPath.notify)/messages", world) { try await world.notify($0.parameters) }
        twin([.get], "\(TwinPath.notify)/messages", world) { try await world.listNotifications($0.query) }
    }
}
