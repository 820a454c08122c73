// The hosted page: sends its form by itself, or when a person has confirmed, and shows what the service answers.
// All words come from the service, in the language of the page.
"use strict";

(() => {
  const FOLLOW = 4000;
  const LONGEST = 15000;

  function show(card) {
    document.querySelector("main").replaceWith(card);
    document.title = card.querySelector("h1").textContent;
    enliven(card);
  }

  function prepared(name) {
    return document.getElementById(name).content.querySelector("main").cloneNode(true);
  }

  async function send(form, button) {
    // As the form itself would send it: the address still carries the verification token.
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.append(button.name, button.value);
    show(prepared("busy"));
    let page;
    try {
      const response = await fetch(location.href, {
        method: "POST", body, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(LONGEST)});
      page = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
    } catch {
      page = null;
    }
    show(page ? document.importNode(page, true) : prepared("offline"));
  }

  function enliven(card) {
    const form = card.querySelector("form");
    const go = card.querySelector("a[data-go]");
    if (form) form.addEventListener("submit", (event) => { event.preventDefault(); send(form, event.submitter); });
    if (form && "atOnce" in card.dataset) send(form);
    if (go) setTimeout(() => location.assign(go.href), FOLLOW);
  }

  enliven(document.querySelector("main"));
})();
