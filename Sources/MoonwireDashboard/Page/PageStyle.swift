/// How the pages look: one column that is good from 320 pixels on, light and dark, in both directions of writing.
enum PageStyle {
    static let text = #"""
        :root {
          color-scheme: light;
          --ground: #f6f7fb; --card: #ffffff; --ink: #1c2033; --dim: #5b6178; --line: #e2e5ee;
          --accent: #4f46e5; --accent-ink: #ffffff; --soft: #eef0ff; --soft-ink: #3730a3;
          --good: #0f766e; --good-soft: #d9f5ef; --warn: #92400e; --warn-soft: #fdf0d5; --bad: #b42318; --bad-soft: #fee9e7;
          --shadow: 0 1px 2px rgb(20 24 50 / .06), 0 4px 14px rgb(20 24 50 / .05);
        }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {
          color-scheme: dark;
          --ground: #12141d; --card: #1b1e2b; --ink: #e8eaf3; --dim: #a0a6bd; --line: #2c3042;
          --accent: #8b87ff; --accent-ink: #12141d; --soft: #272a47; --soft-ink: #c7c5ff;
          --good: #5fd6bf; --good-soft: #173b37; --warn: #f5c26b; --warn-soft: #3d2f16; --bad: #ff9b91; --bad-soft: #45211f;
          --shadow: 0 1px 2px rgb(0 0 0 / .4);
        } }
        :root[data-theme="dark"] {
          color-scheme: dark;
          --ground: #12141d; --card: #1b1e2b; --ink: #e8eaf3; --dim: #a0a6bd; --line: #2c3042;
          --accent: #8b87ff; --accent-ink: #12141d; --soft: #272a47; --soft-ink: #c7c5ff;
          --good: #5fd6bf; --good-soft: #173b37; --warn: #f5c26b; --warn-soft: #3d2f16; --bad: #ff9b91; --bad-soft: #45211f;
          --shadow: 0 1px 2px rgb(0 0 0 / .4);
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html { background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; }
        body {
          margin: 0 auto; max-width: 46rem; min-height: 100vh; display: flex; flex-direction: column; padding: .9rem;
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans Arabic", sans-serif;
          overflow-wrap: anywhere;
        }
        h1, h2, p, ol, ul { margin: 0; padding: 0; }
        h1 { font-size: 1.15rem; line-height: 1.3; }
        h2 { font-size: .95rem; line-height: 1.4; }
        main { flex: 1; display: grid; gap: .9rem; align-content: start; }
        #session { display: grid; gap: .9rem; }
        #panels { display: grid; gap: .9rem; }
        #panels:empty { display: none; }
        /* What runs the other way stands where its neighbours stand. */
        [dir="auto"] { text-align: -webkit-match-parent; text-align: match-parent; }
        button[dir] { text-align: center; }
        .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .line { color: var(--dim); font-size: .87rem; }

        .top { display: flex; align-items: center; gap: .75rem; padding: .2rem .1rem .9rem; }
        .top .who { flex: 1; min-inline-size: 0; }
        .avatar {
          flex: none; inline-size: 2.6rem; block-size: 2.6rem; border-radius: 50%; display: grid; place-items: center;
          background: linear-gradient(140deg, #6366f1, #a855f7); color: #fff; font-weight: 600; letter-spacing: .02em;
        }
        .chip {
          flex: none; display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .8rem; font-weight: 600;
          background: var(--soft); color: var(--soft-ink); white-space: nowrap;
        }
        .chip:empty { display: none; }
        .chip.good { background: var(--good-soft); color: var(--good); }
        .chip.warn { background: var(--warn-soft); color: var(--warn); }
        .chip.bad { background: var(--bad-soft); color: var(--bad); }

        .card {
          background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: .9rem 1rem;
          box-shadow: var(--shadow); display: grid; gap: .7rem;
        }
        .card .title { display: flex; align-items: center; justify-content: space-between; gap: .6rem; }
        .card h2 { color: var(--dim); font-weight: 600; }
        .wait { border-inline-start: 3px solid var(--accent); padding-inline-start: .75rem; display: grid; gap: .15rem; }
        .wait + .wait, .paused + .wait { margin-block-start: .7rem; }
        .wait .question { font-size: 1.05rem; font-weight: 500; white-space: pre-line; }
        .quiet { color: var(--dim); }
        .paused {
          background: var(--warn-soft); color: var(--warn); border-radius: .5rem; padding: .5rem .75rem; font-weight: 500;
        }

        .buttons, .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
        .buttons:empty { display: none; }
        button, input, select { font: inherit; color: inherit; }
        button {
          border: 1px solid var(--line); background: var(--card); border-radius: .5rem; padding: .45rem .85rem;
          font-weight: 600; cursor: pointer; min-block-size: 2.4rem;
        }
        button:hover { border-color: var(--accent); }
        button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
        button.danger { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 45%, var(--line)); }
        button:disabled { opacity: .55; cursor: progress; }
        button.link { border: 0; background: none; padding: .2rem; min-block-size: 0; font-weight: 500; text-decoration: underline; color: var(--dim); }
        input, select {
          border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); padding: .45rem .6rem;
          min-block-size: 2.4rem; min-inline-size: 0;
        }
        .row > input, .row > select { flex: 1 1 9rem; }
        :focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 65%, transparent); outline-offset: 2px; }
        .handover { display: grid; gap: .3rem; border-block-start: 1px solid var(--line); padding-block-start: .7rem; }
        .handover label, .state label { color: var(--dim); font-size: .87rem; }
        .confirm { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; background: var(--bad-soft); border-radius: .5rem; padding: .5rem .7rem; }
        .confirm span { flex: 1 1 10rem; }

        dl { margin: 0; display: grid; grid-template-columns: minmax(6rem, 30%) 1fr; gap: .35rem .9rem; }
        dt { color: var(--dim); font-size: .9rem; }
        dd { margin: 0; white-space: pre-line; }
        dd.wide { grid-column: 1 / -1; }

        .steps, .messages { list-style: none; display: grid; }
        .steps li { display: grid; grid-template-columns: 1rem 1fr auto; gap: .15rem .6rem; padding-block: .45rem; }
        .steps li + li, .messages li + li { border-block-start: 1px solid var(--line); }
        .steps .dot { inline-size: .6rem; block-size: .6rem; border-radius: 50%; background: var(--accent); margin-block-start: .45rem; }
        .steps .dot.waiting { background: none; border: 2px solid var(--accent); }
        .steps .dot.failed { background: var(--bad); }
        .steps .dot.event { background: var(--good); }
        .steps .what { min-inline-size: 0; }
        .steps .text, .messages .text { color: var(--dim); white-space: pre-line; }
        .steps time, .messages time { color: var(--dim); font-size: .82rem; white-space: nowrap; }
        .private { background: var(--warn-soft); color: var(--warn); border-radius: .3rem; padding: 0 .4rem; font-size: .78rem; font-weight: 600; }
        .messages li { display: grid; gap: .1rem; padding-block: .45rem; }
        .messages .head { display: flex; gap: .5rem; align-items: baseline; flex-wrap: wrap; }
        .messages .from { font-weight: 600; font-size: .9rem; }

        .state { display: grid; justify-items: center; text-align: center; gap: .7rem; padding: 2.4rem .6rem; }
        .state p { max-inline-size: 30rem; color: var(--dim); }
        .state form { display: grid; gap: .4rem; inline-size: min(100%, 22rem); text-align: start; }
        .state .error, .error { color: var(--bad); font-weight: 500; }
        .error:empty { display: none; }
        .moon { inline-size: 2.6rem; block-size: 2.6rem; border-radius: 50%; box-shadow: inset -.75rem -.1rem 0 0 var(--accent); transform: rotate(-25deg); }
        #loading .moon { animation: breathe 1.6s ease-in-out infinite alternate; }
        @keyframes breathe { from { opacity: .35; } to { opacity: 1; } }
        .banner { background: var(--bad-soft); color: var(--bad); border-radius: .6rem; padding: .55rem .8rem; margin-block-end: .9rem; font-weight: 500; }

        footer { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; color: var(--dim); font-size: .85rem; padding-block-start: 1rem; }
        footer .language { margin-inline-start: auto; }
        footer select { min-block-size: 2rem; padding: .15rem .4rem; }
        @media (max-width: 26rem) {
          body { padding: .7rem; }
          .buttons > button { flex: 1 1 auto; }
          dl { grid-template-columns: 1fr; gap: .1rem; }
          dd + dt { margin-block-start: .4rem; }
        }
        @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
        @media (forced-colors: active) { .steps .dot { border: 2px solid CanvasText; } button, .card { border: 1px solid; } }
        """#
}
