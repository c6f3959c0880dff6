-- Asks for an order number, tells where the order is, and hands over to a human where it cannot help.
-- Straight-line code: each call waits for its result, minutes or days later, and a restart changes nothing.

bot.settings {
  group = { type = "string", default = "orders", description = "who takes over" },
}

-- Stands in for a shop's database; bot.http.get would ask a real one.
local orders = {
  AB12345 = "is on its way and arrives tomorrow",
  CD67890 = "is being packed",
}

local function hand_over(session, note)
  session:reply("One moment, I am getting a colleague.")
  if session:can("transfer") then
    session:transfer { group = bot.config.group, note = note }
  end
end

bot.on("message.created", { role = "operator", words = { "order", "parcel", "delivery" } }, function(event, session)
  local number, reason = session:ask("What is your order number?", {
    pattern = "(?i)^[a-z]{2}[0-9]{5}$",
    hint = "It looks like AB12345. You find it in your confirmation e-mail.",
    retries = 1,
    timeout = "10m",
  })
  if not number then
    -- reason is "timeout" or "retries"
    hand_over(session, "No order number: " .. reason)
    return
  end

  number = number:upper()
  local state = orders[number]
  if not state then
    hand_over(session, "Unknown order " .. number)
    return
  end
  session:reply("Your order %s %s.", number, state)

  local answer = session:ask("Was that helpful?", { choices = { "Yes", "No" }, timeout = "1h", retries = 0 })
  if answer == "No" then
    hand_over(session, "Order " .. number .. " " .. state .. "; the client needs more.")
  elseif answer == "Yes" then
    session:reply("Glad to hear that!")
  end
end, { name = "order status" })

-- What nothing above catches ends here, in the same run.
bot.on_error(function(err, event, session)
  bot.log.error(err.message, { code = err.code })
  if session then hand_over(session, "The bot failed: " .. err.code) end
end)
