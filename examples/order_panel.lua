-- A panel of the dashboard app: beside the conversation an operator sees the client's orders and can act on them.
--
--   operator opens the session      "Orders: 2 · last one on its way", button "Send the invoice again"
--   operator presses the button     the client gets the invoice, the operator sees "Invoice sent: today"

local orders = {
  ["+966500000000"] = { count = 2, last = "on its way", invoice = "https://shop.example.com/invoices/AB12345" },
}

bot.panel("orders", function(session, operator)
  local order = orders[session.client.phone or ""]
  if not order then return nil end
  local rows = {
    { label = "Orders", value = order.count },
    { label = "Last one", value = order.last },
    { label = "Invoice sent", value = session.store:get("invoice") or "no" },
  }
  return {
    title = "Orders",
    rows = rows,
    buttons = {
      {
        label = "Send the invoice again",
        action = "send-invoice",
        style = "primary",
        args = { url = order.invoice },
        confirm = "The client gets a message. Send it?",
      },
    },
  }
end)

bot.on("panel.action", function(event, session)
  if event.action ~= "send-invoice" then return end
  session:reply("Here is your invoice: %s", event.args.url)
  session.store:set("invoice", "by " .. event.operator.name)
end)
