/// The platform's own page at `/dashboard`, as far as a dashboard app can tell: it embeds apps as tabs beside a
/// conversation, and tells them what is open the way one generation of the platform did. At `/dashboard/hostile` stands
/// a page that has no business with the app.
///
/// What it shows and how it behaves stands in its address: `app` (one or several), `conversation`, `generation`
/// (`2022`, `2023`, `2024`, `2026`), `push` (`load` or `never`), `answers` (`all`, `none`), `brand`, `theme`,
/// `in_place`. Tests reach it as `window.host`.
enum HostPage {
    static let document = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Desk · Moonwire simulator</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/dashboard/host.css">
        <script type="module" src="/dashboard/host.js"></script>
        </head>
        <body>
        <nav class="list" aria-label="Conversations"><h1>Desk</h1><ol id="conversations"></ol>
          <label>Theme <select id="theme"><option>light</option><option>dark</option></select></label>
          <label>Generation <select id="generation"><option>2022</option><option>2023</option><option>2024</option><option>2026</option></select></label>
        </nav>
        <main>
          <header><h2 id="title"></h2><div class="tabs" role="tablist" id="tabs"></div></header>
          <section class="messages" id="messages"></section>
          <section id="frames" hidden></section>
        </main>
        </body>
        </html>
        """#

    static let style = #"""
        :root { --ground: #fff; --side: #f4f6fa; --ink: #1f2533; --line: #dfe3ea; --mark: #2781f6; }
        :root[data-theme="dark"] { --ground: #17191f; --side: #1f222b; --ink: #e6e8ee; --line: #333845; color-scheme: dark; }
        * { box-sizing: border-box; }
        body { margin: 0; display: grid; grid-template-columns: 13rem 1fr; min-height: 100vh; font: 14px/1.45 system-ui, sans-serif; background: var(--ground); color: var(--ink); }
        .list { background: var(--side); border-inline-end: 1px solid var(--line); padding: .8rem; }
        h1 { font-size: 1rem; margin: 0 0 .6rem; }
        h2 { font-size: 1rem; margin: 0; }
        ol { list-style: none; margin: 0 0 1rem; padding: 0; }
        .list button { inline-size: 100%; text-align: start; padding: .5rem .6rem; border: 0; border-radius: .4rem; background: none; color: inherit; font: inherit; cursor: pointer; }
        .list button[aria-current="true"] { background: color-mix(in srgb, var(--mark) 18%, transparent); }
        .list label { display: block; margin-block: .4rem; }
        main { display: flex; flex-direction: column; min-inline-size: 0; }
        header { display: flex; gap: 1rem; align-items: center; border-block-end: 1px solid var(--line); padding: .6rem 1rem; flex-wrap: wrap; }
        .tabs button { border: 0; background: none; color: inherit; font: inherit; padding: .4rem .7rem; cursor: pointer; border-block-end: 2px solid transparent; }
        .tabs button[aria-selected="true"] { border-color: var(--mark); font-weight: 600; }
        .messages { padding: 1rem; }
        .messages p { max-inline-size: 30rem; padding: .5rem .8rem; border-radius: .6rem; background: var(--side); }
        .messages p.out { margin-inline-start: auto; background: color-mix(in srgb, var(--mark) 18%, transparent); }
        #frames { flex: 1; display: flex; }
        #frames[hidden] { display: none; }
        #frames > div { flex: 1; display: flex; }
        #frames > div[hidden] { display: none; }
        iframe { flex: 1; border: 0; inline-size: 100%; min-block-size: 85vh; }
        @media (max-width: 40rem) { body { grid-template-columns: 1fr; } .list { display: none; } }
        """#

    static let script = #"""
        const query = new URLSearchParams(location.search);
        const account = 3;
        const agent = { id: 21, name: "Omar", email: "omar@example.org" };
        const token = "omarAccessTokenForDocs01";
        const apps = query.getAll("app").map((url, index) => ({ id: index + 1, title: "App " + (index + 1), url }));
        const host = {
          generation: query.get("generation") ?? "2026", pushes: query.get("push") !== "never",
          answers: query.get("answers") !== "none", brand: query.get("brand") ?? "bevatel", inPlace: query.has("in_place"),
          theme: query.get("theme") ?? "light",
          /// What was asked, as it came.
          asked: [],
          /// Put over what is told, for tests.
          patch: null,
          customAttributes: [{ attribute_key: "plan", attribute_display_name: "Plan" }],
        };
        window.host = host;

        let conversation = null;
        let open = 0;
        let frames = [];
        let behind = new Set();
        const find = (id) => document.getElementById(id);

        async function api(path) {
          const response = await fetch(`/api/v1/accounts/${account}/${path}`, { headers: { "api_access_token": token } });
          return response.json();
        }

        host.context = () => {
          const data = { conversation: conversation ?? {}, contact: conversation?.meta?.sender };
          if (host.generation !== "2022") data.currentAgent = agent;
          if (host.generation === "2026") Object.assign(data, { customAttributes: host.customAttributes, theme: host.theme });
          return host.patch ? host.patch(structuredClone(data)) : data;
        };

        /// To one frame, with no word about who may read it, as the platform does.
        host.push = (frame) =>
          frame.contentWindow?.postMessage(JSON.stringify({ event: "appContext", data: host.context() }), "*");
        host.send = (data, index = 0) => frames[index].frame.contentWindow.postMessage(data, "*");
        host.frames = () => frames.map((one) => one.frame);

        function answer(source) {
          const index = frames.findIndex((one) => one.frame.contentWindow === source);
          if (host.generation === "2022" || host.generation === "2023") {
            // All frames have one id, and the first in the document gets the answer.
            const frame = document.getElementById("dashboard-app--frame-0");
            if (frame) host.push(frame);
          } else if (host.generation === "2024") {
            const shown = frames.find((one) => one.app.id === open);
            if (shown) host.push(shown.frame);
          } else if (index >= 0) {
            if (frames[index].app.id === open) host.push(frames[index].frame);
          }
        }

        window.onmessage = (event) => {
          if (!frames.some((one) => one.frame.contentWindow === event.source)) return;
          host.asked.push({ data: event.data, at: performance.now(), shown: open !== 0 });
          if (host.answers && event.data === host.brand + "-dashboard-app:fetch-info") answer(event.source);
        };

        host.changeTheme = (theme) => {
          host.theme = theme;
          document.documentElement.dataset.theme = theme;
          find("theme").value = theme;
          if (host.generation === "2026") tellChange();
        };

        host.changeAttributes = (attributes) => {
          host.customAttributes = attributes;
          if (host.generation === "2026") tellChange();
        };

        function tellChange() {
          for (const one of frames) {
            if (one.app.id === open) host.push(one.frame);
            else behind.add(one);
          }
        }

        host.show = (id) => {
          open = id;
          find("messages").hidden = id !== 0;
          find("frames").hidden = id === 0;
          for (const tab of find("tabs").children) tab.setAttribute("aria-selected", String(Number(tab.dataset.app) === id));
          if (id !== 0 && !frames.some((one) => one.app.id === id)) create(apps.find((one) => one.id === id));
          for (const one of frames) {
            one.box.hidden = one.app.id !== id;
            if (one.app.id === id && behind.delete(one)) host.push(one.frame);
          }
        };

        /// Lazily, at the first opening of the tab for this conversation.
        function create(app) {
          const box = document.createElement("div");
          const frame = document.createElement("iframe");
          frame.id = "dashboard-app--frame-0";
          frame.src = app.url;
          frame.addEventListener("load", () => host.pushes && host.push(frame));
          box.append(frame);
          find("frames").append(box);
          frames.push({ app, frame, box });
        }

        /// Another conversation means new documents, and the messages first; or, as a variant, news for the old ones.
        host.select = async (id) => {
          const next = await api("conversations/" + id);
          conversation = next;
          find("title").textContent = next.meta?.sender?.name ?? "Conversation " + id;
          for (const entry of document.querySelectorAll("#conversations button"))
            entry.setAttribute("aria-current", String(Number(entry.dataset.id) === id));
          const list = (await api(`conversations/${id}/messages`)).payload ?? [];
          find("messages").replaceChildren(...list.filter((one) => one.message_type !== 2).map((one) => {
            const line = document.createElement("p");
            line.className = one.message_type === 0 ? "" : "out";
            line.textContent = one.content ?? "";
            return line;
          }));
          if (host.inPlace) {
            for (const one of frames) host.push(one.frame);
            return;
          }
          for (const one of frames) one.box.remove();
          frames = [];
          behind = new Set();
          host.show(0);
        };

        find("tabs").append(...[{ id: 0, title: "Messages" }, ...apps].map((app) => {
          const tab = document.createElement("button");
          tab.type = "button";
          tab.role = "tab";
          tab.dataset.app = app.id;
          tab.textContent = app.title;
          tab.addEventListener("click", () => host.show(app.id));
          return tab;
        }));
        find("theme").addEventListener("change", (event) => host.changeTheme(event.target.value));
        find("generation").value = host.generation;
        find("generation").addEventListener("change", (event) => {
          query.set("generation", event.target.value);
          location.search = query;
        });
        document.documentElement.dataset.theme = host.theme;
        find("theme").value = host.theme;

        const all = (await api("conversations?status=all")).data?.payload ?? [];
        find("conversations").append(...all.map((one) => {
          const entry = document.createElement("li");
          const button = document.createElement("button");
          button.type = "button";
          button.dataset.id = one.id;
          button.textContent = `#${one.id} ${one.meta?.sender?.name ?? ""}`;
          button.addEventListener("click", () => host.select(one.id));
          entry.append(button);
          return entry;
        }));
        const wanted = Number(query.get("conversation")) || all[0]?.id;
        if (wanted) await host.select(wanted);
        if (query.has("tab")) host.show(Number(query.get("tab")));
        host.isReady = true;
        """#

    /// Frames what its address names, and has nothing else.
    static let hostile = #"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Elsewhere</title><link rel="icon" href="data:,">
        <script type="module" src="/dashboard/hostile.js"></script></head>
        <body><h1>A page from elsewhere</h1><div id="frames"></div></body>
        </html>
        """#

    static let hostileScript = #"""
        const url = new URLSearchParams(location.search).get("frame");
        if (url) {
          const frame = document.createElement("iframe");
          frame.src = url;
          frame.width = 600;
          frame.height = 400;
          document.getElementById("frames").append(frame);
        }
        """#
}
