-- Takes an order: questions with checked answers, a dialog inside another, and a payment that may take its time.
-- "stop" ends it at any question, "start over" begins it anew, and after a day it lapses.

bot.settings {
  group = { type = "string", default = "orders", description = "who delivers" },
  country = { type = "string", default = "SA", description = "where phone numbers without country code are from" },
}

-- A dialog that others call like a function. "back" leaves only this one: its caller goes on.
local ask_delivery = bot.dialog("delivery", { cancel = { "back", "رجوع" } }, function(session)
  local address = session:ask("Where shall we bring it?")
  local day = session:ask("On which day?", { as = "date", earliest = "today" })
  -- After a "back" all questions return nil and the reason at once, so that one check at the end is enough.
  local phone, why = session:ask("Which number may the driver call?", { as = "phone", country = bot.config.country })
  if not phone then return nil, why end
  return { address = address, day = day, phone = phone }
end)

local order = bot.dialog("order", {
  expires = "1d",
  cancel = { "stop", "cancel", "إلغاء" },
  restart = { "start over" },
  on_reload = "finish", -- a new version of this script serves new orders; this one ends as it began
}, function(session)
  local boxes, why = session:ask("How many boxes of dates?", { as = "number", integer = true, min = 1, max = 20 })

  local delivery
  if boxes then
    delivery, why = ask_delivery(session)
    if why == "cancelled" then -- after a "stop" the question below is not asked: it returns nil, "cancelled"
      local pickup, reason = session:ask("No delivery, then. Will you pick it up?", { choices = { "Yes", "No" } })
      why = reason
      if pickup == "Yes" then delivery = { address = "our shop" } end
    end
  end
  if not delivery then
    -- why is "cancelled", "expired", "timeout", "retries", or nil after a plain No
    session:reply(why == "expired" and "Your order has lapsed. Just write \"order\" again." or "All right, no order.")
    return
  end

  session:reply("%d boxes to %s. Please pay, and write \"paid\".", boxes, delivery.address)
  -- The first of several: the client's word, a picture of the receipt, or the clock.
  local what
  for _ = 1, 2 do
    what, why = bot.any {
      word = session:next("message.created", { words = { "paid", "done", "دفعت" } }),
      receipt = session:next("message.created", { attachment = true }),
      reminder = bot.after("2h"),
    }
    if what ~= "reminder" then break end
    session:reply("Your order still waits for its payment.")
  end

  if what == "word" or what == "receipt" then
    session:reply("Thank you! Your dates are on their way.")
    session:transfer { group = bot.config.group, note = ("%d boxes to %s, %s, phone %s"):format(
      boxes, delivery.address, delivery.day or "pick-up", delivery.phone or "unknown") }
  else
    bot.log.info("an order was not paid", { reason = why })
    session:reply("We have not seen a payment, so we let the order go.")
  end
end)

-- The same dialog begins with a word or with a command.
bot.on("message.created", { role = "operator", words = { "order", "dates" } }, order)
bot.command("order", { role = "operator" }, order)
