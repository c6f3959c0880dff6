-- Says hello: an automatic answer, and a command.
-- Works on every platform and in both roles.

bot.settings {
  greeting = { type = "string", default = "Hello %s, how can I help?", description = "%s is the client's name" },
}

-- /about, or just "about". Commands go before all other handlers.
bot.command("about", function(session)
  session:reply("I am a bot, made with Moonwire.")
end)

-- "hi", "Hello!", "مرحبا": case and marks do not count.
bot.on("message.created", { words = { "hi", "hello", "hey", "مرحبا" } }, function(event, session)
  local client = session.client
  session:typing("1s")
  session:reply(bot.config.greeting, client and client.name or "there")
  return bot.stop -- no further handler sees this message
end)

-- Everything else. The lower priority makes it the last one that is asked.
bot.on("message.created", function(event, session)
  local count = session.store:incr("messages")
  if count == 1 then
    session:reply("Thank you for your message. Say \"hi\" to begin, or \"about\" to learn who I am.")
  end
end, { name = "fallback", priority = -10 })
