extension PageScript {
    /// What happens when.
    static let app = #"""
        import { read, ask, askPatiently, stopAsking, canAsk } from "./context.js";
        import { Link, Refusal, post } from "./link.js";
        import { word, speak, chooseLanguage, language } from "./texts.js";
        import { find, say, show, turn, tell, complain, initials, make, written, time, tickAll } from "./view.js";
        import { draw, forget } from "./session.js";

        const { config, listen } = window.moonwire;
        let context = null;
        let link = null;
        let state = null;
        let notice = null;
        let lastAsked = 0;
        let wasSignedIn = false;
        let hasJustSignedIn = false;

        // The context: a hint of where the agent is. It is drawn as it comes; all else needs the host's own knowledge.

        listen((event) => {
          const next = read(event);
          if (next === null) return;
          stopAsking();
          if (next.theme) document.documentElement.dataset.theme = next.theme;
          const isOther = context === null || next.account !== context.account || next.conversation !== context.conversation;
          const isSame = !isOther && JSON.stringify(next) === JSON.stringify(context);
          if (isSame) return;
          const mustAsk = isOther || next.inbox !== context.inbox || next.contact !== context.contact;
          context = next;
          drawContext();
          if (mustAsk) open();
        });

        function drawContext() {
          show(find("top"), true);
          say(find("client-name"), context.name ?? word("nobody"));
          find("client-name").dir = "auto";
          say(find("avatar"), initials(context.name));
          const line = [context.phone, context.email].filter(Boolean);
          say(find("client-line"), line.join(" · "));
          find("client-line").dir = "auto";
          const key = "status." + context.status;
          say(find("status"), context.status ? word(key, {}, context.status) : "");
          find("status").className = "chip " + (context.status === "open" ? "good" : context.status === "pending" ? "warn" : "");
          drawMessages();
          document.title = [context.name, config.title].filter(Boolean).join(" · ");
          sayWho();
        }

        /// Who signed in; until then what the platform's page says, which proves nothing and allows nothing.
        function sayWho() {
          const agent = link?.agent ?? null;
          const text = agent !== null ? word("signedInAs", { who: agent.name ?? agent.id }) : context?.agent ?? "";
          say(find("agent"), link?.isOpen && agent === null ? word("readOnly") : text);
          show(find("sign-out"), agent !== null);
        }

        function drawMessages() {
          show(find("messages-card"), context.messages.length > 0);
          find("messages").replaceChildren(...context.messages.map((one) => {
            const head = make("div", "head", written("span", "from", one.from ?? word(one.isIncoming ? "client" : "us")));
            if (one.isPrivate) head.append(make("span", "private", word("private")));
            if (one.at !== null) head.append(time(one.at));
            return make("li", "", head, written("div", "text", one.text));
          }));
        }

        // One conversation: whatever belonged to another is closed and gone before anything else happens.

        function open() {
          link?.close();
          forget();
          state = null;
          complain(null);
          link = new Link(context);
          sayWho();
          turn("loading");
          enter(link);
        }

        async function enter(own) {
          try {
            await own.renew();
          } catch (error) {
            if (own === link && !own.isClosed) refuse(error);
            return;
          }
          if (own !== link) return;
          hasJustSignedIn = false;
          wasSignedIn = own.agent !== null;
          sayWho();
          own.listen(() => refresh(own), (error) => own === link && refuse(error));
        }

        let isReading = false;
        let mustRead = false;

        async function refresh(own) {
          if (own !== link) return;
          mustRead = true;
          if (isReading) return;
          isReading = true;
          while (mustRead && own === link) {
            mustRead = false;
            try {
              const next = await own.state();
              if (own !== link) break;
              state = next;
              draw(state, (scope) => own.allows(scope), act);
              if (document.documentElement.dataset.view !== "session") turn("session");
            } catch (error) {
              if (own === link && !own.isClosed) refuse(error);
            }
          }
          isReading = false;
          if (mustRead && link) refresh(link);
        }

        function refuse(error) {
          if (!(error instanceof Refusal)) {
            if (error.name !== "AbortError") explain("trouble");
            return;
          }
          if (error.status === 401) askToSignIn();
          else if (error.status === 403) explain("refused");
          else if (error.status === 429) {
            explain("tooMany");
            later(error.wait || 10);
          } else {
            if (state === null) explain("trouble");
            later(error.wait || 5);
          }
        }

