extension PageScript {
    /// The words of the page, and in which language.
    static let texts =
        "const words = { en: \(english), ar: \(arabic), es: \(spanish), ru: \(russian) };\n" + speaking

    private static let speaking = #"""
        const { config } = window.moonwire;
        const key = "moonwire.language";
        let current = first();

        function first() {
          let chosen = null;
          try { chosen = window.localStorage.getItem(key); } catch { /* the browser keeps nothing for embedded pages */ }
          const wanted = [chosen, config.language, ...(navigator.languages ?? [])];
          for (const one of wanted) {
            const short = (one ?? "").toLowerCase().split("-")[0];
            if (short in words) return short;
          }
          return "en";
        }

        export const language = () => current;
        export const has = (name) => name in words[current] || name in words.en;

        export function chooseLanguage(name) {
          if (!(name in words)) return;
          current = name;
          try { window.localStorage.setItem(key, name); } catch { /* then for this page only */ }
        }

        /// A text with its `{names}` filled in. Plain text: whoever draws it makes a text node of it.
        export function word(name, values = {}, otherwise = null) {
          const known = has(name) ? name : otherwise ?? name;
          const text = words[current][known] ?? words.en[known] ?? known;
          return text.replace(/\{(\w+)\}/g, (all, value) => values[value] ?? all);
        }

