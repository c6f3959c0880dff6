-- Serves who waited in the common queue while nobody was there: whenever the connection is back, it goes through the
-- queue, page by page, takes what it can and says hello once.

bot.on("channel.connected", function(event)
  for waiting in bot.channel(event.channel):sessions { owner = "queue", status = "open" } do
    -- TWIN24 wants a session taken before anybody may write in it.
    local is_mine = not waiting:can("take") or waiting:take()
    if is_mine and waiting.store:cas("greeted", nil, true) then
      waiting:reply("Thank you for waiting. How can I help?")
    end
  end
end, { name = "doors open" })