        let retrying = 0;

        function later(seconds) {
          const own = link;
          clearTimeout(retrying);
          retrying = setTimeout(() => own === link && open(), seconds * 1000);
        }

        // What a person presses.

        async function act(action, args, button) {
          const own = link;
          button.disabled = true;
          complain(null);
          try {
            const answer = await own.act(action, args);
            tell(answer.handled === false ? "nobodyListens" : "done." + (action === "pause" || action === "resume" || action === "handover" ? action : "other"));
            if (answer.handled === false) complain(word("nobodyListens"));
            refresh(own);
            askAgain();
          } catch (error) {
            if (own !== link || error.name === "AbortError") return;
            if (error instanceof Refusal && error.status === 401) askToSignIn();
            else complain(word("error." + (error.code ?? ""), {}, "error.other"));
          } finally {
            button.disabled = false;
          }
        }

        find("handover").addEventListener("submit", (event) => {
          event.preventDefault();
          act("handover", JSON.parse(find("target").value), event.submitter ?? find("handover").querySelector("button"));
        });

        // Signing in.

        function askToSignIn() {
          const again = wasSignedIn;
          link?.close();
          link = null;
          forget();
          state = null;
          sayWho();
          show(find("login"), config.signIn.includes("login"));
          show(find("pair"), config.signIn.includes("pair"));
          say(find("sign-in-title"), word(again ? "signInAgain" : "signIn"));
          if (hasJustSignedIn) say(find("sign-in-error"), word("noCookie"));
          hasJustSignedIn = false;
          turn("sign-in");
          if (again) find("sign-in-title").focus();
        }

        let popup = null;

        find("login").addEventListener("click", () => {
          say(find("sign-in-error"), "");
          popup = window.open(config.page + "login?language=" + language(), "moonwire-login", "popup,width=460,height=620");
          if (popup === null) say(find("sign-in-error"), word("popupBlocked"));
        });

        window.addEventListener("message", (event) => {
          if (event.origin !== window.location.origin || popup === null || event.source !== popup) return;
          if (typeof event.data?.moonwireCode !== "string") return;
          popup = null;
          redeem("sign-in", event.data.moonwireCode);
        });

        find("pair").addEventListener("submit", (event) => {
          event.preventDefault();
          redeem("pair", find("pair-code").value);
        });

        async function redeem(path, code) {
          say(find("sign-in-error"), "");
          try {
            await post(path, { app: config.app, code });
            find("pair-code").value = "";
            hasJustSignedIn = true;
            open();
          } catch (error) {
            say(find("sign-in-error"), word("error." + error.code, {}, "error.other"));
          }
        }

        find("sign-out").addEventListener("click", async () => {
          await post("sign-out", { app: config.app }).catch(() => {});
          wasSignedIn = false;
          askToSignIn();
        });

        // Without a context there is nothing to show.

        function explain(key) {
          notice = key;
          say(find("notice-title"), word(key + "Title"));
          say(find("notice-text"), word(key + "Text"));
          turn("notice");
        }

        function begin() {
          if (!canAsk()) {
            explain("outside");
            show(find("retry"), false);
            return;
          }
          turn("loading");
          askPatiently(() => explain("outside"));
        }

        find("retry").addEventListener("click", () => {
          if (context === null) begin();
          else open();
        });

        /// What the platform's page tells may have changed without a word.
        function askAgain() {
          if (context === null || Date.now() - lastAsked < 2000) return;
          lastAsked = Date.now();
          ask();
        }

        document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && askAgain());
        window.addEventListener("focus", askAgain);
        setInterval(tickAll, 20000);

        find("language").value = language();
        find("language").addEventListener("change", () => {
          chooseLanguage(find("language").value);
          speak();
          forget();
          complain(null);
          if (context) drawContext();
          if (state && link) draw(state, (scope) => link.allows(scope), act);
          sayWho();
          if (document.documentElement.dataset.view === "notice" && notice) explain(notice);
          tickAll();
        });

        speak();
        document.title = config.title;
        if (context === null) begin();
        """#
}
