/// Objects as the operator API shows them.
extension ChatwootWorld {
    func profileView(_ user: User) -> JSONValue {
        let memberships = user.memberships.sorted { $0.key < $1.key }
        let first = memberships.first
        return [
            "access_token": .string(user.accessToken), "account_id": .number(first?.key),
            "available_name": .string(user.name), "avatar_url": "", "confirmed": .bool(true),
            "display_name": nil, "message_signature": nil, "email": .string(user.email), "id": .int(user.id),
            "inviter_id": nil, "name": .string(user.name), "provider": "email",
            "pubsub_token": .string(user.pubsubToken), "role": .text(first?.value.role), "ui_settings": [:],
            "uid": .string(user.email), "type": nil, "custom_attributes": [:],
            "accounts": .array(
                memberships.map { id, membership in
                    [
                        "id": .int(id), "name": .text(accounts[id]?.name),
                        "status": accounts[id]?.isSuspended == true ? "suspended" : "active", "active_at": nil,
                        "role": .string(membership.role), "permissions": .texts([membership.role]),
                        "availability": .string(membership.availability),
                        "availability_status": .string(user.availability(in: id, at: now)),
                        "auto_offline": .bool(membership.autoOffline),
                    ]
                }),
        ]
    }

    func agentView(_ user: User, account: Int) -> JSONValue {
        [
            "id": .int(user.id), "account_id": .int(account),
            "availability_status": .string(user.availability(in: account, at: now)),
            "auto_offline": .bool(user.memberships[account]?.autoOffline ?? true), "confirmed": .bool(true),
            "email": .string(user.email), "provider": "email", "available_name": .string(user.name),
            "name": .string(user.name), "role": .text(user.memberships[account]?.role), "thumbnail": "",
        ]
    }

    func slimView(_ bot: AgentBot) -> JSONValue {
        ["id": .int(bot.id), "name": .string(bot.name), "description": nil, "thumbnail": ""]
    }

    func teamView(_ team: Team, for user: Int?) -> JSONValue {
        [
            "id": .int(team.id), "name": .string(team.name), "description": .string(team.description),
            "allow_auto_assign": .bool(false), "account_id": .int(team.accountID),
            "is_member": .bool(user.map { team.memberIDs.contains($0) } ?? false),
        ]
    }

    func operatorView(_ inbox: Inbox, forAdministrator isAdministrator: Bool) -> JSONValue {
        var view: JSONObject = [
            "id": .int(inbox.id), "avatar_url": "", "channel_id": .int(inbox.id), "name": .string(inbox.name),
            "channel_type": .string(inbox.channelType), "greeting_enabled": .bool(inbox.greetingMessage != nil),
            "greeting_message": .text(inbox.greetingMessage), "working_hours_enabled": .bool(false),
            "working_hours": .array(workingHours), "timezone": "UTC",
            "csat_survey_enabled": .bool(inbox.csatSurveyEnabled),
            "lock_to_single_conversation": .bool(inbox.locksToSingleConversation),
        ]
        if inbox.isAPI {
            view["inbox_identifier"] = .string(inbox.identifier)
            view["webhook_url"] = .text(inbox.webhookURL)
            view["hmac_mandatory"] = .bool(inbox.hmacMandatory)
            view["additional_attributes"] = [:]
            if isAdministrator {
                view["hmac_token"] = .string(inbox.hmacToken)
                view["secret"] = .string(inbox.hmacToken)
            }
        }
        return .object(view)
    }

    func slimView(_ inbox: Inbox) -> JSONValue {
        [
            "id": .int(inbox.id), "avatar_url": "", "channel_id": .int(inbox.id), "name": .string(inbox.name),
            "channel_type": .string(inbox.channelType), "provider": nil,
        ]
    }

    func operatorView(_ contact: Contact, withSessions: Bool = true) -> JSONValue {
        var view: JSONObject = [
            "additional_attributes": .object(contact.additionalAttributes),
            "availability_status": contact.presentUntil >= now ? "online" : "offline",
            "email": .text(contact.email), "id": .int(contact.id), "name": .string(contact.name),
            "phone_number": .text(contact.phoneNumber), "blocked": .bool(contact.isBlocked),
            "identifier": .text(contact.identifier), "thumbnail": .string(contact.avatarURL ?? ""),
            "custom_attributes": .object(contact.customAttributes),
            "last_activity_at": .number(contact.lastActivityAt?.epochSeconds),
            "created_at": .int(contact.createdAt.epochSeconds),
        ]
        if withSessions {
            let sessions = (contactInboxIDsByContact[contact.id] ?? []).compactMap { contactInboxes[$0] }
            view["contact_inboxes"] = .array(sessions.map { contactInboxView($0) })
        }
        return .object(view)
    }

