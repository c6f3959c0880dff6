import Foundation
import HTTPTypes

/// The platform's side of one custom channel: contacts, their messages, and a workflow that may answer.
actor CustomWorld {
    private var posts: [CustomPost] = []
    private var messages: [String: [CustomMessageSnapshot]] = [:]
    private var contacts: [String: JSONObject] = [:]
    private var faults: [CustomFault] = []
    private(set) var base: String?
    /// What a workflow says to every message of a customer.
    private(set) var workflow: String?
    private var token = CustomDemoWorld.token
    private let clock: @Sendable () -> Date

    init(clock: @escaping @Sendable () -> Date) {
        self.clock = clock
    }

    func reset() {
        (posts, messages, contacts, faults, workflow) = ([], [:], [:], [], nil)
        token = CustomDemoWorld.token
    }

    func setBase(_ url: String?) { base = url.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } }
    func setWorkflow(_ text: String?) { workflow = text }
    func setToken(_ token: String) { self.token = token }
    func add(_ fault: CustomFault) { faults.append(fault) }
    func clearFaults() { faults = [] }
    func allPosts() -> [CustomPost] { posts }
    func messages(of contact: String) -> [CustomMessageSnapshot] { messages[contact] ?? [] }
    func contact(_ id: String) -> JSONObject? { contacts[id] }
    func contactIDs() -> [String] { contacts.keys.sorted() }

    /// Takes note of a post. Gives its number, and how it is to be answered.
    func receive(_ call: Call) -> (number: Int, fault: CustomFault?) {
        let event = call["events"]?.array?.first
        let contact = call["contactId"]?.string ?? ""
        let now = clock().timeIntervalSince1970
        posts.append(
            CustomPost(
                number: posts.count + 1, at: now, answeredAt: now, path: call.path,
                contentType: call.headers[.contentType] ?? "", cacheControl: call.headers[.cacheControl] ?? "",
                isAuthorized: call.headers[.authorization] == "Bearer \(token)", contactID: contact,
                type: event?["type"]?.string ?? "", mID: event?["mId"]?.string ?? "",
                body: String(decoding: JSONValue.object(call.parameters).bytes(), as: UTF8.self), status: 0))
        guard let index = faults.firstIndex(where: { $0.contactID == nil || $0.contactID == contact }) else {
            return (posts.count, nil)
        }
        let fault = faults[index]
        if fault.count == 1 { faults.remove(at: index) } else if fault.count > 1 { faults[index].count -= 1 }
        return (posts.count, fault)
    }

    func answered(_ number: Int, _ status: Int) {
        posts[number - 1].status = status
        posts[number - 1].answeredAt = clock().timeIntervalSince1970
    }

    /// Does what a post says. Gives the status that it deserves, and what is wrong with it.
    func apply(_ call: Call, authorized isAuthorized: Bool) -> (status: Int, complaint: String?) {
        guard isAuthorized else { return (401, "Unauthorized") }
        guard call["channelId"]?.string == CustomDemoWorld.channelID else { return (404, "no such channel") }
        guard let contact = call["contactId"]?.string, !contact.isEmpty, contact.utf16.count <= 50 else {
            return (400, "contactId")
        }
        guard let events = call["events"]?.array, !events.isEmpty else { return (400, "events") }
        for event in events {
            guard let mID = event["mId"]?.string, !mID.isEmpty, mID.utf16.count <= 50 else { return (400, "mId") }
            guard case .int(let time)? = event["timestamp"], time > 100_000_000_000 else { return (400, "timestamp") }
            switch event["type"]?.string {
            case "message": add(event, mID, .incoming, to: contact)
            case "message_echo": add(event, mID, .echo, to: contact)
            case "message_status": setStatus(event, mID, of: contact)
            default: return (400, "type")
            }
        }
        let details = call["contact"]?.object ?? JSONObject()
        contacts[contact] = (contacts[contact] ?? JSONObject()).merging(details)
        return (200, nil)
    }

    private func add(
        _ event: JSONValue, _ mID: String, _ direction: CustomMessageSnapshot.Direction, to contact: String
    ) {
        guard messages[contact]?.contains(where: { $0.mID == mID }) != true, let message = event["message"] else {
            return
        }
        messages[contact, default: []].append(Self.snapshot(message, mID, direction, status: ""))
    }

    private func setStatus(_ event: JSONValue, _ mID: String, of contact: String) {
        guard let index = messages[contact]?.firstIndex(where: { $0.mID == mID }) else { return }
        messages[contact]?[index].status = event["status"]?["value"]?.string ?? ""
        messages[contact]?[index].reason = event["status"]?["message"]?.string
    }

    /// Takes note of what an agent wanted said.
    func sent(_ message: JSONValue, to contact: String, _ answer: CustomCallAnswer) {
        let isTaken = answer.status == 200 && answer.mID != nil
        var snapshot = Self.snapshot(
            message, answer.mID ?? "", .outgoing, status: isTaken ? "sent" : "failed")
        snapshot.reason = isTaken ? nil : answer.message
        messages[contact, default: []].append(snapshot)
    }

    private static func snapshot(
        _ message: JSONValue, _ mID: String, _ direction: CustomMessageSnapshot.Direction, status: String
    ) -> CustomMessageSnapshot {
        CustomMessageSnapshot(
            mID: mID, direction: direction, type: message["type"]?.string ?? "",
            text: message["text"]?.string ?? message["title"]?.string ?? message["address"]?.string
                ?? message["attachment"]?["url"]?.string ?? "", status: status, reason: nil)
    }
}
