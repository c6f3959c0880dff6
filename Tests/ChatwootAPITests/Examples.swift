/// Payloads as the platform documents and sends them.
enum Examples {
    static let inbox = #"""
        {"identifier":"kT3vQ9mZr1LxWc8dNf5bHy2P","identity_validation_enabled":false,"name":"Bot lane",
         "timezone":"Asia/Riyadh","working_hours":[{"day_of_week":0,"closed_all_day":false,"open_hour":9,"open_minutes":0,
         "close_hour":17,"close_minutes":30,"open_all_day":false}],"working_hours_enabled":true,
         "csat_survey_enabled":true,"greeting_enabled":false}
        """#
    static let session = #"""
        {"source_id":"bot-7f3c2a9e","pubsub_token":"Wq8nB2yTzR6kLp4sVd1XhC9m","id":512,"name":"Sara",
         "email":"sara@example.org","phone_number":"+966500000001"}
        """#
    static let contactRecord = #"""
        {"id":512,"name":"Sara","email":"sara@example.org","phone_number":"+966500000001","account_id":3,
         "created_at":"2026-05-02T08:11:09.120Z","updated_at":"2026-05-02T08:11:09.120Z","additional_attributes":{},
         "identifier":"user-42","custom_attributes":{"tier":"gold"},"last_activity_at":null,"contact_type":"visitor",
         "middle_name":"","last_name":"","location":"","country_code":"","blocked":false,"company_id":null,"label_list":[]}
        """#
    static let clientMessage = #"""
        {"id":9871,"content":"Your parcel is on its way","message_type":1,"content_type":"text","content_attributes":{},
         "created_at":1777709123,"conversation_id":118,
         "attachments":[{"id":77,"message_id":9871,"file_type":"image","account_id":3,"extension":"png",
           "content_type":"image/png","data_url":"https://chat.example.com/rails/active_storage/blobs/redirect/a.png",
           "thumb_url":"https://chat.example.com/t.png","file_size":20480,"width":640,"height":480}],
         "sender":{"id":21,"name":"Omar","available_name":"Omar","avatar_url":"","type":"user",
           "availability_status":"online","thumbnail":""}}
        """#
    static let activityMessage = #"{"id":9870,"content":"Omar resolved","message_type":2,"conversation_id":118}"#
    static let clientConversation = #"""
        {"id":118,"uuid":"0d6a6c0e-7c1b-4b5e-9a55-0b8f0f5f2f10","inbox_id":9,"contact_last_seen_at":1777709000,
         "status":"open","agent_last_seen_at":0,"messages":[\#(activityMessage),\#(clientMessage)],
         "contact":\#(contactRecord)}
        """#
    static let eventMessage = #"""
        {"identifier":"{\"channel\":\"RoomChannel\",\"pubsub_token\":\"Wq8nB2yTzR6kLp4sVd1XhC9m\"}",
         "message":{"event":"message.created","data":{
          "id":9871,"content":"Pick one","account_id":3,"inbox_id":9,"conversation_id":118,"message_type":1,
          "created_at":1777709123,"updated_at":"2026-05-02T08:05:23.411Z","private":false,"status":"sent","source_id":null,
          "content_type":"input_select","content_attributes":{"items":[{"title":"Yes","value":"y"},{"title":"No","value":"n"}]},
          "sender_type":"User","sender_id":21,"external_source_ids":{},"additional_attributes":{},
          "processed_message_content":"Pick one","sentiment":{},
          "conversation":{"assignee_id":21,"unread_count":0,"last_activity_at":1777709123,"contact_inbox":{"source_id":"bot-7f3c2a9e"}},
          "echo_id":"c-000123",
          "sender":{"id":21,"name":"Omar","available_name":"Omar","avatar_url":"","type":"user","availability_status":"online","thumbnail":""}}}}
        """#
    static let eventConversation = #"""
        {"additional_attributes":{},"can_reply":true,"channel":"Channel::Api",
         "contact_inbox":{"id":640,"contact_id":512,"inbox_id":9,"source_id":"bot-7f3c2a9e","created_at":"2026-05-02T08:00:00.000Z",
           "updated_at":"2026-05-02T08:00:00.000Z","hmac_verified":false,"pubsub_token":"Wq8nB2yTzR6kLp4sVd1XhC9m"},
         "id":118,"inbox_id":9,"messages":[],
         "labels":["vip"],
         "meta":{"sender":{"id":512,"name":"Sara","type":"contact"},"assignee":{"id":21,"name":"Omar","type":"user"},
           "assignee_type":"User","team":{"id":4,"name":"billing"},"hmac_verified":false},
         "status":"open","custom_attributes":{},"snoozed_until":null,"unread_count":1,"first_reply_created_at":"2026-05-02T08:05:23.411Z",
         "priority":null,"waiting_since":1777709000,"agent_last_seen_at":0,"contact_last_seen_at":1777709000,
         "last_activity_at":1777709123,"timestamp":1777709123,"created_at":1777708800,"updated_at":1777709123.411,
         "account_id":3}
        """#
    static let profile = #"""
        {"access_token":"leak","account_id":3,"available_name":"Omar","confirmed":true,"email":"omar@example.com","id":21,
         "name":"Omar","pubsub_token":"h2Jk","role":"agent","uid":"omar@example.com","ui_settings":{},
         "accounts":[{"id":3,"name":"Acme","status":"active","role":"agent","permissions":["agent"],
           "availability":"online","availability_status":"online","auto_offline":true}]}
        """#
    static let fullMessage = #"""
        {"id":9872,"content":"Looking into it","inbox_id":9,"echo_id":"op-77","conversation_id":118,"message_type":1,
         "content_type":"text","status":"sent","content_attributes":{},"created_at":1777709150,"private":false,"source_id":null,
         "sender":{"id":21,"name":"Omar","available_name":"Omar","avatar_url":"","type":"user","availability_status":"online","thumbnail":""}}
        """#
    static let webhook = #"""
        {"event":"message_created","id":9873,"content":"hello","message_type":"incoming","content_type":"text",
         "content_attributes":{},"additional_attributes":{},"created_at":"2026-05-02T08:07:00.000Z","private":false,"source_id":null,
         "sender":{"id":512,"name":"Sara","email":null,"phone_number":null,"identifier":"user-42","thumbnail":"","avatar":"",
           "blocked":false,"additional_attributes":{},"custom_attributes":{},"account":{"id":3,"name":"Acme"}},
         "inbox":{"id":9,"name":"Bot lane"},"account":{"id":3,"name":"Acme"},
         "conversation":{"id":118,"status":"pending","contact_inbox":{"source_id":"bot-7f3c2a9e"},"account":{"id":3,"name":"Acme"}}}
        """#

    /// A frame as Rails writes it: no white space.
    static func frame(_ event: String, _ data: String) -> [UInt8] {
        let compact = data.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
        return Array(
            #"{"identifier":"{\"channel\":\"RoomChannel\",\"pubsub_token\":\"Wq8n\"}","message":{"event":"\#(event)","data":\#(compact)}}"#
                .utf8)
    }
}
