// The mailbox: asks for news every two seconds while it is seen, and puts new mails on top.
"use strict";

(() => {
  const list = document.getElementById("mails");
  const state = document.getElementById("state");
  let tag = "";

  function localTimes() {
    for (const time of list.querySelectorAll("time:not([data-local])")) {
      time.textContent = new Date(time.dateTime).toLocaleString();
      time.dataset.local = "yes";
    }
  }

  function merge(fresh) {
    // Mails that are shown already stay as they are: what a person has unfolded remains unfolded.
    const shown = new Map([...list.querySelectorAll("article")].map((mail) => [mail.id, mail]));
    const mails = [...fresh.children].map((mail) => shown.get(mail.id) || document.importNode(mail, true));
    list.replaceChildren(...mails);
    localTimes();
  }

  async function look() {
    if (document.hidden) return;
    try {
      const response = await fetch("mailbox", {cache: "no-store", headers: tag ? {"If-None-Match": tag} : {}});
      if (response.status === 200) {
        tag = response.headers.get("etag") || "";
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        merge(page.getElementById("mails"));
      }
      state.textContent = "";
    } catch {
      state.textContent = "The service does not answer just now.";
    }
  }

  localTimes();
  setInterval(look, 2000);
  document.addEventListener("visibilitychange", look);
})();
