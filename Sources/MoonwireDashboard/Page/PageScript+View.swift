extension PageScript {
    /// Small tools to draw with. Everything that people wrote becomes a text node.
    static let view = #"""
        import { word, language } from "./texts.js";

        export const find = (id) => document.getElementById(id);

        /// Changes a text only when it differs, so that nothing is drawn or read out twice.
        export function say(element, text) {
          if (element.textContent !== text) element.textContent = text;
        }

        export function show(element, isShown) {
          if (element.hidden === isShown) element.hidden = !isShown;
        }

        export function make(tag, name = "", ...children) {
          const element = document.createElement(tag);
          if (name) element.className = name;
          element.append(...children.filter((child) => child !== null));
          return element;
        }

        /// What people wrote may run in either direction.
        export function written(tag, name, text) {
          const element = make(tag, name, text);
          element.dir = "auto";
          return element;
        }

        export function time(milliseconds) {
          const element = make("time");
          element.dateTime = new Date(milliseconds).toISOString();
          element.dataset.at = String(milliseconds);
          tick(element);
          return element;
        }

        function tick(element) {
          const at = Number(element.dataset.at);
          say(element, since(at));
          element.title = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" }).format(at);
        }

        export function tickAll() {
          for (const element of document.querySelectorAll("time[data-at]")) tick(element);
        }

        const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

        function since(at) {
          const seconds = Math.round((at - Date.now()) / 1000);
          const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "short" });
          for (const [unit, size] of units) {
            if (Math.abs(seconds) >= size || unit === "second") return format.format(Math.trunc(seconds / size), unit);
          }
          return "";
        }

        export function clock(at) {
          const isToday = new Date(at).toDateString() === new Date().toDateString();
          const style = isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
          return new Intl.DateTimeFormat(language(), style).format(at);
        }

        export function initials(name) {
          const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
          // Letters that join would read as a word.
          const count = /\p{Lu}|\p{Ll}/u.test(name ?? "") ? 2 : 1;
          const letters = words.slice(0, count).map((one) => [...one][0]).join("");
          return /^\p{L}/u.test(letters) ? letters.toLocaleUpperCase(language()) : "•";
        }

        /// Tells those who hear the page and not see it.
        export function tell(key) {
          say(find("live"), word(key));
        }

        const parts = ["loading", "notice", "sign-in", "session"];

        /// Which part of the page stands there.
        export function turn(to) {
          document.documentElement.dataset.view = to;
          for (const part of parts) show(find(part), part === to);
        }

        let alarm = 0;

        export function complain(text) {
          const banner = find("alert");
          clearTimeout(alarm);
          say(banner, text ?? "");
          show(banner, Boolean(text));
          if (text) alarm = setTimeout(() => complain(null), 12000);
        }
        """#
}
