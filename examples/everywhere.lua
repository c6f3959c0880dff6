-- One script for Hoory and TWIN24: nothing in it names a platform. Buttons become a numbered list where there are none,
-- labels are set where there are labels, and who cannot transfer says so.

bot.on("message.created", { words = { "hello", "hi", "menu" } }, function(event, session)
  session:typing("1s") -- left out where the platform has none
  local topic = session:ask("How can I help?", { choices = { "Opening hours", "Talk to a person" }, timeout = "15m" })
  if topic == "Opening hours" then
    session:reply("We are open from 9 to 18, Monday to Friday.")
  elseif topic == "Talk to a person" then
    session:reply("One moment, please.")
    if session:can("label") then session:label("wants-a-person") end
    if session:can("transfer") then session:transfer { group = "Support" } end
  end
end, { name = "menu" })
