"use strict";
// What a script makes better. Every page works without it.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const errors = document.getElementById("errors");
  if (errors) errors.focus();

  // A form is sent once, however often the button is pressed; whoever comes back to it may send it again.
  for (const form of all("form")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
  }

  // Show a password.
  for (const button of all("[data-show]")) {
    const field = document.getElementById(button.dataset.show);
    const names = [button.textContent, button.dataset.hide];
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.textContent = names[shown ? 0 : 1];
      button.setAttribute("aria-pressed", String(!shown));
    });
    if (field.form) field.form.addEventListener("submit", () => { field.type = "password"; });
  }

  // A code that is pasted with the words around it.
  for (const field of all("input.code")) {
    field.addEventListener("paste", (event) => {
      const found = /(?:^|\D)(\d{4,10})(?!\d)/.exec(event.clipboardData.getData("text"));
      if (!found) return;
      event.preventDefault();
      field.value = found[1];
    });
  }

  // Rules that are ticked off, as the library judges them.
  const rules = {
    too_short: (text, min) => [...text].length >= min,
    no_digit: (text) => /\p{Nd}/u.test(text),
    no_upper: (text) => /\p{Lu}/u.test(text),
    no_lower: (text) => /\p{Ll}/u.test(text),
    no_special: (text) => /[^\p{L}\p{N}]/u.test(text),
  };
  for (const list of all("[data-rules]")) {
    const field = document.getElementById(list.dataset.rules);
    const tick = () => {
      for (const line of all("[data-rule]", list)) {
        const met = rules[line.dataset.rule](field.value.normalize("NFC"), Number(list.dataset.min));
        line.classList.toggle("ok", met);
        line.querySelector(".met").hidden = !met;
      }
    };
    field.addEventListener("input", tick);
    tick();
  }

  // Faible, moyen, fort: measured by the library, a moment after the last key.
  for (const meter of all("[data-meter]")) {
    const field = document.getElementById(meter.dataset.meter);
    const says = meter.querySelector("[data-says]");
    let timer = 0;
    let asked = 0;
    const show = (strength) => {
      if (strength) meter.dataset.now = strength; else delete meter.dataset.now;
      for (const word of all("li", meter)) {
        const now = word.dataset.strength === strength;
        word.classList.toggle("now", now);
        if (now) says.textContent = says.dataset.says.replace("{}", word.textContent);
      }
    };
    const measure = async () => {
      const number = ++asked;
      if (!field.value) return show("");
      try {
        const body = new URLSearchParams({ token: meter.dataset.token, password: field.value });
        const answer = await fetch(meter.dataset.address, { method: "POST", body, credentials: "same-origin" });
        if (answer.ok && number === asked) show((await answer.json()).strength);
      } catch { /* Without an answer there is no meter: the rules are still judged when the form is sent. */ }
    };
    meter.hidden = false;
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(measure, 300); });
  }

  // Time left, counted down from the server's moment; said aloud five minutes, one minute before the end, and at it.
  for (const line of all("[data-until]")) {
    const left = Date.parse(line.dataset.until) - Date.parse(line.dataset.now);
    const began = performance.now();
    const warning = line.querySelector(".warning");
    const shown = line.querySelector(".left");
    const units = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
    const words = (seconds) => {
      const [size, unit] = units.find(([each]) => seconds >= 2 * each) || units[3];
      const format = { style: "unit", unit, unitDisplay: "long" };
      return new Intl.NumberFormat(document.documentElement.lang, format).format(Math.floor(seconds / size));
    };
    const marks = [[300, "warning"], [60, "warning"], [0, "over"]];
    const tick = () => {
      const seconds = Math.max(0, Math.floor((left - (performance.now() - began)) / 1000));
      if (Number.isNaN(seconds)) return;
      shown.textContent = line.dataset.says.replace("{}", words(seconds));
      while (marks.length && seconds <= marks[0][0]) {
        const said = marks.shift()[1];
        warning.textContent = line.dataset[said].replace("{}", words(seconds));
      }
      if (seconds > 0) setTimeout(tick, seconds > 120 ? 5000 : 1000);
    };
    tick();
  }
})();
