-- Fails, and says so itself. Comes first and leaves the event to the others.

bot.on_error(function(err, event, session)
  session:note("audit: " .. err.code)
  bot.store:incr("errors")
end)

bot.on("message.created", { text = "audit" }, function(event, session)
  session.store:incr("seen")
  error { code = "mine", message = "on purpose" }
end, { priority = 10 })
