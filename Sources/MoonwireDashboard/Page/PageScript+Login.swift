extension PageScript {
    /// The window to sign in. It has no cookie and keeps nothing: it hands a code to the page that opened it.
    static let login = #"""
        import { post } from "./link.js";
        import { word, speak, chooseLanguage } from "./texts.js";
        import { find, say } from "./view.js";

        const { config } = window.moonwire;
        const asked = new URLSearchParams(window.location.search).get("language");
        if (asked) chooseLanguage(asked);
        speak();
        document.title = config.title;
        find("token").focus();

        find("form").addEventListener("submit", async (event) => {
          event.preventDefault();
          const button = find("form").querySelector("button");
          button.disabled = true;
          say(find("error"), "");
          try {
            const answer = await post("login", { app: config.app, token: find("token").value });
            find("token").value = "";
            if (window.opener === null) throw Object.assign(new Error(), { code: "no_opener" });
            window.opener.postMessage({ moonwireCode: answer.code }, window.location.origin);
            window.close();
          } catch (error) {
            say(find("error"), word("error." + error.code, {}, "error.other"));
            button.disabled = false;
            find("token").focus();
          }
        });
        """#
}
