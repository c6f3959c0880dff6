extension PageScript {
    /// The way to the host: token, requests, and the stream of changes.
    static let link = #"""
        const { config } = window.moonwire;
        const api = config.api;
        const launchKey = new URLSearchParams(window.location.hash.slice(1)).get("k");

        export class Refusal extends Error {
          constructor(status, code, wait) {
            super(code);
            this.status = status;
            this.code = code;
            this.wait = wait;
          }
        }

        async function send(path, options) {
          let response;
          try {
            response = await fetch(api + path, { cache: "no-store", redirect: "error", ...options });
          } catch (error) {
            if (error.name === "AbortError") throw error;
            throw new Refusal(0, "network", 0);
          }
          if (response.ok) return response;
          const body = await response.json().catch(() => ({}));
          throw new Refusal(response.status, body?.error?.code ?? "unknown", Number(response.headers.get("retry-after")) || 0);
        }

        export async function post(path, body, headers = {}, signal = undefined) {
          const response = await send(path, {
            method: "POST", body: JSON.stringify(body), signal, headers: { "content-type": "application/json", ...headers },
          });
          return response.json();
        }

        /// One conversation's access. Made anew for another one; the old one is closed, and with it all that is under way.
        export class Link {
          #context;
          #token = null;
          #expires = 0;
          #renewal = null;
          #end = new AbortController();
          agent = null;
          scopes = [];

          constructor(context) {
            this.#context = context;
          }

          get isOpen() { return this.#token !== null; }
          get isClosed() { return this.#end.signal.aborted; }

          close() {
            this.#token = null;
            this.#end.abort();
          }

          allows(scope) { return this.scopes.includes("act:" + scope) || this.scopes.includes("act:*"); }

          /// Asks for a token; several who need one share the asking.
          renew() {
            this.#renewal ??= this.#exchange().finally(() => { this.#renewal = null; });
            return this.#renewal;
          }

          async #exchange() {
            const { account, inbox, conversation, contact } = this.#context;
            const hint = { account_id: account, inbox_id: inbox, conversation_id: conversation };
            if (contact !== null) hint.contact_id = contact;
            const body = { app: config.app, hint };
            if (launchKey !== null && config.signIn.includes("launch-key")) body.key = launchKey;
            const headers = this.#token === null ? {} : { authorization: "Bearer " + this.#token };
            const begun = Date.now();
            const answer = await post("session", body, headers, this.#end.signal);
            // By this computer's own clock: only how long it lasts is the host's to say.
            const life = (answer.exp - answer.now) * 1000;
            this.#token = answer.token;
            this.#expires = begun + life - Math.min(60000, life / 5);
            this.agent = answer.agent;
            this.scopes = answer.scopes;
          }

          /// A request with the token. One that has run out is renewed once, without a word.
          async call(make) {
            if (this.#token === null || Date.now() >= this.#expires) await this.renew();
            try {
              return await make(this.#token);
            } catch (error) {
              if (!(error instanceof Refusal) || error.status !== 401) throw error;
              await this.renew();
              return make(this.#token);
            }
          }

          state() {
            return this.call(async (token) => {
              const response = await send("state?conversation=" + this.#context.conversation, {
                headers: { authorization: "Bearer " + token }, signal: this.#end.signal,
              });
              return response.json();
            });
          }

          /// Does something once, however often it is sent.
          act(action, args) {
            const key = crypto.randomUUID();
            const body = { conversation: this.#context.conversation, action };
            if (args !== undefined) body.args = args;
            return this.call((token) =>
              post("action", body, { authorization: "Bearer " + token, "idempotency-key": key }, this.#end.signal));
          }

          /// Listens for changes until closed.
          async listen(changed, lost) {
            let failures = 0;
            while (!this.isClosed) {
              try {
                const response = await this.call((token) =>
                  send("events?conversation=" + this.#context.conversation, {
                    headers: { authorization: "Bearer " + token }, signal: this.#end.signal,
                  }));
                const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
                let kept = "";
                for (;;) {
                  const { value, done } = await reader.read();
                  if (done) break;
                  const parts = (kept + value).split("\n\n");
                  kept = parts.pop();
                  for (const part of parts) {
                    // What happened while nobody listened is read at the beginning.
                    if (part.includes("event: changed") || part.includes("event: ready")) changed();
                    if (!part.startsWith(":")) failures = 0;
                  }
                }
              } catch (error) {
                if (this.isClosed) return;
                if (error instanceof Refusal && (error.status === 401 || error.status === 403)) {
                  lost(error);
                  return;
                }
                failures += 1;
              }
              if (this.isClosed) return;
              await new Promise((go) => setTimeout(go, failures === 0 ? 50 : Math.min(1000 * 2 ** failures, 30000)));
            }
          }
        }
        """#
}
