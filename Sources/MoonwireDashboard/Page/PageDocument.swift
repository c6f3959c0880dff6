/// The documents of a dashboard app. All words in them are filled in by the scripts, in the reader's language.
enum PageDocument {
    /// The first script stands before everything else: the platform's page speaks once, and early.
    static let app = #"""
        <!doctype html>
        <html lang="en" data-view="loading">
        <head>
        <meta charset="utf-8">
        <script src="$BASE/early.js"></script>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Moonwire</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="$BASE/app.css">
        <script type="module" src="$BASE/app.js"></script>
        </head>
        <body>
        <header class="top" id="top" hidden>
          <span class="avatar" id="avatar" aria-hidden="true"></span>
          <div class="who">
            <h1 id="client-name"></h1>
            <p class="line" id="client-line"></p>
          </div>
          <span class="chip" id="status"></span>
        </header>

        <div class="banner" id="alert" role="alert" hidden></div>

        <main>
        <section class="state" id="loading" role="status"><span class="moon" aria-hidden="true"></span><p data-text="loading"></p></section>

        <section class="state" id="notice" hidden>
          <span class="moon" aria-hidden="true"></span>
          <h2 id="notice-title" tabindex="-1"></h2>
          <p id="notice-text"></p>
          <button type="button" class="primary" id="retry" data-text="retry"></button>
        </section>

        <section class="state" id="sign-in" hidden aria-labelledby="sign-in-title">
          <span class="moon" aria-hidden="true"></span>
          <h2 id="sign-in-title" tabindex="-1" data-text="signIn"></h2>
          <p id="sign-in-text" data-text="signInWhy"></p>
          <button type="button" class="primary" id="login" data-text="signInButton" hidden></button>
          <form id="pair" hidden>
            <label for="pair-code" data-text="pairLabel"></label>
            <span class="row"><input id="pair-code" name="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="24" required>
            <button type="submit" data-text="pairButton"></button></span>
          </form>
          <p class="error" id="sign-in-error" role="alert"></p>
        </section>

        <div id="session" hidden>
          <section class="card now" id="now" aria-labelledby="now-title">
            <div class="title"><h2 id="now-title" data-text="now"></h2><span class="chip" id="owner"></span></div>
            <div id="now-body"></div>
            <div class="buttons" id="acts" role="group"></div>
            <form class="handover" id="handover" hidden>
              <label for="target" data-text="handoverTo"></label>
              <span class="row"><select id="target"></select><button type="submit" data-text="handover"></button></span>
            </form>
          </section>
          <div id="panels"></div>
          <section class="card" id="steps-card" aria-labelledby="steps-title">
            <h2 id="steps-title" data-text="steps"></h2>
            <ol class="steps" id="steps"></ol>
          </section>
        </div>

        <section class="card" id="messages-card" aria-labelledby="messages-title" hidden>
          <h2 id="messages-title" data-text="messages"></h2>
          <ul class="messages" id="messages"></ul>
        </section>
        </main>

        <footer>
          <span id="agent"></span>
          <button type="button" class="link" id="sign-out" data-text="signOut" hidden></button>
          <label class="language"><span class="hidden" data-text="language"></span><select id="language">
            <option value="ar" lang="ar">العربية</option><option value="en" lang="en">English</option>
            <option value="es" lang="es">Español</option><option value="ru" lang="ru">Русский</option>
          </select></label>
        </footer>
        <p class="hidden" id="live" role="status" aria-live="polite"></p>
        </body>
        </html>
        """#

    static let login = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <script src="$BASE/early.js"></script>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Moonwire</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="$BASE/app.css">
        <script type="module" src="$BASE/login.js"></script>
        </head>
        <body>
        <main>
        <section class="state">
          <span class="moon" aria-hidden="true"></span>
          <h1 data-text="signIn"></h1>
          <p data-text="loginWhy"></p>
          <form id="form">
            <label for="token" data-text="loginLabel"></label>
            <input id="token" type="password" name="token" autocomplete="off" spellcheck="false" maxlength="512" required aria-describedby="where">
            <p class="line" id="where" data-text="loginWhere"></p>
            <button type="submit" class="primary" data-text="signInButton"></button>
          </form>
          <p class="error" id="error" role="alert"></p>
        </section>
        </main>
        </body>
        </html>
        """#
}
