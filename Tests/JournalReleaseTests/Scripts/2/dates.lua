-- Dialogs and what belongs to them: dialogs inside others, words that end and restart them, expiry, races of waits.

local ask_delivery = bot.dialog("delivery", { cancel = { "back" } }, function(session)
  local address = session:ask("Where to?")
  local day = session:ask("Which day?", { as = "date", earliest = "today" })
  local phone, why = session:ask("Which number?", { as = "phone", country = "SA", retries = 1 })
  if not phone then return nil, why end
  return { address = address, day = day, phone = phone }
end)

local order = bot.dialog("order", {
  expires = "90d",
  cancel = { "stop" },
  restart = { "start over" },
}, function(session)
  local boxes, why = session:ask("How many boxes?", { as = "number", integer = true, min = 1, max = 20 })
  local delivery
  if boxes then
    delivery, why = ask_delivery(session)
    if why == "cancelled" then
      local pickup, reason = session:ask("Will you pick it up?", { choices = { "Yes", "No" } })
      why = reason
      if pickup == "Yes" then delivery = { address = "our shop" } end
    end
  end
  if not delivery then
    session:reply("no order: %s", tostring(why))
    return
  end
  session:reply("%d boxes to %s", boxes, delivery.address)
  local what, event = bot.any {
    word = session:next("message.created", { words = { "paid" } }),
    receipt = session:next("message.created", { attachment = true }),
    reminder = bot.after("60d"),
  }
  session:reply("%s, %s", tostring(what), event and event.message and event.message.text or "nothing")
end)

bot.on("message.created", { text = "dates" }, order)

bot.on("message.created", { text = "quick" }, bot.dialog("quick", { expires = "40ms" }, function(session)
  local _, why = session:ask("Quick?")
  session:reply("over: %s", why)
end))

bot.on("message.created", { text = "race" }, function(_, session)
  local what = bot.any { word = session:next("message.created"), clock = bot.after("30ms") }
  session:reply("first: %s", what)
end, { name = "race" })
