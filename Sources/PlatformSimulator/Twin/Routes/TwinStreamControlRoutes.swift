import HTTPTypes

/// Doing things to the accounts and the streams of TWIN24 from another process.
extension RouteTable {
    func addTwinStreamControlRoutes(_ control: TwinControl) {
        let base = "/simulator/twin"
        open([.get], "\(base)/operators") { _ in
            .json(["payload": try .init(encoding: await control.operators())])
        }
        open([.post], "\(base)/operators/:operator/:act") { call in
            guard let id = call.number("operator") else { throw TwinRefusal.notFound }
            switch call.segment("act") {
            case "block": try await control.block(id)
            case "unblock": try await control.unblock(id)
            case "log_out": try await control.logOut(id, isNamed: call["named"]?.castBool ?? true)
            case "displace": try await control.displace(id)
            case "expire_tokens":
                await control.expireTokens(of: id, closesStreams: call["closes_streams"]?.castBool ?? false)
            case "revoke_refresh_tokens": await control.revokeRefreshTokens(of: id)
            default: throw TwinRefusal.notFound
            }
            return .noContent
        }
        open([.post], "\(base)/streams") { call in
            let count = control.openStreams
            control.streams(try Self.streamAction(call))
            return .json(["streams": .int(count)])
        }
        open([.post], "\(base)/history") { call in
            let change: HistoryChange
            switch call["change"]?.string {
            case "lose": change = .lose
            case "restart": change = .restart
            case "skip": change = .skip(call["count"]?.castInt ?? 1)
            default: throw TwinRefusal.invalid("'change' is lose, skip or restart.")
            }
            control.history(change, channel: call["channel"]?.string)
            return .noContent
        }
        open([.post], "\(base)/publish") { call in
            try await control.publish((call["data"] ?? .null).serialized, channel: call["channel"]?.string)
            return .noContent
        }
    }

    private static func streamAction(_ call: Call) throws(TwinRefusal) -> StreamAction {
        switch call["action"]?.string {
        case "kill": return .kill
        case "close":
            return .close(code: call["code"]?.castInt ?? 3001, reason: call["reason"]?.castString ?? "")
        case "push":
            guard let push = call["push"]?.object else { break }
            return .push(JSONValue.object(push).serialized)
        case "raw": return .raw(call["text"]?.string ?? "")
        case "behave":
            guard let mode = call["mode"]?.string.flatMap({ SocketMode(rawValue: $0) }), mode != .refused else { break }
            return .behave(mode)
        case "subscribe":
            guard let channel = call["channel"]?.string else { break }
            return .subscribe(channel: channel)
        case "unsubscribe":
            guard let channel = call["channel"]?.string else { break }
            return .unsubscribe(channel: channel)
        default: break
        }
        throw .invalid("Unknown action.")
    }
}
