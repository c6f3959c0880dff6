-- Watches the common queue of TWIN24 ("help") at night: takes sessions that found no operator, says when people are
-- back, and keeps a note of what the client wanted.

bot.settings {
  opens = { type = "number", default = 9, description = "the hour at which people are back" },
  closes = { type = "number", default = 21, description = "the hour at which they leave" },
}

local function is_night()
  local hour = tonumber(os.date("%H"))
  return hour >= bot.config.closes or hour < bot.config.opens
end

-- Until a session is taken, nothing else about it reaches the script.
bot.on("session.queued", function(event, session)
  if not is_night() or not session:can("take") then return end
  -- Somebody else may be faster.
  if not session:take() then return end
  session.store:set("watched", true)
  session:reply("Good evening! Our team is back at %d:00. Write what it is about, and we will answer first thing.",
    bot.config.opens)
end, { name = "take" })

bot.on("message.created", function(event, session)
  if not session.store:get("watched") then return end
  local count = session.store:incr("messages")
  if count == 1 then
    session:reply("Thank you, it is noted. You can add more at any time.")
  end
end, { name = "note" })
