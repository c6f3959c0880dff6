local order = bot.dialog("order", { expires = "2h", cancel = "stop" }, function(session)
  session:note("Asks for the order number")
  local number, reason = session:ask("What is your order number?", { timeout = "1h" })
  session:reply(number and "Thank you, I look for " .. number or "Good bye: " .. tostring(reason))
end)

bot.on("message.created", { owner = { "bot", "queue" } }, order)

bot.on("panel.action", function(event, session)
  if event.action == "break" then error("broken on purpose") end
  session.store:incr("sent")
  session:note("Sent again for " .. event.operator.name .. ": " .. event.args.parcel)
end)

bot.panel("order", function(session, operator)
  return {
    title = "Order AB12345",
    rows = {
      { label = "Status", value = "On its way" },
      { label = "Sent again", value = session.store:get("sent") or 0 },
      { label = "Remark", value = "<b>Fragile</b>", private = true },
    },
    buttons = {
      { label = "Send again", action = "resend", style = "primary", args = { parcel = "P-1" } },
      { label = "Break", action = "break", style = "danger", confirm = "Break it?" },
    },
  }
end)
