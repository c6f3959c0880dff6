/// A frame of exactly 1 KiB like those that the benchmark's platform sends to an operator's socket.
enum SampleFrame {
    static let byteCount = 1024

    static let bytes: [UInt8] = {
        let head = Array((start + data + conversation).utf8)
        let padding = [UInt8](repeating: UInt8(ascii: "."), count: max(0, byteCount - head.count - end.utf8.count))
        return head + padding + Array(end.utf8)
    }()

    /// What the frame says about the message: the part that a channel journals.
    static let message: [UInt8] = {
        let opening = start.utf8.count - 1
        return Array(bytes[opening...].dropLast(2))
    }()

    private static let start = #"""
        {"identifier":"{\"channel\":\"RoomChannel\",\"pubsub_token\":\"bench\",\"user_id\":21}",\#
        "message":{"event":"message.created","data":{
        """#

    private static let data = #"""
        "id":1000000,"content":"ping 1","account_id":3,"inbox_id":9,"conversation_id":1000,"message_type":0,\#
        "created_at":1767225600,"updated_at":"2026-01-01T00:00:00.000Z","private":false,"status":"sent",\#
        "source_id":null,"content_type":"text","content_attributes":{},"sender_type":"Contact","sender_id":512,\#
        "external_source_ids":{},"additional_attributes":{},"sentiment":{},"sender":{"additional_attributes":{},\#
        "custom_attributes":{"tier":"gold"},"email":"sara@example.org","id":512,"identifier":"user-42",\#
        "name":"Sara","phone_number":"+966500000001","thumbnail":"","blocked":false,"type":"contact"},
        """#

    private static let conversation = #"""
        "conversation":{"assignee_id":null,"unread_count":1,"last_activity_at":1767225600,\#
        "contact_inbox":{"source_id":"bench-1000"}},"processed_message_content":"ping 1
        """#

    private static let end = #""}}}"#
}
