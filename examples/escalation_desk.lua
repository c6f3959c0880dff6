-- Decides who helps: in business hours a group of people, outside of them the bot, which promises a call back.

bot.settings {
  group = { type = "string", default = "Support", description = "who gets the session" },
  opens = { type = "number", default = 9, description = "the first hour of the business day" },
  closes = { type = "number", default = 18, description = "the hour at which it ends" },
}

-- os.date follows the configured time zone; 1 is Sunday.
local function is_open()
  local now = os.date("*t")
  local is_weekday = now.wday >= 2 and now.wday <= 6
  return is_weekday and now.hour >= bot.config.opens and now.hour < bot.config.closes
end

bot.on("message.created", { words = { "operator", "human", "agent", "complaint" } }, function(event, session)
  if is_open() then
    -- The goodbye goes first: after the transfer the session is somebody else's.
    session:reply("I am passing you on to a colleague.")
    session:transfer { group = bot.config.group, note = "Asked for a person." }
    return
  end
  local phone = session:ask("Nobody is here right now. On which number may we call you back?", {
    as = "phone", retries = 2, timeout = "30m", hint = "Please write the number with its country code.",
  })
  if phone then
    session.store:set("callback", phone)
    session:reply("Thank you. We will call %s on the next business day.", phone)
  end
end, { name = "escalate" })
