// The hosted page: hands the verification token of the link to Verify Token and says what came of it.
"use strict";

(() => {
  const card = document.getElementById("card");
  const form = document.getElementById("form");
  const button = form.querySelector("button");
  const used = ["This link was used already",
    "If your screen shows that you are signed in, all is well. If not, ask for a new link on the screen."];
  const expired = ["This link has expired", "Go back to your screen and ask for a new one."];
  const invalid = ["This link is not valid",
    "Maybe the mail program cut it. Open it from the mail again, or ask for a new link on your screen."];
  const refused = ["You cannot be signed in",
    "Your address is right, but this account may not sign in here. Please ask the operator of the site."];
  const trouble = ["Something is wrong with the service", "Please try again in a minute."];
  // The same words stand in hosted.py, for the same codes.
  const words = {973: invalid, 974: used, 975: expired, 979: expired, 1063: invalid, 1137: used, 1138: used};

  function show(kind, [title, text], code = "") {
    card.className = "card " + kind;
    document.title = title;
    document.getElementById("title").textContent = title;
    document.getElementById("text").textContent = text;
    document.getElementById("code").textContent = code;
    form.hidden = kind !== "again";
  }

  function parameter(...names) {
    // Names in any case, as in the API.
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (names.includes(name.toLowerCase()) && value) return value;
    }
    return "";
  }

  async function verify() {
    const token = parameter("vtoken", "verificationtoken");
    if (!token) return show("bad", invalid);
    show("busy", ["One moment", "Your link is being checked."]);
    const query = new URLSearchParams({apikey: card.dataset.key, verificationtoken: token});
    let response, answer;
    try {
      response = await fetch("identity/v2/auth/email/smartlogin?" + query, {
        cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(15000)});
      answer = await response.json();
    } catch {
      return show("again", response ? trouble : ["No connection", "The service cannot be reached from here. Please try again."]);
    }
    if (response.ok && answer.IsVerified) {
      return show("good", ["You are signed in on " + card.dataset.screen, "You can go back to your screen."]);
    }
    if (response.status === 429 || response.status >= 500) return show("again", trouble, "Code " + answer.ErrorCode);
    show("bad", words[answer.ErrorCode] || refused, "Code " + answer.ErrorCode);
  }

  button.textContent = "Try again";
  form.addEventListener("submit", (event) => { event.preventDefault(); verify(); });
  verify();
})();
