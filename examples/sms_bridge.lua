-- The bridge between an SMS provider and a custom channel of BonyChat: what customers send reaches the agents, and what
-- agents write goes out by SMS. 'moonwire check' prints both addresses: the one for the provider's settings, and the one
-- for BonyChat's.

bot.settings {
  channel = { type = "string", default = "tienda", description = "the channel of BonyChat" },
  gateway = { type = "string", default = "https://sms.example.com/messages", description = "sends an SMS" },
}

local statuses = { sent = "delivered", delivered = "delivered", read = "read", failed = "failed" }

-- {"id":"77","type":"message","from":"+5215512345678","text":"hola"} or {"id":"88","type":"report","status":"delivered"}
-- One customer's messages keep their order, and hold nobody else's while BonyChat does not take them.
bot.webhook("sms", { auth = bot.secret "SMS_HOOK", ordered = { json = "/from" } }, function(request)
  local sms = request.json
  local channel = bot.channel(bot.config.channel)
  if not sms then
    bot.log.warn("The provider called without JSON.")
  elseif sms.type == "report" then
    local value = statuses[sms.status]
    -- A report of a message that another program sent is none of ours.
    if value then pcall(channel.receipt, channel, { provider_id = sms.id, value = value, reason = sms.error }) end
  else
    -- A provider that calls twice is received once.
    channel:receive { contact_id = sms.from, text = sms.text, provider_id = sms.id, split = true }
  end
end)

bot.on("message.created", { platform = { "bonychat", "respond.io" } }, function(event, session)
  local text = event.message.text
  for _, file in ipairs(event.message.attachments) do
    if file.url then text = (text ~= "" and text .. "\n" or "") .. file.url end
  end
  -- The message's id is the key by which the provider knows a repeat, so that asking twice is harmless.
  local answer = bot.http.post(bot.config.gateway, {
    auth = bot.secret "SMS_KEY", repeatable = true,
    json = { to = session.id, text = text, key = event.id },
  })
  if answer.status ~= 200 then return event:fail("The SMS provider refused the message.") end
  event:bind(answer:json().id) -- so that its reports find the message
end, { name = "to the customer" })