        /// Fills in everything that the document itself says.
        export function speak() {
          document.documentElement.lang = current;
          document.documentElement.dir = current === "ar" ? "rtl" : "ltr";
          for (const element of document.querySelectorAll("[data-text]")) element.textContent = word(element.dataset.text);
        }
        """#

    private static let english = #"""
        {
          loading: "Waiting for the conversation…", retry: "Try again", cancel: "Cancel", language: "Language",
          outsideTitle: "Open a conversation", outsideText: "This page works inside the dashboard, beside an open conversation. It has not been told which one is open.",
          refusedTitle: "Nothing to see here", refusedText: "The bot does not work in this conversation, or it is not one of yours.",
          troubleTitle: "The bot does not answer", troubleText: "The page will try again by itself.",
          tooManyTitle: "One moment", tooManyText: "Too many tries. The page will try again by itself.",
          signIn: "Sign in", signInAgain: "Sign in again", signInWhy: "The bot shows its work to people who work in this account.",
          signInButton: "Sign in", pairLabel: "Code from your administrator", pairButton: "Use code", popupBlocked: "The browser did not open the sign-in window. Allow windows for this page.",
          noCookie: "The browser keeps nothing for this page. Allow cookies for it, then sign in again.",
          loginWhy: "Use your own access token of the platform. It is checked once and not kept.", loginLabel: "Access token", loginWhere: "In the platform: Profile settings, Access token.",
          signedInAs: "Signed in as {who}", signOut: "Sign out", readOnly: "Read only", nobody: "Unknown client", client: "Client", us: "Us",
          now: "The bot now", steps: "Last steps", messages: "Last messages", private: "private note", inCharge: "In charge",
          waitsForAnswer: "Waits for an answer to", waitsForEvent: "Waits for", sleeps: "Sleeps", waitsForNothing: "The bot waits for nothing in this conversation.",
          sinceWhen: "asked", untilWhen: "until {when}", pausedBy: "Paused by {who}", pause: "Pause the bot", resume: "Resume the bot",
          handover: "Hand over", handoverTo: "Hand the conversation over to", groups: "Teams", people: "People",
          "owner.bot": "The bot", "owner.operator": "An operator", "owner.queue": "The queue", "owner.platform_bot": "A bot of the platform",
          "status.open": "Open", "status.resolved": "Resolved", "status.closed": "Closed", "status.pending": "Pending", "status.snoozed": "Snoozed",
          "step.session:reply": "Replied", "step.session:ask": "Asked", "step.session:ask (answer)": "Answer", "step.session:ask (hint)": "Asked again",
          "step.session:wait_for": "Waited", "step.bot.any": "Waited", "step.bot.sleep": "Slept", "step.session:note": "Wrote a note", "step.session:attach": "Sent a file",
          "step.session:quick_replies": "Offered buttons", "step.session:transfer": "Handed over", "step.host:handover": "Handed over", "step.session:close": "Closed the conversation",
          "step.session:reopen": "Opened the conversation", "step.session:label": "Set labels", "step.session:unlabel": "Took labels away", "step.session:set": "Set attributes",
          "step.session:take": "Took the conversation", "step.session:refresh": "Looked again", "step.session:messages": "Read messages", "step.client:update": "Changed the client",
          "step.bot.http.get": "Asked another system", "step.bot.http.post": "Told another system", "step.bot.http.request": "Called another system", "step.failed": "Failed",
          "reason.timeout": "No answer in time", "reason.cancelled": "Cancelled by the client", "reason.expired": "Took too long", "reason.transferred": "Handed over", "reason.closed": "Closed",
          "reason.retired": "Ended by an update", "done.pause": "The bot is paused.", "done.resume": "The bot works again.", "done.handover": "The conversation was handed over.", "done.other": "Done.",
          nobodyListens: "No script does anything with this.", "error.script": "The script could not do it. The administrators have been told.", "error.scope": "You may not do that.",
          "error.platform": "The platform does not answer. Try again.", "error.journal": "The host cannot write now. Try again.", "error.network": "No connection to the host. Try again.",
          "error.no_such_action": "Nothing offers this any more.", "error.wrong_code": "The code is not known, or its time is over.", "error.wrong_token": "This access token belongs to nobody of this account.",
          "error.too_many": "Too many tries. Wait a minute.", "error.no_opener": "The page that wanted this is gone. Close this window and sign in from there.", "error.other": "That did not work. Try again.",
        }
        """#

    private static let arabic = #"""
        {
          loading: "في انتظار المحادثة…", retry: "حاول مرة أخرى", cancel: "إلغاء", language: "اللغة",
          outsideTitle: "افتح محادثة", outsideText: "تعمل هذه الصفحة داخل لوحة التحكم بجانب محادثة مفتوحة، ولم تُخبَر بعد أي محادثة هي المفتوحة.",
          refusedTitle: "لا شيء هنا", refusedText: "البوت لا يعمل في هذه المحادثة، أو أنها ليست من محادثاتك.",
          troubleTitle: "البوت لا يجيب", troubleText: "ستحاول الصفحة مرة أخرى من تلقاء نفسها.",
          tooManyTitle: "لحظة من فضلك", tooManyText: "محاولات كثيرة. ستحاول الصفحة مرة أخرى من تلقاء نفسها.",
          signIn: "تسجيل الدخول", signInAgain: "سجّل الدخول مرة أخرى", signInWhy: "يعرض البوت عمله لمن يعملون في هذا الحساب.",
          signInButton: "تسجيل الدخول", pairLabel: "الرمز الذي أعطاك إياه المسؤول", pairButton: "استخدم الرمز", popupBlocked: "لم يفتح المتصفح نافذة تسجيل الدخول. اسمح بالنوافذ لهذه الصفحة.",
          noCookie: "لا يحفظ المتصفح شيئًا لهذه الصفحة. اسمح لها بملفات تعريف الارتباط ثم سجّل الدخول مرة أخرى.",
          loginWhy: "استخدم رمز الوصول الخاص بك في المنصة. يُتحقَّق منه مرة واحدة ولا يُحفظ.", loginLabel: "رمز الوصول", loginWhere: "في المنصة: إعدادات الملف الشخصي، رمز الوصول.",
          signedInAs: "مسجّل باسم {who}", signOut: "تسجيل الخروج", readOnly: "للقراءة فقط", nobody: "عميل غير معروف", client: "العميل", us: "نحن",
          now: "البوت الآن", steps: "آخر الخطوات", messages: "آخر الرسائل", private: "ملاحظة خاصة", inCharge: "المسؤول عن المحادثة",
          waitsForAnswer: "ينتظر جوابًا عن", waitsForEvent: "ينتظر", sleeps: "في سبات", waitsForNothing: "لا ينتظر البوت شيئًا في هذه المحادثة.",
          sinceWhen: "سأل", untilWhen: "حتى {when}", pausedBy: "أوقفه {who} مؤقتًا", pause: "أوقف البوت مؤقتًا", resume: "استأنف عمل البوت",
          handover: "سلّم المحادثة", handoverTo: "سلّم المحادثة إلى", groups: "الفرق", people: "الأشخاص",
          "owner.bot": "البوت", "owner.operator": "موظف", "owner.queue": "قائمة الانتظار", "owner.platform_bot": "بوت المنصة",
          "status.open": "مفتوحة", "status.resolved": "محلولة", "status.closed": "مغلقة", "status.pending": "معلّقة", "status.snoozed": "مؤجلة",
          "step.session:reply": "أجاب", "step.session:ask": "سأل", "step.session:ask (answer)": "الجواب", "step.session:ask (hint)": "سأل مرة أخرى",
          "step.session:wait_for": "انتظر", "step.bot.any": "انتظر", "step.bot.sleep": "نام", "step.session:note": "كتب ملاحظة", "step.session:attach": "أرسل ملفًا",
          "step.session:quick_replies": "عرض أزرارًا", "step.session:transfer": "سلّم المحادثة", "step.host:handover": "سلّم المحادثة", "step.session:close": "أغلق المحادثة",
          "step.session:reopen": "فتح المحادثة", "step.session:label": "وضع وسومًا", "step.session:unlabel": "أزال وسومًا", "step.session:set": "ضبط الخصائص",
          "step.session:take": "استلم المحادثة", "step.session:refresh": "نظر مرة أخرى", "step.session:messages": "قرأ الرسائل", "step.client:update": "عدّل بيانات العميل",
          "step.bot.http.get": "سأل نظامًا آخر", "step.bot.http.post": "أبلغ نظامًا آخر", "step.bot.http.request": "اتصل بنظام آخر", "step.failed": "فشل",
          "reason.timeout": "لم يصل جواب في الوقت المحدد", "reason.cancelled": "ألغاه العميل", "reason.expired": "طال أكثر من اللازم", "reason.transferred": "سُلّمت المحادثة", "reason.closed": "أُغلقت",
          "reason.retired": "أنهاه تحديث", "done.pause": "أُوقف البوت مؤقتًا.", "done.resume": "عاد البوت إلى العمل.", "done.handover": "سُلّمت المحادثة.", "done.other": "تم.",
          nobodyListens: "لا يوجد نص برمجي يتعامل مع هذا.", "error.script": "لم يستطع النص البرمجي تنفيذ ذلك. أُبلغ المسؤولون.", "error.scope": "لا يُسمح لك بذلك.",
          "error.platform": "المنصة لا تجيب. حاول مرة أخرى.", "error.journal": "لا يستطيع المضيف الكتابة الآن. حاول مرة أخرى.", "error.network": "لا اتصال بالمضيف. حاول مرة أخرى.",
          "error.no_such_action": "لم يعد هذا معروضًا.", "error.wrong_code": "الرمز غير معروف أو انتهت مدته.", "error.wrong_token": "رمز الوصول هذا لا يخص أحدًا في هذا الحساب.",
          "error.too_many": "محاولات كثيرة. انتظر دقيقة.", "error.no_opener": "الصفحة التي طلبت هذا لم تعد موجودة. أغلق هذه النافذة وسجّل الدخول من هناك.", "error.other": "لم ينجح ذلك. حاول مرة أخرى.",
        }
        """#
}
