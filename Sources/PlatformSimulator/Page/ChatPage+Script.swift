extension ChatPage {
    /// A small Action Cable client: subscribes, survives the loss of the socket, calls back with events.
    static let cableScript = #"""
        class Cable {
          constructor() { this.subscriptions = new Map(); this.attempt = 0; this.open(); }
          open() {
            const address = location.origin.replace(/^http/, "ws") + "/cable";
            this.socket = new WebSocket(address, ["actioncable-v1-json", "actioncable-unsupported"]);
            this.heard = Date.now();
            this.socket.onmessage = (event) => this.read(JSON.parse(event.data));
            this.socket.onclose = () => this.lost();
            clearInterval(this.watch);
            this.watch = setInterval(() => { if (Date.now() - this.heard > 9000) this.socket.close(); }, 1000);
          }
          lost() {
            clearInterval(this.watch);
            for (const entry of this.subscriptions.values()) entry.onState(false);
            setTimeout(() => this.open(), Math.min(5000, 500 * 2 ** this.attempt++));
          }
          send(command, identifier, data) { this.socket.send(JSON.stringify({ command, identifier, data })); }
          subscribe(parts, onEvent, onState) {
            const identifier = JSON.stringify({ channel: "RoomChannel", ...parts });
            this.subscriptions.set(identifier, { onEvent, onState });
            if (this.welcomed) this.send("subscribe", identifier);
            const presence = setInterval(() => this.present(identifier), 20000);
            return () => {
              clearInterval(presence);
              this.subscriptions.delete(identifier);
              if (this.socket.readyState === 1) this.send("unsubscribe", identifier);
            };
          }
          present(identifier) {
            if (this.socket.readyState === 1) this.send("message", identifier, JSON.stringify({ action: "update_presence" }));
          }
          read(frame) {
            this.heard = Date.now();
            const entry = this.subscriptions.get(frame.identifier);
            if (frame.type === "welcome") {
              this.attempt = 0;
              this.welcomed = true;
              for (const identifier of this.subscriptions.keys()) this.send("subscribe", identifier);
            } else if (frame.type === "confirm_subscription") {
              this.present(frame.identifier);
              entry?.onState(true);
            } else if (frame.message) entry?.onEvent(frame.message.event, frame.message.data);
          }
        }

        const $ = (id) => document.getElementById(id);
        const cable = new Cable();

        async function request(method, path, { body, headers = {} } = {}) {
          const isForm = body instanceof FormData;
          const response = await fetch(path, {
            method,
            headers: { Accept: "application/json", ...(body && !isForm ? { "Content-Type": "application/json" } : {}), ...headers },
            body: body && !isForm ? JSON.stringify(body) : body,
          });
          const text = await response.text();
          if (!response.ok) {
            let reason = text;
            try { const parsed = JSON.parse(text); reason = parsed.message ?? parsed.error ?? text; } catch { }
            throw new Error(`${response.status} ${reason}`);
          }
          return text ? JSON.parse(text) : null;
        }

        """#

    /// What both panes share: the log of messages, the composer, the tabs of narrow screens.
    static let paneScript = #"""
        function element(tag, className, text) {
          const made = document.createElement(tag);
          if (className) made.className = className;
          if (text !== undefined) made.textContent = text;
          return made;
        }

        class Log {
          constructor(list, { ownTypes, hint, onChoice }) {
            Object.assign(this, { list, ownTypes, hint, onChoice });
            this.items = new Map();
            this.clear();
          }
          clear() {
            this.items.clear();
            this.list.replaceChildren(element("li", "empty", this.hint));
          }
          show(message) {
            const item = this.render(message);
            this.list.querySelector(".empty")?.remove();
            const known = this.items.get(message.id);
            if (known) known.replaceWith(item);
            else {
              const later = [...this.items.keys()].filter((id) => id > message.id).sort((a, b) => a - b)[0];
              this.list.insertBefore(item, later ? this.items.get(later) : null);
            }
            this.items.set(message.id, item);
            this.list.scrollTop = this.list.scrollHeight;
          }
          render(message) {
            const attributes = message.content_attributes ?? {};
            if (message.message_type === 2) return element("li", "activity", message.content);
            const own = this.ownTypes.includes(message.message_type);
            const item = element("li", [own && "own", message.private && "note", attributes.deleted && "gone"].filter(Boolean).join(" "));
            const sender = message.sender?.name ?? "System";
            item.append(element("span", "name", message.private ? `${sender}, note` : own && (!this.me || sender === this.me) ? "" : sender));
            if (message.content) item.append(element("div", "bubble", message.content));
            for (const file of message.attachments ?? []) {
              const bubble = element("div", "bubble");
              const link = element("a", "", `${file.file_type}: ${decodeURIComponent(file.data_url.split("/").pop())}`);
              link.href = file.data_url;
              bubble.append(link);
              item.append(bubble);
            }
            if (message.content_type === "input_select") item.append(this.choices(message, attributes));
            if (attributes.submitted_values?.csat_survey_response) {
              item.append(element("span", "name", `Rated ${attributes.submitted_values.csat_survey_response.rating} of 5`));
            } else if (message.content_type === "input_csat") item.append(this.rating(message));
            return item;
          }
          choices(message, attributes) {
            const group = element("div", "choices");
            group.setAttribute("role", "group");
            group.setAttribute("aria-label", "Quick replies");
            const chosen = attributes.submitted_values?.[0]?.value;
            for (const choice of attributes.items ?? []) {
              const button = element("button", choice.value === chosen ? "chosen" : "", choice.title);
              button.type = "button";
              button.disabled = !this.onChoice || chosen !== undefined;
              if (choice.value === chosen) button.setAttribute("aria-pressed", "true");
              button.onclick = () => this.onChoice(message, [{ title: choice.title, value: choice.value }]);
              group.append(button);
            }
            return group;
          }
          rating(message) {
            const group = element("div", "choices");
            for (let rating = 1; rating <= 5; rating++) {
              const button = element("button", "", String(rating));
              button.type = "button";
              button.setAttribute("aria-label", `Rate ${rating} of 5`);
              button.disabled = !this.onChoice;
              button.onclick = () => this.onChoice(message, { csat_survey_response: { rating } });
              group.append(button);
            }
            return group;
          }
        }

        function compose(form, text, { send, typing }) {
          let timer;
          const stop = () => { clearTimeout(timer); if (timer) typing("off"); timer = undefined; };
          text.addEventListener("input", () => {
            text.style.height = "auto";
            text.style.height = `${text.scrollHeight + 2}px`;
            if (!timer) typing("on");
            clearTimeout(timer);
            timer = setTimeout(stop, 4000);
          });
          text.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
          });
          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const content = text.value.trim();
            text.value = "";
            text.style.height = "auto";
            stop();
            await send(content);
            text.focus();
          });
        }

        function watchTyping(line) {
          let timer;
          return (name) => {
            clearTimeout(timer);
            line.textContent = name ? `${name} is typing…` : "";
            if (name) timer = setTimeout(() => { line.textContent = ""; }, 30000);
          };
        }

        for (const tab of document.querySelectorAll(".tabs button")) {
          tab.onclick = () => {
            document.querySelector("main").dataset.shown = tab.dataset.pane;
            for (const other of document.querySelectorAll(".tabs button")) other.setAttribute("aria-pressed", String(other === tab));
          };
        }

        """#
}
