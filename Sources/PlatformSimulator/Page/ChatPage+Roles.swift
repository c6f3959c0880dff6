extension ChatPage {
    /// The client's pane, on the public client API.
    static let clientScript = #"""
        const client = {
          log: new Log($("client-log"), {
            ownTypes: [0], hint: "Write something: a bot or an operator answers here.",
            onChoice: (message, values) => client.call("PATCH", `/messages/${message.id}`, { submitted_values: values }),
          }),
          typing: watchTyping($("client-typing")),
          async start(isFresh = false) {
            this.leave?.();
            this.log.clear();
            const inbox = $("inbox").value;
            const key = `source:${inbox}`;
            const source = (!isFresh && localStorage.getItem(key)) || `page-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
            localStorage.setItem(key, source);
            const base = `/public/api/v1/inboxes/${inbox}/contacts`;
            const session = await request("POST", base, { body: { source_id: source, name: "Sara" } });
            this.session = `${base}/${source}`;
            this.isLive = false;
            this.leave = cable.subscribe({ pubsub_token: session.pubsub_token }, (name, data) => this.hear(name, data), (isLive) => this.state(isLive));
            await this.read();
          },
          async read() {
            const all = await request("GET", `${this.session}/conversations`);
            const open = all.filter((one) => one.status !== "resolved").sort((a, b) => b.id - a.id)[0];
            const chosen = open ?? all.sort((a, b) => b.id - a.id)[0] ?? await request("POST", `${this.session}/conversations`);
            this.conversation = chosen.id;
            this.status = chosen.status;
            for (const message of chosen.messages) this.log.show(message);
            this.describe();
            operator.prefer(chosen.id);
          },
          state(isLive) {
            if (isLive && this.isLive === false && this.conversation) this.read();
            this.isLive = isLive;
            this.describe();
          },
          describe() {
            $("client-line").classList.toggle("live", Boolean(this.isLive));
            $("client-line").textContent = `Sara, chat ${this.conversation ?? "…"}, ${this.isLive ? this.status : "connecting"}`;
          },
          call(method, path, body) {
            return request(method, `${this.session}/conversations/${this.conversation}${path}`, { body }).catch((error) => { $("client-typing").textContent = error.message; });
          },
          hear(name, data) {
            const id = data.conversation_id ?? data.conversation?.id ?? data.id;
            if (id !== this.conversation) return;
            if (name === "message.created" || name === "message.updated") {
              this.log.show(data);
              if (data.message_type === 1) {
                this.typing(null);
                if (document.hasFocus() && name === "message.created") this.call("POST", "/update_last_seen");
              }
            } else if (name.startsWith("conversation.typing") && !data.is_private) {
              this.typing(name.endsWith("_on") ? data.user.name : null);
            } else if (name === "conversation.status_changed") {
              this.status = data.status;
              this.describe();
            }
          },
        };
        compose($("client-form"), $("client-text"), {
          typing: (status) => client.call("POST", "/toggle_typing", { typing_status: status }),
          async send(content) {
            const file = $("client-file").files[0];
            if (!content && !file) return;
            const form = new FormData();
            if (content) form.append("content", content);
            if (file) form.append("attachments[]", file);
            $("client-file").value = "";
            $("client-file").dispatchEvent(new Event("change"));
            const message = await client.call("POST", "/messages", form);
            if (message) client.log.show(message);
          },
        });
        $("client-file").onchange = (event) => {
          const file = event.target.files[0];
          event.target.parentElement.classList.toggle("full", Boolean(file));
          event.target.parentElement.title = file ? file.name : "Attach a file";
        };
        $("inbox").value = new URLSearchParams(location.search).get("inbox") ?? $("inbox").value;
        $("inbox").onchange = () => client.start();
        $("fresh").onclick = () => client.start(true);

        """#

    /// The operator's pane, on the operator API with the seat of Omar.
    static let operatorScript = #"""
        const operator = {
          account: 3,
          token: "omarAccessTokenForDocs01",
          chats: new Map(),
          log: new Log($("operator-log"), { ownTypes: [1, 3], hint: "Nothing here yet." }),
          typing: watchTyping($("operator-typing")),
          call(method, path, body, base = `/api/v1/accounts/${this.account}`) {
            return request(method, base + path, { body, headers: { "api-access-token": this.token } })
              .catch((error) => { $("operator-typing").textContent = error.message; });
          },
          async start() {
            const profile = await this.call("GET", "/profile", undefined, "/api/v1");
            this.name = this.log.me = profile.name;
            const [agents, teams] = await Promise.all([this.call("GET", "/agents"), this.call("GET", "/teams")]);
            const fill = (select, none, items) => select.replaceChildren(...[{ id: "", name: none }, ...items].map((item) => new Option(item.name, item.id)));
            fill($("assignee"), "Nobody", agents);
            fill($("team"), "None", teams);
            cable.subscribe({ pubsub_token: profile.pubsub_token, account_id: this.account, user_id: profile.id }, (name, data) => this.hear(name, data), (isLive) => {
              this.isLive = isLive;
              if (isLive) this.read();
              this.describe();
            });
          },
          async read() {
            const list = await this.call("GET", "/conversations?status=all&assignee_type=all");
            for (const chat of list.data.payload) this.chats.set(chat.id, chat);
            this.list();
            if (!this.current && this.chats.size) this.open(Math.max(...this.chats.keys()));
            else if (this.current) this.open(this.current);
          },
          prefer(id) { if (this.current !== id) this.open(id); },
          list() {
            const chats = [...this.chats.values()].sort((a, b) => b.id - a.id).slice(0, 200);
            $("chats").replaceChildren(...chats.map((chat) => new Option(`${chat.id} ${chat.meta.sender?.name ?? ""} (${chat.status})`, chat.id)));
            if (this.current) $("chats").value = this.current;
            this.describe();
          },
          async open(id) {
            this.current = id;
            this.log.clear();
            const [chat, messages] = await Promise.all([this.call("GET", `/conversations/${id}`), this.call("GET", `/conversations/${id}/messages`)]);
            if (!chat || this.current !== id) return;
            this.chats.set(id, chat);
            for (const message of messages.payload) this.log.show(message);
            this.list();
            this.call("POST", `/conversations/${id}/update_last_seen`);
          },
          describe() {
            const chat = this.chats.get(this.current);
            $("operator-line").classList.toggle("live", Boolean(this.isLive));
            $("operator-line").textContent = `${this.name ?? "…"}, ${this.isLive ? (chat ? `chat ${chat.id}, ${chat.status}` : "online") : "connecting"}${chat?.labels?.length ? `, ${chat.labels.join(" ")}` : ""}`;
            $("resolve").textContent = chat?.status === "open" ? "Resolve" : "Reopen";
            $("assignee").value = chat?.meta.assignee?.id ?? "";
            $("team").value = chat?.meta.team?.id ?? "";
          },
          hear(name, data) {
            if (name.startsWith("message.")) {
              if (data.conversation_id !== this.current) return;
              this.log.show(data);
              if (data.message_type === 0) this.typing(null);
            } else if (name.startsWith("conversation.typing")) {
              if (data.conversation.id === this.current) this.typing(name.endsWith("_on") ? data.user.name : null);
            } else if (name.startsWith("conversation.") || name === "assignee.changed" || name === "team.changed") {
              if (data.id === undefined) return;
              this.chats.set(data.id, { ...this.chats.get(data.id), ...data });
              this.list();
            }
          },
        };
        compose($("operator-form"), $("operator-text"), {
          typing: (status) => operator.call("POST", `/conversations/${operator.current}/toggle_typing_status`, { typing_status: status, is_private: $("note").checked }),
          async send(content) {
            if (!content || !operator.current) return;
            const message = await operator.call("POST", `/conversations/${operator.current}/messages`, { content, private: $("note").checked, echo_id: `page-${Date.now()}` });
            if (message) operator.log.show(message);
          },
        });
        $("note").onchange = () => {
          $("operator-form").classList.toggle("noting", $("note").checked);
          $("operator-text").placeholder = $("note").checked ? "Note for operators only" : `Reply as ${operator.name}`;
          document.querySelector("#operator-form .send").textContent = $("note").checked ? "Add" : "Reply";
        };
        $("chats").onchange = (event) => operator.open(Number(event.target.value));
        $("resolve").onclick = () => operator.call("POST", `/conversations/${operator.current}/toggle_status`, { status: operator.chats.get(operator.current)?.status === "open" ? "resolved" : "open" });
        $("assignee").onchange = (event) => operator.call("POST", `/conversations/${operator.current}/assignments`, { assignee_id: event.target.value ? Number(event.target.value) : null });
        $("team").onchange = (event) => operator.call("POST", `/conversations/${operator.current}/assignments`, { team_id: Number(event.target.value) });

        await operator.start();
        await client.start();
        """#
}
