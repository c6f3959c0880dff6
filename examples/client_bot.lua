-- Takes the customer's seat: answers an operator's questions, buttons and forms.
-- Made for testing a support team's own bot, or for a customer who lets a program write.

bot.settings {
  name = { type = "string", default = "Aisha" },
  email = { type = "string", default = "aisha@example.com" },
  order = { type = "string", default = "AB12345" },
}

-- What we know, by words that an operator may use.
local answers = {
  { words = { "name" }, value = function() return bot.config.name end },
  { words = { "email", "mail" }, value = function() return bot.config.email end },
  { words = { "order", "number" }, value = function() return bot.config.order end },
}

local function answer_to(text)
  for _, answer in ipairs(answers) do
    if bot.text.contains(text, answer.words) then return answer.value() end
  end
end

-- "peer", the default for `from`, means the business here: an operator or its bot.
bot.on("message.created", { role = "client" }, function(event, session)
  local message = event.message
  session:mark_read()

  if #message.quick_replies > 0 then
    -- Buttons: press the first one.
    session:submit(message, message.quick_replies[1].title)
  elseif message.content_type == "form" then
    session:submit(message, { name = bot.config.name, email = bot.config.email })
  elseif message.text:find("?", 1, true) then
    session:reply(answer_to(message.text) or "I do not know, sorry.")
  end
end, { name = "answers" })

-- Begins by saying who we are, once for each session.
bot.on("session.started", { role = "client" }, function(event, session)
  if session:can("update") then
    session.client:update { name = bot.config.name, email = bot.config.email }
  end
  session:reply("Hello, this is %s.", bot.config.name)
end)
