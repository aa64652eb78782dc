// The conversation of the chat page. It lives in this page's memory only: nothing is stored in the browser.
"use strict";

(() => {
  const log = document.getElementById("log");
  const turns = document.getElementById("turns");
  const composer = document.getElementById("composer");
  const input = document.getElementById("text");
  const words = log.dataset;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  // How long the dots show at least, in milliseconds: an answer that is there before one has looked up is missed.
  const BEAT = 350;
  // How long an answer may take, in milliseconds.
  const REQUEST_TIMEOUT = 20000;

  let session;
  let judged = 0;
  // Messages go one after the other, so that each is answered in the light of the one before.
  let queue = Promise.resolve();

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function turn(who, speaker) {
    const made = element("div", "turn " + who);
    const bubble = element("div", "bubble");
    bubble.append(element("span", "unseen", speaker));
    made.append(bubble);
    return made;
  }

  // Brings the newest turn into view; from its question on, so that a long answer is read from its start.
  function reveal(question) {
    const bottom = log.scrollHeight - log.clientHeight;
    const top = question ? Math.min(question.offsetTop - 12, bottom) : bottom;
    log.scrollTo({ top, behavior: calm.matches ? "auto" : "smooth" });
  }

  function showQuestion(text) {
    const made = turn("you", words.you);
    made.firstChild.append(text);
    turns.append(made);
    reveal(made);
    return made;
  }

  // Whatever answers a question stands right below it, also when the next one has been asked meanwhile.
  function showWriting(question) {
    const made = element("div", "turn bot");
    const bubble = element("div", "bubble writing");
    bubble.append(element("i"), element("i"), element("i"), element("span", "unseen", words.writing));
    made.append(bubble);
    question.closest(".turn").after(made);
    return made;
  }

  // The guide as this page reaches it, where a link names it as the outside does.
  function near(url) {
    const guide = words.guide;
    return guide && (url === guide || url.startsWith(guide + "#")) ? "guide" + url.slice(guide.length) : url;
  }

  function opener(link) {
    const url = link.getAttribute("href");
    link.href = near(url);
    if (link.textContent === url && near(url) !== url) link.textContent = words.openGuide;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(element("span", "unseen", " (" + words.newTab + ")"));
  }

  function chip(button) {
    if (button.url) {
      const link = element("a", "chip open", button.label);
      link.setAttribute("href", button.url);
      opener(link);
      return link;
    }
    const made = element("button", button.payload === "none-of-these" ? "chip quiet" : "chip", button.label);
    made.type = "button";
    made.dataset.payload = button.payload;
    return made;
  }

  function judge(buttons) {
    const made = element("div", "judge");
    made.setAttribute("role", "group");
    const label = element("span", "", words.judge);
    label.id = "judge-" + ++judged;
    made.setAttribute("aria-labelledby", label.id);
    made.append(label);
    for (const button of buttons) {
      const [verdict, entry] = button.payload.split(":");
      const press = element("button", "", button.label);
      press.type = "button";
      press.dataset.judged = entry;
      press.dataset.verdict = verdict;
      press.setAttribute("aria-label", verdict === "helpful" ? words.helpful : words.unhelpful);
      press.setAttribute("aria-pressed", "false");
      made.append(press);
    }
    return made;
  }

  const isVerdict = (button) => /^(un)?helpful:/.test(button.payload || "");

  function replyTurn(reply) {
    const made = turn("bot", words.bot);
    // The server has escaped what is in it.
    made.firstChild.insertAdjacentHTML("beforeend", reply.html);
    made.firstChild.querySelectorAll("a[href]").forEach(opener);
    const links = reply.buttons.filter((button) => button.url);
    const verdicts = reply.buttons.filter(isVerdict);
    const others = reply.buttons.filter((button) => !button.url && !isVerdict(button));
    if (links.length > 0) group(made, "buttons", links);
    if (others.length > 0) group(made, reply.outcome === "suggest" ? "buttons list" : "buttons", others);
    if (verdicts.length > 0) made.append(judge(verdicts));
    return made;
  }

  function group(made, className, buttons) {
    const row = element("div", className);
    row.append(...buttons.map(chip));
    made.append(row);
  }

  function failureTurn(failure, again) {
    const made = turn("bot alarm", words.bot);
    made.firstChild.append(words[failure]);
    if (failure !== "refused") {
      const row = element("div", "buttons");
      const retry = element("button", "chip alarm-retry", words.retry);
      retry.type = "button";
      retry.addEventListener("click", () => {
        // The button goes away; whoever pressed it by keyboard should not fall out of the page.
        if (document.activeElement === retry) log.focus({ preventScroll: true });
        made.remove();
        again();
      });
      row.append(retry);
      made.append(row);
    }
    return made;
  }

  async function post(path, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), REQUEST_TIMEOUT);
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(session ? { ...body, session } : body),
        signal: abort.signal,
      });
      if (response.ok) return { reply: await response.json() };
      if (response.status === 429) return { failure: "busy" };
      return { failure: response.status < 500 ? "refused" : "failed" };
    } catch {
      return { failure: "offline" };
    } finally {
      clearTimeout(timer);
    }
  }

  const pause = (time) => new Promise((done) => setTimeout(done, calm.matches ? 0 : time));

  // Sends, waits its turn, and shows what comes; `question` is the bubble that it answers.
  function send(path, body, question) {
    queue = queue.then(async () => {
      const writing = showWriting(question);
      reveal(question);
      const [result] = await Promise.all([post(path, body), pause(BEAT)]);
      if (result.reply) {
        session = result.reply.session;
        writing.replaceWith(replyTurn(result.reply));
      } else {
        writing.replaceWith(failureTurn(result.failure, () => send(path, body, question)));
      }
      reveal(question);
    });
  }

  function submit() {
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    grow();
    send("api/ask", { text }, showQuestion(text));
  }

  function grow() {
    input.style.height = "auto";
    input.style.height = input.scrollHeight + 2 + "px";
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    // While an input method composes a word, Enter belongs to it (code 229 where the browser does not say so).
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      submit();
    }
  });

  log.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.payload) {
      send("api/ask", { text: pressed.dataset.payload }, showQuestion(pressed.textContent));
    } else if (pressed.dataset.judged) {
      const helpful = pressed.dataset.verdict === "helpful";
      for (const button of pressed.parentElement.querySelectorAll("button")) button.disabled = true;
      pressed.setAttribute("aria-pressed", "true");
      send("api/feedback", { entry: pressed.dataset.judged, helpful }, pressed.parentElement);
    }
  });

  // Where the on-screen keyboard lies over the page, the page shrinks to what is left of the screen.
  const seen = window.visualViewport;
  if (seen) {
    const fit = () => {
      // A page that is magnified by two fingers has a small visual viewport as well, and must stay as it is.
      if (Math.abs(seen.scale - 1) > 0.01) return;
      document.documentElement.style.setProperty("--visible-height", seen.height + "px");
      window.scrollTo(0, 0);
    };
    seen.addEventListener("resize", fit);
    fit();
  }

  // A keyboard would cover half of a phone's screen before anything has been read.
  if (window.matchMedia("(pointer: fine)").matches) input.focus({ preventScroll: true });
})();
