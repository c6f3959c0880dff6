/// The scripts of the page: small modules of ours, and one that runs before them all.
enum PageScript {
    /// Listens from the first moment on; what comes before the modules are there is kept for them.
    static func early(_ configuration: String) -> String {
        "const moonwireConfiguration = \(configuration);\n" + listening
    }

    private static let listening = #"""
        "use strict";
        (() => {
          const kept = [];
          let take = null;
          window.addEventListener("message", (event) => {
            if (take) take(event);
            else if (kept.length < 32) kept.push(event);
          });
          window.moonwire = Object.freeze({
            config: Object.freeze(moonwireConfiguration),
            listen(taker) {
              take = taker;
              for (const event of kept.splice(0)) taker(event);
            },
          });
        })();
        """#

    /// What may come from the platform's page, and how it is asked for.
    static let context = #"""
        const { config } = window.moonwire;
        const largest = 2 * 1024 * 1024;
        const isFramed = window.parent !== window;
        const bridge = () => (config.mobile && !isFramed && window.ReactNativeWebView) || null;

        /// Whether a platform's page can be there at all.
        export const canAsk = () => isFramed || bridge() !== null;

        function isFromHost(event) {
          if (isFramed) return config.origins.includes(event.origin) && event.source === window.parent;
          return bridge() !== null && event.origin === window.location.origin;
        }

        const isID = (value) => Number.isSafeInteger(value) && value > 0;
        const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
        const text = (value) => (typeof value === "string" && value.trim() !== "" ? value : null);

        /// The context that a message brings; null for everything else. Never throws: pages hear a lot of noise.
        export function read(event) {
          if (!isFromHost(event) || typeof event.data !== "string" || event.data.length > largest) return null;
          let tree;
          try {
            tree = JSON.parse(event.data);
          } catch {
            return null;
          }
          if (!isObject(tree) || tree.event !== "appContext" || !isObject(tree.data)) return null;
          const { data } = tree;
          const talk = data.conversation;
          if (!isObject(talk) || !isID(talk.id) || !isID(talk.account_id) || !isID(talk.inbox_id)) return null;
          const meta = isObject(talk.meta) ? talk.meta : {};
          const sender = isObject(meta.sender) ? meta.sender : isObject(data.contact) ? data.contact : {};
          const agent = isObject(data.currentAgent) ? data.currentAgent : isObject(data.current_agent) ? data.current_agent : {};
          return {
            account: talk.account_id, inbox: talk.inbox_id, conversation: talk.id,
            contact: isID(sender.id) ? sender.id : null,
            name: text(sender.name), phone: text(sender.phone_number), email: text(sender.email),
            status: text(talk.status), agent: text(agent.name),
            theme: data.theme === "dark" || data.theme === "light" ? data.theme : null,
            messages: messages(talk.messages),
          };
        }

        /// The last few that the browser of the agent holds; not a history.
        function messages(list) {
          if (!Array.isArray(list)) return [];
          const shown = list.filter((one) => isObject(one) && text(one.content) && one.message_type !== 2).slice(-3);
          return shown.map((one) => ({
            text: one.content.slice(0, 600), isPrivate: one.private === true, isIncoming: one.message_type === 0,
            from: isObject(one.sender) ? text(one.sender.name) : null,
            at: Number.isFinite(one.created_at) ? one.created_at * 1000 : null,
          }));
        }

        let timers = [];
        let asked = 0;

        export function ask() {
          const request = config.requests[asked++ % Math.max(config.requests.length, 1)];
          if (!request) return;
          if (!isFramed) {
            bridge()?.postMessage(request);
            return;
          }
          // It holds no secret, so that nobody is left out when there are several hosts.
          window.parent.postMessage(request, config.origins.length === 1 ? config.origins[0] : "*");
        }

        /// Asks until something comes; some platforms drop an early request.
        export function askPatiently(giveUp) {
          stopAsking();
          asked = 0;
          ask();
          timers = [250, 1000, 3000, 8000].map((delay) => setTimeout(ask, delay));
          timers.push(setTimeout(giveUp, 10000));
        }

        export function stopAsking() {
          for (const timer of timers) clearTimeout(timer);
          timers = [];
        }
        """#
}
