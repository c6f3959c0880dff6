-- A menu with buttons: labels the session and moves it to the right group.
-- Platforms without buttons show a numbered list, and the client types a number.

local menu = {
  { title = "Billing", value = "billing" },
  { title = "Technical help", value = "technical" },
  { title = "Something else", value = "other" },
}

-- Middleware runs around each handler: here it measures nothing but could.
bot.use(function(event, next)
  bot.log.debug("handling " .. event.name)
  return next()
end)

-- Only while nobody is in charge: a human who has taken the session is left in peace.
bot.on("message.created", { role = "operator", owner = { "queue", "bot" }, words = { "help", "support", "menu" } },
  function(event, session)
    local topic, reason = session:ask("What is it about?", { choices = menu, timeout = "15m" })
    if not topic then
      bot.log.info("no topic was chosen", { reason = reason })
      return
    end
    session:label("topic-" .. topic)
    session:set { topic = topic, asked_at = os.date("%Y-%m-%d") }

    if topic == "other" then
      session:transfer { queue = true }
    else
      session:transfer { group = topic, note = "Chosen in the menu." }
    end
    session:reply("Thank you. A colleague from %s will be with you soon.", topic)
  end, { name = "menu" })

-- When an agent closes the session, ask once whether all went well.
bot.on("session.closed", function(event, session)
  local first = session.store:cas("asked", nil, true)
  if first then
    session:quick_replies { text = "How was our help?", replies = { "Good", "Not so good" } }
  end
end)
