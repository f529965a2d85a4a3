"use strict";
// The phone, the mailbox and the letter-box beside the page, as they are now; looked at every other second.
(() => {
  const place = document.querySelector("[data-boxes]");
  if (!place) return;
  let shown = "";
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.boxes);
      const text = await answer.text();
      const same = text.replace(/<strong>[^<]*<\/strong>/, "");
      const busy = place.contains(document.activeElement) && document.activeElement.tagName === "INPUT";
      if (answer.ok && same !== shown && !busy) {
        const open = [...place.querySelectorAll("details")].map((each) => each.open);
        place.innerHTML = text;
        if (shown) place.querySelectorAll("details").forEach((each, number) => { each.open = open[number] ?? each.open; });
        shown = same;
      }
    } catch { /* The demonstration has ended. */ }
    setTimeout(look, 2000);
  };
  look();
  // What is pressed here happens without leaving the page beside it.
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target, event.submitter));
    await fetch(event.target.action, { method: "POST", body });
    if (event.target.action.endsWith("/clock")) location.reload();
    else place.innerHTML = await (await fetch(place.dataset.boxes)).text();
  });
})();
