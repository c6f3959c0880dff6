extension ChatPage {
    static let style = #"""
        :root {
          --ground: #f3f4f8; --pane: #fff; --edge: #dfe2ea; --text: #171a26; --dim: #5d6476;
          --accent: #4f46e5; --on-accent: #fff; --theirs: #eef0f6; --note: #fff3cd; --note-text: #5c4400;
          --good: #15803d; --bad: #b91c1c; --radius: 14px;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0d0f17; --pane: #161925; --edge: #2a2f40; --text: #e8eaf2; --dim: #9aa2b8;
            --accent: #7c75ff; --on-accent: #0b0b18; --theirs: #232838; --note: #3b3212; --note-text: #f6e3a1;
            --good: #4ade80; --bad: #f87171;
          }
        }
        * { box-sizing: border-box; }
        html, body { height: 100%; margin: 0; }
        body {
          display: flex; flex-direction: column; background: var(--ground); color: var(--text);
          font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
        }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .bar { display: flex; align-items: center; gap: 16px; padding: 12px 20px; }
        .brand { display: flex; align-items: center; gap: 9px; font-weight: 700; letter-spacing: -.01em; }
        .dim { color: var(--dim); font-weight: 400; }
        .moon {
          width: 18px; height: 18px; border-radius: 50%; background: transparent;
          box-shadow: inset -6px -3px 0 0 var(--accent); transform: rotate(-15deg);
        }
        .tabs { display: none; margin-left: auto; gap: 4px; padding: 3px; border-radius: 999px; background: var(--theirs); }
        .tabs button { border: 0; background: none; padding: 6px 14px; border-radius: 999px; color: var(--dim); }
        .tabs button[aria-pressed="true"] { background: var(--pane); color: var(--text); font-weight: 600; }
        main {
          flex: 1; min-height: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 16px;
          padding: 0 20px 20px; width: 100%; max-width: 1280px; margin: 0 auto;
        }
        .pane {
          display: flex; flex-direction: column; min-height: 0; min-width: 0; background: var(--pane);
          border: 1px solid var(--edge); border-radius: var(--radius); overflow: hidden;
        }
        .head, .actions { display: flex; align-items: center; gap: 12px; padding: 12px 16px; border-bottom: 1px solid var(--edge); }
        .actions { padding: 8px 16px; flex-wrap: wrap; }
        .actions #resolve { margin-left: auto; }
        .who { flex: 1; min-width: 0; }
        h1 { font-size: 16px; margin: 0; }
        .line { margin: 0; color: var(--dim); font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .line::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; background: var(--bad); }
        .line.live::before { background: var(--good); }
        .field { display: inline-flex; align-items: center; gap: 6px; color: var(--dim); font-size: 13px; min-width: 0; }
        button, select, textarea, input { font: inherit; color: inherit; }
        button { cursor: pointer; }
        select, .quiet {
          min-height: 34px; padding: 4px 10px; border: 1px solid var(--edge); border-radius: 9px; background: var(--pane);
          color: var(--text); font-size: 13px; max-width: 100%;
        }
        select { text-overflow: ellipsis; }
        .quiet:hover, select:hover { border-color: var(--accent); }
        .log {
          flex: 1; min-height: 0; margin: 0; padding: 16px; overflow-y: auto; list-style: none;
          display: flex; flex-direction: column; gap: 8px;
        }
        .log li { display: flex; flex-direction: column; max-width: 82%; align-self: flex-start; align-items: flex-start; overflow-wrap: anywhere; }
        .log li.own { align-self: flex-end; align-items: flex-end; }
        .log .name { color: var(--dim); font-size: 12px; margin: 0 6px 2px; }
        .bubble { padding: 8px 13px; border-radius: 16px 16px 16px 5px; background: var(--theirs); white-space: pre-wrap; }
        .own .bubble { background: var(--accent); color: var(--on-accent); border-radius: 16px 16px 5px 16px; }
        .note .bubble { background: var(--note); color: var(--note-text); border-radius: 10px; }
        .log li.activity { align-self: center; max-width: 92%; color: var(--dim); font-size: 12.5px; text-align: center; }
        .log li.empty { margin: auto; text-align: center; color: var(--dim); }
        .gone .bubble { font-style: italic; opacity: .7; }
        .bubble a { color: inherit; }
        .choices { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; }
        .choices button {
          min-height: 34px; padding: 4px 14px; border: 1.5px solid var(--accent); border-radius: 999px; background: none;
          color: var(--accent); font-weight: 600; font-size: 14px;
        }
        .choices button:hover:not(:disabled) { background: var(--accent); color: var(--on-accent); }
        .choices button:disabled { border-color: var(--edge); color: var(--dim); cursor: default; }
        .choices button.chosen, .choices button.chosen:disabled { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
        .own .choices { justify-content: flex-end; }
        .typing { min-height: 20px; margin: 0; padding: 0 18px; color: var(--dim); font-size: 13px; }
        .composer { display: flex; align-items: flex-end; gap: 8px; padding: 10px 12px 12px; border-top: 1px solid var(--edge); }
        .composer textarea {
          flex: 1; min-width: 0; min-height: 42px; max-height: 140px; padding: 9px 13px; resize: none;
          border: 1px solid var(--edge); border-radius: 12px; background: var(--ground);
        }
        .composer textarea:focus-visible { outline-width: 2px; outline-offset: 0; }
        .send { min-height: 42px; padding: 0 18px; border: 0; border-radius: 12px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
        .clip { position: relative; display: grid; place-items: center; width: 42px; height: 42px; border-radius: 12px; background: var(--theirs); font-size: 20px; cursor: pointer; }
        .clip input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
        .clip:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; }
        .clip.full { background: var(--accent); color: var(--on-accent); }
        .switch { display: inline-flex; align-items: center; gap: 6px; min-height: 42px; color: var(--dim); font-size: 14px; cursor: pointer; }
        .switch input { width: 18px; height: 18px; accent-color: var(--accent); }
        .noting textarea { background: var(--note); color: var(--note-text); }
        @media (max-width: 760px) {
          .tabs { display: flex; }
          .wide { display: none; }
          .bar { padding: 10px 12px; }
          main { grid-template-columns: 1fr; padding: 0 10px 10px; }
          main[data-shown="client"] #operator, main[data-shown="operator"] #client { display: none; }
          .head { flex-wrap: wrap; gap: 8px 12px; }
          .who { flex-basis: 100%; }
          .head .field { flex: 1; }
          .head .field select { flex: 1; min-width: 0; }
          .actions .field { flex: 1; }
          .actions .field span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .actions .field select { width: 100%; }
          .actions { flex-wrap: nowrap; }
          .actions, .composer { gap: 8px; }
          input, textarea { font-size: 16px; }
        }
        @media (prefers-reduced-motion: no-preference) { .log { scroll-behavior: smooth; } }
        """#
}
