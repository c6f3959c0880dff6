extension PageScript {
    /// Draws what the host tells of a session.
    static let session = #"""
        import { word, has } from "./texts.js";
        import { find, say, show, make, written, time, clock } from "./view.js";

        const drawn = new Map();

        /// Draws a part only when what it shows has changed.
        function once(name, value, draw) {
          const text = JSON.stringify(value ?? null);
          if (drawn.get(name) === text) return;
          drawn.set(name, text);
          draw(value);
        }

        export function forget() {
          drawn.clear();
          for (const id of ["now-body", "acts", "panels", "steps", "target"]) find(id).replaceChildren();
          say(find("owner"), "");
          show(find("handover"), false);
        }

        /// `act(action, args, button)` carries out what a person presses.
        export function draw(state, allows, act) {
          once("owner", [state.session, word("now")], () => owner(state.session));
          once("now", [state.pause, state.waiting, word("now")], () => now(state));
          once("acts", [state.pause !== null, state.scopes, word("now")], () => buttons(state, allows, act));
          once("target", [state.targets, state.scopes, word("now")], () => targets(state, allows));
          once("panels", [state.panels, state.scopes, word("now")], () =>
            find("panels").replaceChildren(...state.panels.map((one) => panel(one, allows, act))));
          once("steps", [state.steps, word("now")], () => {
            find("steps").replaceChildren(...state.steps.map(step));
            show(find("steps-card"), state.steps.length > 0);
          });
        }

        function owner(session) {
          const person = session.operator?.name;
          const isHuman = session.owner === "operator";
          say(find("owner"), isHuman && person ? person : word("owner." + session.owner));
          find("owner").className = "chip " + (isHuman ? "warn" : session.owner === "bot" ? "good" : "");
          find("owner").title = word("inCharge");
        }

        function now(state) {
          const parts = [];
          if (state.pause) {
            const note = make("p", "paused", word("pausedBy", { who: state.pause.by }), " ", time(state.pause.since));
            parts.push(note);
          }
          for (const wait of state.waiting) {
            const block = make("div", "wait");
            block.append(make("span", "line", word(wait.question ? "waitsForAnswer" : waitWord(wait.kind))));
            if (wait.question) block.append(written("p", "question", wait.question));
            else if (wait.event) block.append(written("p", "question", wait.event));
            const line = make("span", "line", word("sinceWhen") + " ", time(wait.since));
            if (wait.until !== null) line.append(" · " + word("untilWhen", { when: clock(wait.until) }));
            block.append(line);
            parts.push(block);
          }
          if (state.waiting.length === 0) parts.push(make("p", "quiet", word("waitsForNothing")));
          find("now-body").replaceChildren(...parts);
        }

        const waitWord = (kind) => (kind === "bot.sleep" ? "sleeps" : "waitsForEvent");

        function buttons(state, allows, act) {
          const paused = state.pause !== null;
          const action = paused ? "resume" : "pause";
          const list = [];
          if (allows(action)) list.push(button({ label: word(action), action, style: paused ? "primary" : "normal" }, act));
          find("acts").replaceChildren(...list);
          find("acts").ariaLabel = word("now");
        }

        function button(one, act) {
          const element = make("button", one.style === "normal" ? "" : one.style ?? "", one.label);
          element.type = "button";
          element.dataset.action = one.action;
          element.dir = "auto";
          element.addEventListener("click", () => {
            if (one.confirm) ask(one, element, act);
            else act(one.action, one.args, element);
          });
          return element;
        }

        /// A browser lets no embedded page open its own question.
        function ask(one, element, act) {
          const box = make("div", "confirm", written("span", "", one.confirm));
          const yes = make("button", "danger", one.label);
          const no = make("button", "", word("cancel"));
          for (const each of [yes, no]) each.type = "button";
          const leave = () => {
            box.remove();
            element.disabled = false;
            element.focus();
          };
          no.addEventListener("click", leave);
          yes.addEventListener("click", () => {
            leave();
            act(one.action, one.args, element);
          });
          box.addEventListener("keydown", (event) => event.key === "Escape" && leave());
          box.append(yes, no);
          element.disabled = true;
          element.parentElement.append(box);
          no.focus();
        }

        function targets(state, allows) {
          show(find("handover"), allows("handover"));
          const select = find("target");
          const chosen = select.value;
          const option = (label, value) => {
            const element = make("option", "", label);
            element.value = JSON.stringify(value);
            return element;
          };
          const group = (label, options) => {
            const element = make("optgroup", "", ...options);
            element.label = label;
            return options.length > 0 ? element : null;
          };
          select.replaceChildren(
            ...[
              option(word("owner.queue"), { queue: true }),
              group(word("groups"), (state.targets.groups ?? []).map((name) => option(name, { group: name }))),
              group(word("people"), (state.targets.operators ?? []).map((one) =>
                option(one.name ?? one.id, { operator: one.id }))),
            ].filter(Boolean));
          if (chosen) select.value = chosen;
          if (select.selectedIndex < 0) select.selectedIndex = 0;
        }

        let count = 0;

        function panel(content, allows, act) {
          const card = make("section", "card");
          const title = written("h2", "", content.title ?? content.name);
          title.id = "panel-" + ++count;
          card.setAttribute("aria-labelledby", title.id);
          card.dataset.panel = content.name;
          card.append(title);
          if (content.rows.length > 0) {
            const list = make("dl");
            for (const row of content.rows) {
              const value = written("dd", row.label ? "" : "wide", row.value);
              if (row.private) value.append(" ", make("span", "private", word("private")));
              if (row.label) list.append(written("dt", "", row.label));
              list.append(value);
            }
            card.append(list);
          }
          const offered = content.buttons.filter((one) => allows(one.scope));
          if (offered.length > 0) card.append(make("div", "buttons", ...offered.map((one) => button(one, act))));
          return card;
        }

        function step(one) {
          const key = "step." + one.kind;
          const what = make("div", "what", make("span", "kind", has(key) ? word(key) : one.kind));
          if (one.private) what.append(" ", make("span", "private", word("private")));
          const text = one.answer ?? one.text;
          if (text) what.append(written("div", "text", text));
          if (one.state === "failed" || one.state === "none") {
            what.append(make("div", "text", has("reason." + one.reason) ? word("reason." + one.reason) : one.reason ?? ""));
          }
          const kind = one.kind === "failed" ? "failed" : one.state === "event" ? "event" : one.state;
          const dot = make("span", "dot " + kind);
          dot.setAttribute("aria-hidden", "true");
          return make("li", "", dot, what, time(one.at));
        }
        """#
}
