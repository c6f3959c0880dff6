import EventJSON

/// Reads the objects inside frames. What is absent, null, or of another type than it should be counts as zero.
enum ResultReader {
    static func connect(_ element: LocatedElement, _ cursor: inout SourceCursor) -> ConnectResult {
        var result = ConnectResult()
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("client") {
                result.client = value.text
            } else if key.rawEquals("version") {
                result.version = value.text
            } else if key.rawEquals("data") {
                result.data = cursor.takeValue()
            } else if key.rawEquals("subs") {
                value.forEachMember(&cursor) { key, value, cursor in
                    let entry = subscribe(value, &cursor)
                    result.subscriptions.append(.init(channel: key.string ?? "", result: entry))
                }
            } else if key.rawEquals("ping") {
                result.ping = value.code(&cursor)
            } else if key.rawEquals("pong") {
                result.wantsPong = value.flag
            } else {
                readExpiry(key, value, &cursor, &result.refresh)
            }
        }
        return result
    }

    static func subscribe(_ element: LocatedElement, _ cursor: inout SourceCursor) -> SubscribeResult {
        var result = SubscribeResult()
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("recoverable") {
                result.isRecoverable = value.flag
            } else if key.rawEquals("positioned") {
                result.isPositioned = value.flag
            } else if key.rawEquals("epoch") {
                result.epoch = value.text
            } else if key.rawEquals("offset") {
                result.offset = cursor.takeUnsigned() ?? 0
            } else if key.rawEquals("publications") {
                result.publications = publications(value, &cursor)
            } else if key.rawEquals("recovered") {
                result.recovered = value.flag
            } else if key.rawEquals("was_recovering") {
                result.wasRecovering = value.flag
            } else if key.rawEquals("data") {
                result.data = cursor.takeValue()
            } else {
                readExpiry(key, value, &cursor, &result.refresh)
            }
        }
        return result
    }

    static func publication(_ element: LocatedElement, _ cursor: inout SourceCursor) -> CentrifugePublication {
        var result = CentrifugePublication(data: JSONText.null)
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("data") {
                result.data = cursor.takeValue()
            } else if key.rawEquals("offset") {
                // Zero is how the absence of a number is written.
                result.offset = cursor.takeUnsigned().flatMap { $0 == 0 ? nil : $0 }
            } else if key.rawEquals("tags") {
                value.element.forEachMember { key, value in
                    if let name = key.string, let text = value.string { result.tags[name] = text }
                }
            } else if key.rawEquals("time") {
                result.time = cursor.takeSigned().flatMap { $0 == 0 ? nil : $0 }
            } else if key.rawEquals("info"), value.element.isObject {
                result.info = info(value, &cursor)
            }
        }
        return result
    }

    static func publications(_ element: LocatedElement, _ cursor: inout SourceCursor) -> [CentrifugePublication] {
        var result: [CentrifugePublication] = []
        element.forEachElement(&cursor) { value, cursor in
            if value.element.isObject { result.append(publication(value, &cursor)) }
        }
        return result
    }

    static func info(_ element: LocatedElement, _ cursor: inout SourceCursor) -> CentrifugeClientInfo {
        var result = CentrifugeClientInfo(user: "", client: "")
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("user") {
                result.user = value.text
            } else if key.rawEquals("client") {
                result.client = value.text
            } else if key.rawEquals("conn_info") {
                result.connectionInfo = cursor.takeValue()
            } else if key.rawEquals("chan_info") {
                result.channelInfo = cursor.takeValue()
            }
        }
        return result
    }

    /// The member `info` of a join or leave.
    static func infoInside(_ element: LocatedElement, _ cursor: inout SourceCursor) -> CentrifugeClientInfo {
        var result = CentrifugeClientInfo(user: "", client: "")
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("info") { result = info(value, &cursor) }
        }
        return result
    }

    /// The member `data` of an rpc result or a message.
    static func data(_ element: LocatedElement, _ cursor: inout SourceCursor) -> [UInt8] {
        var result = JSONText.null
        element.forEachMember(&cursor) { key, _, cursor in
            if key.rawEquals("data") { result = cursor.takeValue() }
        }
        return result
    }

    static func history(_ element: LocatedElement, _ cursor: inout SourceCursor) -> CentrifugeHistory {
        var result = CentrifugeHistory(publications: [], position: CentrifugePosition(epoch: "", offset: 0))
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("publications") {
                result.publications = publications(value, &cursor)
            } else if key.rawEquals("epoch") {
                result.position.epoch = value.text
            } else if key.rawEquals("offset") {
                result.position.offset = cursor.takeUnsigned() ?? 0
            }
        }
        return result
    }

    static func presence(_ element: LocatedElement, _ cursor: inout SourceCursor) -> [String: CentrifugeClientInfo] {
        var result: [String: CentrifugeClientInfo] = [:]
        element.forEachMember(&cursor) { key, value, cursor in
            guard key.rawEquals("presence") else { return }
            value.forEachMember(&cursor) { key, value, cursor in
                result[key.string ?? ""] = info(value, &cursor)
            }
        }
        return result
    }

    static func presenceStats(_ element: LocatedElement, _ cursor: inout SourceCursor) -> CentrifugePresenceStats {
        var result = CentrifugePresenceStats(clients: 0, users: 0)
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("num_clients") {
                result.clients = Int(value.code(&cursor))
            } else if key.rawEquals("num_users") {
                result.users = Int(value.code(&cursor))
            }
        }
        return result
    }

    static func refresh(_ element: LocatedElement, _ cursor: inout SourceCursor) -> RefreshResult {
        var result = RefreshResult()
        element.forEachMember(&cursor) { key, value, cursor in readExpiry(key, value, &cursor, &result) }
        return result
    }

    static func reason(_ element: LocatedElement, _ cursor: inout SourceCursor) -> CentrifugeReason {
        var result = CentrifugeReason(code: 0, text: "")
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("code") {
                result.code = value.code(&cursor)
            } else if key.rawEquals("reason") {
                result.text = value.text
            }
        }
        return result
    }

    private static func readExpiry(
        _ key: JSONElement, _ value: LocatedElement, _ cursor: inout SourceCursor, _ result: inout RefreshResult
    ) {
        if key.rawEquals("expires") {
            result.expires = value.flag
        } else if key.rawEquals("ttl") {
            result.ttl = value.code(&cursor)
        }
    }
}