    func contactInboxView(_ session: ContactInbox) -> JSONValue {
        [
            "source_id": .string(session.sourceID), "inbox": inboxes[session.inboxID].map { slimView($0) } ?? nil,
        ]
    }

    func operatorView(_ message: Message, withEcho: Bool = false) -> JSONValue {
        var view = JSONObject()
        view.add("id", .int(message.id))
        view.add("content", .text(message.content))
        view.add("inbox_id", .int(message.conversation.inboxID))
        if withEcho { view.add("echo_id", .text(message.echoID)) }
        view.add("conversation_id", .int(message.conversation.displayID))
        view.add("message_type", .int(message.kind.rawValue))
        view.add("content_type", .string(message.contentType))
        view.add("status", .string(message.status))
        view.add("content_attributes", .object(message.contentAttributes))
        view.add("created_at", .int(message.createdAt.epochSeconds))
        view.add("private", .bool(message.isPrivate))
        view.add("source_id", .text(message.sourceID))
        if let sender = senderView(message.author, account: message.conversation.accountID) {
            view.add("sender", sender)
        }
        if !message.attachments.isEmpty { view.add("attachments", attachmentsView(message)) }
        return .object(view)
    }

    func operatorView(_ conversation: Conversation) -> JSONValue {
        let account = conversation.accountID
        let contact = contacts[conversation.contactID]
        var meta: JSONObject = [
            "sender": contact.map { operatorView($0, withSessions: false) } ?? nil,
            "channel": .text(inboxes[conversation.inboxID]?.channelType),
        ]
        switch conversation.assignee {
        case .user(let id): meta["assignee"] = users[id].map { agentView($0, account: account) }
        case .bot(let id): meta["assignee"] = bots[id].map { slimView($0) }
        case nil: break
        }
        meta["assignee_type"] = assigneeType(conversation)
        if let team = conversation.teamID.flatMap({ teams[$0] }) { meta["team"] = teamView(team, for: nil) }
        meta["hmac_verified"] = .bool(contactInboxes[conversation.contactInboxID]?.isVerified ?? false)

        let all = conversation.messageIDs.reversed().lazy.compactMap { self.messages[$0] }
        return [
            "meta": .object(meta), "id": .int(conversation.displayID),
            "messages": .array(all.first.map { [operatorView($0)] } ?? []), "account_id": .int(account),
            "uuid": .string(conversation.uuid),
            "additional_attributes": .object(conversation.additionalAttributes),
            "agent_last_seen_at": .int(conversation.agentLastSeenAt?.epochSeconds ?? 0),
            "assignee_last_seen_at": .int(conversation.assigneeLastSeenAt?.epochSeconds ?? 0),
            "can_reply": .bool(true),
            "contact_last_seen_at": .int(conversation.contactLastSeenAt?.epochSeconds ?? 0),
            "custom_attributes": .object(conversation.customAttributes), "inbox_id": .int(conversation.inboxID),
            "labels": .texts(conversation.labels), "muted": .bool(contact?.isBlocked ?? false),
            "snoozed_until": .number(conversation.snoozedUntil?.epochSeconds),
            "status": .string(conversation.status.rawValue), "created_at": .int(conversation.createdAt.epochSeconds),
            "updated_at": .double(conversation.updatedAt.epochFraction),
            "timestamp": .int(conversation.lastActivityAt.epochSeconds),
            "first_reply_created_at": .int(conversation.firstReplyCreatedAt?.epochSeconds ?? 0),
            "unread_count": .int(conversation.unreadCount),
            "last_non_activity_message": all.first { $0.kind != .activity }.map { operatorView($0) } ?? nil,
            "last_activity_at": .int(conversation.lastActivityAt.epochSeconds),
            "priority": .text(conversation.priority),
            "waiting_since": .int(conversation.waitingSince?.epochSeconds ?? 0),
            "sla_policy_id": nil,
        ]
    }
}
