/// The chat page at `/`: one document, one style sheet, one script, all in the binary.
///
/// The client's pane uses the public client API and the operator's pane the operator API, both with `/cable`, as any
/// other client of the simulator would; the page has no way of its own into the world.
enum ChatPage {
    static let script = cableScript + paneScript + clientScript + operatorScript

    static let document = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Moonwire simulator</title>
        <link rel="icon" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><circle cx='16' cy='16' r='15' fill='%234f46e5'/><path d='M21 20a9 9 0 1 1-7-12 7 7 0 0 0 7 12z' fill='white'/></svg>">
        <link rel="stylesheet" href="/page/chat.css">
        <script type="module" src="/page/chat.js"></script>
        </head>
        <body>
        <header class="bar">
          <span class="brand"><span class="moon" aria-hidden="true"></span>Moonwire <span class="dim wide">simulator</span></span>
          <nav class="tabs" aria-label="Pane">
            <button type="button" data-pane="client" aria-pressed="true">Client</button>
            <button type="button" data-pane="operator" aria-pressed="false">Operator</button>
          </nav>
        </header>
        <main data-shown="client">

        <section class="pane" id="client" aria-labelledby="client-title">
          <div class="head">
            <div class="who">
              <h1 id="client-title">Client</h1>
              <p class="line" id="client-line">…</p>
            </div>
            <label class="field">Inbox
              <select id="inbox">
                <option value="hooryInboxIdentifier0001">Hoory</option>
                <option value="bevatelInboxIdentifier01">Bevatel</option>
                <option value="singleInboxIdentifier001">Single</option>
              </select>
            </label>
            <button type="button" class="quiet" id="fresh">New chat</button>
          </div>
          <ol class="log" id="client-log" role="log" aria-live="polite" aria-label="Messages of the client" tabindex="0"></ol>
          <p class="typing" id="client-typing" aria-live="polite"></p>
          <form class="composer" id="client-form">
            <label class="clip" title="Attach a file"><input type="file" id="client-file" aria-label="Attach a file"><svg aria-hidden="true" viewBox="0 0 24 24" width="20" height="20"><path d="M12 5v14M5 12h14" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg></label>
            <textarea id="client-text" rows="1" placeholder="Write as the client" aria-label="Message as the client"></textarea>
            <button type="submit" class="send">Send</button>
          </form>
        </section>

        <section class="pane" id="operator" aria-labelledby="operator-title">
          <div class="head">
            <div class="who">
              <h1 id="operator-title">Operator</h1>
              <p class="line" id="operator-line">…</p>
            </div>
            <label class="field">Chat <select id="chats"></select></label>
          </div>
          <div class="actions" role="group" aria-label="Conversation">
            <label class="field"><span>Assignee</span> <select id="assignee"></select></label>
            <label class="field"><span>Team</span> <select id="team"></select></label>
            <button type="button" class="quiet" id="resolve">Resolve</button>
          </div>
          <ol class="log" id="operator-log" role="log" aria-live="polite" aria-label="Messages of the operator" tabindex="0"></ol>
          <p class="typing" id="operator-typing" aria-live="polite"></p>
          <form class="composer" id="operator-form">
            <label class="switch"><input type="checkbox" id="note"> Note</label>
            <textarea id="operator-text" rows="1" placeholder="Reply as Omar" aria-label="Message as the operator"></textarea>
            <button type="submit" class="send">Reply</button>
          </form>
        </section>

        </main>
        </body>
        </html>
        """#
}
