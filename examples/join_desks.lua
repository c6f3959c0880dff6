-- Joins a desk on BonyChat with a channel of Hoory or TWIN24, both ways: customers write where they are, and the agents
-- who answer work in BonyChat.

bot.settings {
  desk = { type = "string", default = "tienda", description = "the channel of BonyChat" },
}

-- A custom channel's contact ids have letters, digits and _ only, and at most 50 of them.
local function contact_of(session)
  local id = session.id:gsub("%W", "")
  return session.channel:sub(1, 13):gsub("%W", "_") .. "_" .. id:sub(1, 36)
end

-- From the customer to the desk. The desk's own messages come as those of a client-role channel.
bot.on("message.created", { role = "operator", owner = { "bot", "queue" } }, function(event, session)
  local desk = bot.channel(bot.config.desk)
  local contact = contact_of(session)
  bot.store:set("contact:" .. contact, { channel = session.channel, session = session.id }, { ttl = "30d" })
  local name = session.client and session.client.name
  local known = name and { first_name = bot.text.truncate(name, 25) } or nil
  -- The platform's id makes a repeat harmless, whoever repeats it.
  local origin = session.channel .. ":" .. event.id
  if event.message.text ~= "" then
    desk:receive {
      contact_id = contact, text = event.message.text, contact = known, provider_id = origin, split = true,
    }
  end
  for index, file in ipairs(event.message.attachments) do
    if file.url then
      desk:receive {
        contact_id = contact, contact = known, provider_id = origin .. "/" .. index,
        attachment = { url = file.url, name = file.name, mime = file.mime },
      }
    end
  end
end, { name = "to the desk" })

-- From the desk to the customer.
bot.on("message.created", { platform = { "bonychat", "respond.io" } }, function(event, session)
  local origin = bot.store:get("contact:" .. session.id)
  if not origin then return event:fail("Nobody knows where this customer writes.") end
  local customer = bot.channel(origin.channel):session(origin.session)
  local text = event.message.text
  local choices = event.message.quick_replies
  if #choices > 0 then
    local titles = {}
    for _, choice in ipairs(choices) do titles[#titles + 1] = choice.title end
    customer:quick_replies { text = text, replies = titles }
  elseif text ~= "" then
    customer:reply(text)
  end
  for _, file in ipairs(event.message.attachments) do
    if file.url then
      customer:reply(file.url)
    elseif file.latitude then
      customer:reply("https://www.openstreetmap.org/?mlat=%s&mlon=%s", file.latitude, file.longitude)
    end
  end
  bot.channel(session.channel):receipt { mid = event.id, value = "delivered" }
end, { name = "to the customer" })
